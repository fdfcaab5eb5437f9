import type { ErrorCode } from "@concord/core/error";
import { Membership, type NewMembership, Person } from "@concord/core/person";
import { always, type Condition, exists, follows, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import { systemKeys, type TenantKeys } from "../keys/index.ts";

export const personEntity: Entity<Person> = {
  name: "Person",
  schema: Person,
  schemaVersion: 2,
  /** A password of the first shape was given by an administrator, for one membership: it opens nothing any more. */
  upgrade: (row) => ({ ...row, passwordHash: null }),
  key: ({ personId }) => systemKeys.person(personId),
};

/** Keyed by what the person is in the tenant, so that nobody is a member, or a partner's user, twice. */
export const membershipEntity: Entity<Membership> = {
  name: "Membership",
  schema: Membership,
  schemaVersion: 1,
  key: ({ personId, tenantId, partnerId }) => systemKeys.membership(personId, tenantId, partnerId),
};

/** What is left of one that has ended. */
export const endedMembershipEntity: Entity<Membership> = {
  name: "EndedMembership",
  schema: Membership,
  schemaVersion: 1,
  key: ({ personId, tenantId, membershipId }) =>
    systemKeys.endedMembership(personId, tenantId, membershipId),
};

/** A person who is about to be erased is given no other way in. */
const isWelcome: Condition = {
  expression: "attribute_exists(#pk) AND attribute_not_exists(#erasure)",
  names: { "#pk": "pk", "#erasure": "erasure" },
};

/** A further write of a transaction, with the code that its failed condition means. */
export interface Also {
  readonly write: Write;
  readonly otherwise: ErrorCode;
}

/** The writes that give a person their way into the tenant, and make the person known where they are new. */
export function newMembershipWrites(
  keys: TenantKeys,
  { membership, newPerson, withPassword }: NewMembership,
  taken: ErrorCode,
): readonly Also[] {
  const row = toItem(membershipEntity, { ...membership, tenantId: keys.tenantId });
  const way: Also = { write: { put: row, condition: isNew }, otherwise: taken };
  if (!newPerson) {
    const known: Write = withPassword
      ? { put: toItem(personEntity, withPassword), condition: follows(withPassword) }
      : { check: systemKeys.person(membership.personId), condition: isWelcome };
    return [way, { write: known, otherwise: "address-busy" }];
  }
  const claim = {
    ...systemKeys.loginAddress(newPerson.email),
    entity: "LoginAddress",
    schemaVersion: 1,
    personId: newPerson.personId,
  };
  return [
    way,
    { write: { put: claim, condition: isNew }, otherwise: "address-busy" },
    {
      write: { put: toItem(personEntity, newPerson), condition: isNew },
      otherwise: "address-busy",
    },
  ];
}

/** The writes that take it away again, and keep where it led. */
export const endedMembershipWrites = (
  keys: TenantKeys,
  membership: Omit<Membership, "tenantId">,
): readonly Also[] => {
  const { tenantId } = keys;
  const { personId, partnerId } = membership;
  const ended = toItem(endedMembershipEntity, { ...membership, tenantId });
  return [
    {
      write: { remove: systemKeys.membership(personId, tenantId, partnerId), condition: exists },
      otherwise: "version-stale",
    },
    { write: { put: ended, condition: always }, otherwise: "version-stale" },
  ];
};
