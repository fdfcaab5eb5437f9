import { Member, type NewMember, type NewPartnerUser, PartnerUser } from "@concord/core/member";
import { type Aggregate, type TenantTable, writesOf } from "../aggregate.ts";
import { exists } from "../dynamo-table/condition.ts";
import type { TenantKeys } from "../keys/index.ts";
import { newMembershipWrites } from "../person/person-rows.ts";

const nameKey = (displayName: string): string => displayName.normalize("NFKC").toLowerCase();

export const memberAggregate = (keys: TenantKeys): Aggregate<Member> => ({
  name: "Member",
  schema: Member,
  schemaVersion: 1,
  id: ({ memberId }) => memberId,
  key: ({ memberId }) => keys.membership(memberId),
  personal: {
    holder: ({ memberId }) => memberId,
    isErased: ({ erasedAt }) => erasedAt !== undefined,
    fields: ["displayName", "email"],
  },
  indexes: ({ displayName, memberId }) => ({
    gsi2pk: keys.memberList(),
    gsi2sk: keys.nameSort(nameKey(displayName), memberId),
  }),
});

export const partnerUserAggregate = (keys: TenantKeys): Aggregate<PartnerUser> => ({
  name: "PartnerUser",
  schema: PartnerUser,
  schemaVersion: 1,
  id: ({ partnerUserId }) => partnerUserId,
  key: ({ partnerUserId }) => keys.membership(partnerUserId),
  personal: {
    holder: ({ partnerUserId }) => partnerUserId,
    isErased: ({ erasedAt }) => erasedAt !== undefined,
    fields: ["displayName", "email"],
  },
  indexes: ({ displayName, partnerId, partnerUserId }) => ({
    gsi2pk: keys.partnerUserList(partnerId),
    gsi2sk: keys.nameSort(nameKey(displayName), partnerUserId),
  }),
});

/** A member with their event and way in, as further writes of another aggregate's transaction. */
export function newMemberWrites(tenant: TenantTable, entry: NewMember) {
  const rows = writesOf(tenant, memberAggregate(tenant.keys), entry.member, entry.event);
  return [
    ...rows.map((write) => ({ write, otherwise: "member-exists" as const })),
    ...newMembershipWrites(tenant.keys, entry, "member-exists"),
  ];
}

/** The same of a person at a partner that is there. */
export function newPartnerUserWrites(tenant: TenantTable, entry: NewPartnerUser) {
  const { partnerUser, event } = entry;
  const rows = writesOf(tenant, partnerUserAggregate(tenant.keys), partnerUser, event);
  return [
    ...rows.map((write) => ({ write, otherwise: "partner-user-exists" as const })),
    ...newMembershipWrites(tenant.keys, entry, "partner-user-exists"),
    {
      write: { check: tenant.keys.partner(partnerUser.partnerId), condition: exists },
      otherwise: "partner-not-found" as const,
    },
  ];
}
