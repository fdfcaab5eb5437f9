import { type FactChange, Opportunity } from "@concord/core/opportunity";
import { MonthRollup } from "@concord/core/rollup";
import { follows, hasRevision, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

export const opportunityEntity = (keys: TenantKeys): Entity<Opportunity> => ({
  name: "Opportunity",
  schema: Opportunity,
  schemaVersion: 1,
  key: ({ partnerId, opportunityId }) => keys.fact(partnerId, opportunityId),
});

export const rollupEntity = (keys: TenantKeys): Entity<MonthRollup> => ({
  name: "RollupMonth",
  schema: MonthRollup,
  schemaVersion: 1,
  key: ({ partnerId, month }) => keys.rollupMonth(partnerId, month),
});

/** A fact over the revision it was decided on; one that moves leaves the place it had. */
export function factWrites(keys: TenantKeys, { before, after }: FactChange): Write[] {
  const put = toItem(opportunityEntity(keys), after);
  if (!before) return [{ put, condition: isNew }];
  const condition = hasRevision(before.revision);
  if (before.partnerId === after.partnerId) return [{ put, condition }];
  return [
    { remove: keys.fact(before.partnerId, before.opportunityId), condition },
    { put, condition: isNew },
  ];
}

export const rollupWrite = (keys: TenantKeys, rollup: MonthRollup): Write => ({
  put: toItem(rollupEntity(keys), rollup),
  condition: follows(rollup),
});
