import { CadenceOverride, type CadenceRepository } from "@concord/core/cadence";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always } from "../dynamo-table/condition.ts";
import { fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { forgetRules, overriddenCadenceEntity } from "../program/dynamo-program-repository.ts";
import { timerWrites } from "../timer/timer-item.ts";

export const cadenceAggregate = (keys: TenantKeys): Aggregate<CadenceOverride> => ({
  name: "CadenceOverride",
  schema: CadenceOverride,
  schemaVersion: 1,
  id: ({ partnerId, programId }) => `${partnerId}.${programId}`,
  key: keys.cadenceOverride,
});

export function dynamoCadenceRepository(tenant: TenantTable): CadenceRepository {
  const { table, keys } = tenant;
  const overrides = cadenceAggregate(keys);

  return {
    /** AP-480 */
    get: (key) => load(tenant, overrides, keys.cadenceOverride(key)),

    /** AP-481 */
    async getMany(programId, partnerIds) {
      if (partnerIds.length === 0) return [];
      const wanted = partnerIds.map((partnerId) => keys.cadenceOverride({ partnerId, programId }));
      return (await table.getAll(wanted)).map((item) => fromItem(overrides, item));
    },

    /** AP-482 */
    async save(next, event, { given, timers }) {
      const { programId } = next;
      // Putting the mark again changes nothing.
      const marks =
        given === null
          ? []
          : [
              {
                put: toItem(overriddenCadenceEntity(keys), { programId, cadence: given }),
                condition: always,
              },
            ];
      await save(tenant, overrides, next, event, {
        also: [
          ...marks.map((write) => ({ write, otherwise: "version-stale" as const })),
          ...timerWrites(keys, timers),
        ],
      });
      forgetRules(tenant);
    },
  };
}
