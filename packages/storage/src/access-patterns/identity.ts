import { begin } from "@concord/core/edition";
import {
  LoginSessionId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PersonId,
  TenantId,
} from "@concord/core/id";
import type { PublicKeySet } from "@concord/core/login";
import type { Stores } from "./access-patterns.ts";
import {
  AT,
  type Exercise,
  event,
  exercise,
  FIRST_PAGE,
  idOf,
  NOW,
  SYSTEM,
  TENANT,
} from "./access-patterns.ts";
import {
  loginSession,
  newMember,
  newPartnerUser,
  recordedAnswer,
  tenant,
} from "./people-values.ts";
import { partner } from "./scoring-values.ts";

const keySet = (version: number): PublicKeySet => ({
  keys: [
    {
      ...{ kty: "RSA", kid: "key-1", use: "sig", alg: "RS256", n: "AQAB", e: "AQAB" },
      ...{ signsFrom: AT, withdrawnAt: null },
    },
  ],
  version,
});
const createTenant = ({ tenant: { tenant: own } }: Stores) =>
  own.create(
    tenant(),
    event("tenant.created"),
    newMember(),
    begin("enterprise", "active", SYSTEM, NOW),
  );
const addMember = ({ tenant: { members } }: Stores) => members.add(newMember());
const addPartner = ({ tenant: { partners } }: Stores) =>
  partners.save(partner(), event("partner.created"));
const addPartnerUser = async (stores: Stores) => {
  await addPartner(stores);
  await stores.tenant.partnerUsers.add(newPartnerUser());
};
const nothing = async () => undefined;

export const identityExercises: readonly Exercise[] = [
  exercise("AP-02", nothing, ({ tenant: { idempotency } }) =>
    idempotency.find(recordedAnswer().keyHash),
  ),

  exercise("AP-10", addPartner, ({ tenant: { partners } }) => partners.get(idOf(PartnerId))),
  exercise("AP-11", addPartner, ({ tenant: { partners } }) => partners.list(FIRST_PAGE)),
  exercise("AP-12", nothing, addPartner),
  exercise("AP-13", addPartner, ({ tenant: { partners } }) =>
    partners.save(partner({ region: "East", version: 2 }), event("partner.updated"), partner()),
  ),
  exercise("AP-14", addPartner, ({ tenant: { partners } }) => partners.getMany([idOf(PartnerId)])),
  exercise("AP-448", addPartner, ({ tenant: { partners } }) =>
    partners.managedBy(idOf(MemberId), FIRST_PAGE),
  ),
  exercise("AP-449", nothing, ({ tenant: { partners } }) =>
    partners.save(partner({ partnerManagerId: idOf(MemberId) }), event("partner.created")),
  ),
  exercise("AP-16", addMember, ({ tenant: { namedMembers } }) =>
    namedMembers.strangersAmong([idOf(MemberId)]),
  ),
  exercise("AP-15", addPartner, ({ tenant: { partners } }) =>
    partners.save(partner({ name: "Wingtip", version: 2 }), event("partner.updated"), partner()),
  ),

  exercise("AP-18", nothing, ({ system: { publicKeys } }) => publicKeys.get()),
  exercise("AP-19", nothing, ({ system: { publicKeys } }) => publicKeys.save(keySet(1))),
  exercise("AP-20", addMember, ({ tenant: { people } }) =>
    people.findPersonId(newMember().member.email),
  ),
  exercise("AP-21", addMember, ({ system: { people } }) => people.load(idOf(PersonId))),

  exercise("AP-22", addMember, ({ tenant: { members } }) => members.get(idOf(MemberId))),
  exercise("AP-23", addMember, ({ tenant: { members } }) => members.list(FIRST_PAGE)),
  exercise("AP-24", nothing, addMember),
  exercise(
    "AP-25",
    async ({ tenant: { members } }) => {
      const entry = newMember();
      await members.add(entry);
      await members.save({ ...entry.member, status: "ended", version: 2 }, event("member.ended"));
    },
    ({ tenant: { members } }) => {
      const again = newMember(1, true);
      const memberId = idOf(MemberId, 2);
      return members.add({
        ...again,
        member: { ...again.member, memberId },
        membership: { ...again.membership, membershipId: memberId },
      });
    },
  ),
  exercise("AP-26", addMember, ({ tenant: { members } }) =>
    members.save({ ...newMember().member, roles: ["viewer"], version: 2 }, event("member.changed")),
  ),
  exercise("AP-27", addMember, ({ tenant: { members } }) =>
    members.save({ ...newMember().member, status: "ended", version: 2 }, event("member.ended")),
  ),
  exercise("AP-28", addPartnerUser, ({ tenant: { partnerUsers } }) =>
    partnerUsers.get(idOf(PartnerUserId)),
  ),
  exercise("AP-29", addPartnerUser, ({ tenant: { partnerUsers } }) =>
    partnerUsers.listOf(idOf(PartnerId), FIRST_PAGE),
  ),
  exercise(
    "AP-30",
    async (stores) => {
      await addPartner(stores);
      await addMember(stores);
    },
    ({ tenant: { partnerUsers } }) => {
      const entry = newPartnerUser();
      const { personId } = newMember().member;
      return partnerUsers.add({
        ...entry,
        partnerUser: { ...entry.partnerUser, personId },
        membership: { ...entry.membership, personId },
        newPerson: undefined,
      });
    },
  ),
  exercise("AP-31", addPartnerUser, ({ tenant: { partnerUsers } }) =>
    partnerUsers.save(
      { ...newPartnerUser().partnerUser, roles: ["partner-user"], version: 2 },
      event("partner-user.changed"),
    ),
  ),

  exercise("AP-32", createTenant, ({ tenant: { tenant: own } }) => own.get()),
  exercise("AP-33", nothing, createTenant),
  exercise("AP-34", createTenant, ({ tenant: { tenant: own } }) =>
    own.save(tenant({ name: "Adatum", version: 2 }), event("tenant.updated")),
  ),
  exercise("AP-35", createTenant, ({ system: { tenants } }) => tenants.list(FIRST_PAGE)),
  exercise("AP-36", createTenant, ({ system: { tenants } }) =>
    tenants.find([TENANT, idOf(TenantId, 2)]),
  ),

  exercise("AP-37", addMember, ({ tenant: { loginSessions } }) =>
    loginSessions.create(loginSession()),
  ),
  exercise(
    "AP-38",
    ({ tenant: { loginSessions } }) => loginSessions.create(loginSession()),
    ({ tenant: { loginSessions } }) => loginSessions.end(idOf(MemberId), idOf(LoginSessionId)),
  ),
  exercise(
    "AP-39",
    async (stores) => {
      await addMember(stores);
      await stores.tenant.loginSessions.create(loginSession());
    },
    ({ tenant: { loginSessions } }) => loginSessions.find(idOf(MemberId), idOf(LoginSessionId)),
  ),
];
