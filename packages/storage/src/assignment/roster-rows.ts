import { PastAssignment, Roster, type RosterChange, type Scope } from "@concord/core/assignment";
import { type Aggregate, type TenantTable, writesOf } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import type { Also } from "../person/person-rows.ts";

export const scopeId = ({ partnerId, programId }: Scope) => {
  const id = partnerId ?? programId;
  if (id === null) throw new Error("a duty is assigned at a partner or in a program");
  return id;
};

export const rosterAggregate = (keys: TenantKeys): Aggregate<Roster> => ({
  name: "Roster",
  schema: Roster,
  schemaVersion: 1,
  id: scopeId,
  key: (roster) => keys.roster(scopeId(roster)),
});

/** Written once, with the change that ends it; where it was is in its key. */
export const pastEntity = (keys: TenantKeys, scope: Scope): Entity<PastAssignment> => ({
  name: "PastAssignment",
  schema: PastAssignment,
  schemaVersion: 1,
  key: ({ until, assignmentId }) => keys.pastAssignment(scopeId(scope), until, assignmentId),
});

/** The rows of a changed roster, without those of the people on it. */
export const rosterWrites = (
  tenant: TenantTable,
  { next, event, ended }: Omit<RosterChange, "holders">,
): readonly Also[] => {
  const past = pastEntity(tenant.keys, next);
  return [
    ...writesOf(tenant, rosterAggregate(tenant.keys), next, event),
    ...ended.map((one) => ({ put: toItem(past, one), condition: isNew })),
  ].map((write) => ({ write, otherwise: "version-stale" }));
};
