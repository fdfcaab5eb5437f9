import { Cycle, CycleChunk, type CycleRepository } from "@concord/core/cycle";
import { type Aggregate, load, save, type TenantTable, writesOf } from "../aggregate.ts";
import { follows, hasVersion, isNew } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { every, page } from "../position.ts";
import { timerWrites } from "../timer/timer-item.ts";

export const cycleAggregate = (keys: TenantKeys): Aggregate<Cycle> => ({
  name: "Cycle",
  schema: Cycle,
  schemaVersion: 1,
  id: ({ cycleId }) => cycleId,
  key: ({ cycleId }) => keys.cycle(cycleId),
  indexes: ({ opensAt, cycleId }) => ({
    gsi2pk: keys.cycleList(),
    gsi2sk: keys.cycleListSort(opensAt, cycleId),
  }),
});

export const chunkEntity = (keys: TenantKeys): Entity<CycleChunk> => ({
  name: "CycleChunk",
  schema: CycleChunk,
  schemaVersion: 1,
  key: ({ cycleId, chunk }) => keys.cycleChunk(cycleId, chunk),
});

export function dynamoCycleRepository(tenant: TenantTable): CycleRepository {
  const { table, keys } = tenant;
  const cycles = cycleAggregate(keys);
  const chunks = chunkEntity(keys);

  return {
    /** AP-96 */
    get: (cycleId) => load(tenant, cycles, keys.cycle(cycleId)),

    /** AP-97 */
    list: (request) =>
      page(
        table,
        cycles,
        { index: "gsi2", pk: keys.cycleList(), order: "descending" },
        request,
        keys.prefix,
      ),

    /** AP-98, AP-99 */
    save: (next, event, timers = []) =>
      save(tenant, cycles, next, event, { taken: "cycle-exists", also: timerWrites(keys, timers) }),

    /** AP-484 */
    async openTogether(openings, { absent, timers }) {
      const writes = openings.flatMap(({ next, event }) => writesOf(tenant, cycles, next, event));
      const set = [...openings.flatMap((opening) => opening.timers), ...timers];
      const failed = await table.transact([
        ...writes,
        ...absent.map((cycleId) => ({ check: keys.cycle(cycleId), condition: isNew })),
        ...timerWrites(keys, set).map(({ write }) => write),
      ]);
      return failed.length === 0;
    },

    /** AP-100 */
    chunk: (cycleId, chunk) => load(tenant, chunks, keys.cycleChunk(cycleId, chunk)),

    /** AP-101 */
    chunks: (cycleId) =>
      every(table, chunks, {
        pk: keys.cycle(cycleId).pk,
        sort: { prefix: keys.cycleChunkPrefix },
      }),

    /** AP-102 */
    async addChunk(cycle, chunk) {
      const failed = await table.transact([
        { put: toItem(chunks, chunk), condition: isNew },
        { check: keys.cycle(cycle.cycleId), condition: hasVersion(cycle.version) },
      ]);
      return failed.length === 0;
    },

    /** AP-103 */
    saveChunk: (next) => table.put(toItem(chunks, next), follows(next)),
  };
}
