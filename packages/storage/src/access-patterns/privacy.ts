import { ContributionId, InvitationId, MemberId, PartnerUserId, PersonId } from "@concord/core/id";
import type { Invitation } from "@concord/core/invitation";
import type { Person } from "@concord/core/person";
import type { SsoLink } from "@concord/core/single-sign-on";
import { systemKeys } from "../keys/index.ts";
import type { Stores } from "./access-patterns.ts";
import { AT, type Exercise, event, exercise, idOf } from "./access-patterns.ts";
import { signUp } from "./editions.ts";
import { invitation as invitationOf, newMember, newPartnerUser } from "./people-values.ts";
import { partner } from "./scoring-values.ts";

const nothing = async () => undefined;
const erased = {
  displayName: "Erased person",
  email: "mem_00000000000000000000000001@erased.invalid",
  status: "ended" as const,
  version: 2,
  erasedAt: AT,
};
const timer = (subject: string) => ({ kind: "membership-erasure", subject, dueAt: AT }) as const;

const addMember = ({ tenant: { members } }: Stores) => members.add(newMember());
const endMember = async (stores: Stores) => {
  await addMember(stores);
  const { member } = newMember();
  const ended = { ...member, status: "ended" as const, version: 2 };
  await stores.tenant.members.save(ended, event("member.ended"));
};
const addPartnerUser = async ({ tenant }: Stores) => {
  await tenant.partners.save(partner(), event("partner.created"));
  await tenant.partnerUsers.add(newPartnerUser());
};

const EMAIL = "grace.2@partner.example";
const invitation = (changes: Partial<Invitation> = {}): Invitation =>
  invitationOf({
    ...{ invitationId: idOf(InvitationId, 2), email: EMAIL },
    to: { kind: "member", roles: ["viewer"] },
    ...changes,
  });
const invite = ({ tenant: { invitations } }: Stores) =>
  invitations.save(invitation(), event("invitation.created"));

const link: SsoLink = {
  memberId: idOf(MemberId, 2),
  personId: idOf(PersonId),
  issuer: "https://login.northwind.example",
  subject: "grace",
  version: 1,
  linkedAt: AT,
};
const addLink = ({ tenant: { singleSignOn } }: Stores) =>
  singleSignOn.saveLink(link, event("single-sign-on.linked"));

const person = (): Person => {
  const { newPerson } = newMember();
  if (!newPerson) throw new Error("the first member is new");
  return newPerson;
};

export const privacyExercises: readonly Exercise[] = [
  exercise("AP-360", addMember, ({ tenant: { members } }) =>
    members.erase({ ...newMember().member, ...erased }, event("member.erased"), {
      wasActive: true,
      rosters: [],
      timer: timer(idOf(MemberId)),
    }),
  ),
  exercise("AP-361", addPartnerUser, ({ tenant: { partnerUsers } }) =>
    partnerUsers.erase(
      { ...newPartnerUser().partnerUser, ...erased },
      event("partner-user.erased"),
      { wasActive: true, rosters: [], timer: timer(idOf(PartnerUserId)) },
    ),
  ),
  exercise("AP-362", invite, ({ tenant: { invitations } }) => {
    const { email, version, erasedAt } = erased;
    return invitations.erase(
      invitation({ status: "revoked", email, version, erasedAt }),
      event("invitation.erased"),
      EMAIL,
    );
  }),
  exercise("AP-363", invite, ({ tenant: { invitations } }) =>
    invitations.forgetAddress(idOf(InvitationId, 2), EMAIL),
  ),
  exercise("AP-364", addLink, ({ tenant: { singleSignOn } }) =>
    singleSignOn.linksOf(idOf(MemberId, 2)),
  ),
  exercise(
    "AP-365",
    async (stores) => {
      await addLink(stores);
      const [found] = await stores.tenant.singleSignOn.linksOf(idOf(MemberId, 2));
      return found?.linkId ?? "";
    },
    ({ tenant: { singleSignOn } }, linkId) =>
      singleSignOn.eraseLink(
        linkId,
        { ...link, subject: "erased", version: 2, erasedAt: AT },
        event("single-sign-on.link-erased"),
      ),
  ),
  exercise("AP-366", addMember, ({ tenantId, system: { personErasures } }) =>
    personErasures.begin({ ...person(), erasure: "requested", version: 2 }, [
      { kind: "person-erasure", subject: person().personId, dueAt: AT, tenantId },
    ]),
  ),
  exercise("AP-367", invite, ({ system: { personErasures } }) =>
    personErasures.invitationsTo(EMAIL),
  ),
  exercise("AP-368", endMember, ({ tenantId, system: { personErasures } }) =>
    personErasures.forgetMembership(idOf(PersonId), tenantId, idOf(MemberId)),
  ),
  exercise("AP-369", endMember, ({ system: { personErasures } }) =>
    personErasures.forget(idOf(PersonId), false),
  ),
  exercise("AP-370", addMember, ({ tenant: { audit } }) => audit.personalOf(idOf(MemberId))),
  exercise("AP-371", nothing, ({ tenant: { idempotency } }) =>
    idempotency.rewrite(() => undefined),
  ),
  exercise("AP-372", signUp, (stores) => stores.tenant.signUp.forget()),
  exercise("AP-373", invite, ({ tenantId, system: { erasures } }) =>
    erasures.forgetPointer(
      JSON.stringify([
        systemKeys.invitationsTo(EMAIL),
        `${systemKeys.invitationsIn(tenantId)}${invitation().invitationId}`,
      ]),
    ),
  ),
  exercise("AP-374", nothing, ({ tenant: { contributions } }) =>
    contributions.toldBy([
      { at: AT, object: { id: idOf(ContributionId) }, row: { partition: "REVIEW#x" } },
    ]),
  ),
];
