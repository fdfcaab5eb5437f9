import { TargetSet } from "@concord/core/target";
import type { Aggregate } from "../aggregate.ts";
import type { TenantKeys } from "../keys/index.ts";

/** Beside the live numbers of its partner; on the tenant's list while a side has not acknowledged. */
export const targetSetAggregate = (keys: TenantKeys): Aggregate<TargetSet> => ({
  name: "TargetSet",
  schema: TargetSet,
  schemaVersion: 1,
  id: ({ partnerId, programId, from }) => `${partnerId}.${programId}.${from}`,
  key: keys.targetSet,
  indexes: (set) =>
    set.proposal === null
      ? {}
      : { gsi2pk: keys.waitingTargetList(), gsi2sk: keys.waitingTargetSort(set) },
});
