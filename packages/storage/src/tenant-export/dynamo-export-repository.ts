import { type ExportRepository, TenantExport } from "@concord/core/tenant-export";
import { z } from "zod";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { always, follows } from "../dynamo-table/condition.ts";
import { toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { every } from "../position.ts";
import { timerWrites } from "../timer/timer-item.ts";

export const exportAggregate = (keys: TenantKeys): Aggregate<TenantExport> => ({
  name: "TenantExport",
  schema: TenantExport,
  schemaVersion: 1,
  id: ({ exportId }) => exportId,
  key: ({ exportId }) => keys.tenantExport(exportId),
});

const Part = z.object({ places: z.array(z.string()) });

export function dynamoExportRepository(tenant: TenantTable): ExportRepository {
  const { table, keys } = tenant;
  const exports = exportAggregate(keys);
  return {
    /** AP-331 */
    get: (exportId) => load(tenant, exports, keys.tenantExport(exportId)),

    /** AP-332 */
    async list() {
      const found = [];
      const query = { pk: keys.tenantExports(), sort: { prefix: keys.tenantExportPrefix } };
      for await (const one of every(table, exports, query)) found.push(one);
      return found;
    },

    /** AP-333 */
    save: (next, event, timers = []) =>
      save(tenant, exports, next, event, { also: timerWrites(keys, timers) }),

    /** AP-334 */
    saveProgress: (next) => table.put(toItem(exports, next), follows(next)),

    /** AP-335 */
    async putPart(exportId, part, places) {
      const row = { places: [...places], entity: "ExportPart", schemaVersion: 1 };
      await table.put({ ...keys.exportPart(exportId, part), ...row }, always);
    },

    /** AP-336 */
    async part(exportId, part) {
      const row = await table.get(keys.exportPart(exportId, part));
      return row && Part.parse(row).places;
    },
  };
}
