import { FlagId } from "@concord/core/id";
import type { DataQualityFlag, FlagRepository } from "@concord/core/source";
import { load, save, type TenantTable } from "../aggregate.ts";
import { always, isNew } from "../dynamo-table/condition.ts";
import { fromItem, toItem } from "../entity.ts";
import { packFlagged, unpackFlagged } from "../import/packed.ts";
import { pageOfParts, pagesOf } from "../paged-parts.ts";
import { page } from "../position.ts";
import { flagAggregate, flaggedRowsEntity } from "./flag-rows.ts";

const ROWS_A_PART = 5_000;
const KEYS_A_REQUEST = 100;

export function dynamoFlagRepository(tenant: TenantTable): FlagRepository {
  const { table, keys } = tenant;
  const flags = flagAggregate(keys);
  const flaggedRows = flaggedRowsEntity(keys);

  return {
    /** AP-88 */
    get: (flagId) => load(tenant, flags, keys.flag(flagId)),

    /** AP-150 */
    list: (status, request) =>
      page(table, flags, { index: "gsi2", pk: keys.flagList(status) }, request, keys.prefix),

    /** AP-252 */
    workOf: (ownerId, request) =>
      page(
        table,
        flags,
        { index: "gsi1", pk: keys.workList("FLAG", ownerId) },
        request,
        keys.prefix,
      ),

    /** AP-151 */
    async ofSource(sourceId) {
      const { pk } = keys.source(sourceId);
      const found: DataQualityFlag[] = [];
      let after: Record<string, unknown> | undefined;
      do {
        const { items, last } = await table.query({
          pk,
          sort: { prefix: keys.flagOfSourcePrefix },
          limit: KEYS_A_REQUEST,
          ...(after ? { after } : {}),
        });
        const ids = items.map(({ flagId }) => FlagId.parse(flagId));
        const rows = ids.length ? await table.getAll(ids.map((flagId) => keys.flag(flagId))) : [];
        found.push(...rows.map((row) => fromItem(flags, row)));
        after = last;
      } while (after);
      return found;
    },

    /** AP-89 */
    save(next, event) {
      const { flagId, sourceId } = next;
      const reference = {
        ...keys.flagOfSource(sourceId, flagId),
        entity: "FlagOfSource",
        schemaVersion: 1,
        flagId,
      };
      const also =
        next.version === 1
          ? [
              {
                write: { put: reference, condition: isNew },
                otherwise: "version-stale" as const,
              },
            ]
          : [];
      return save(tenant, flags, next, event, { also });
    },

    /** AP-152 */
    async putRows(flagId, rows, pagesBefore) {
      let pages = 0;
      for (const [index, part] of pagesOf(rows, ROWS_A_PART)) {
        await table.put(toItem(flaggedRows, { flagId, index, packed: packFlagged(part) }), always);
        pages = index + 1;
      }
      for (let index = pages; index < pagesBefore; index += 1) {
        await table.remove(keys.flagRows(flagId, index), always);
      }
      return pages;
    },

    /** AP-153 */
    listRows: (flagId, request) =>
      pageOfParts(request, async (index) => {
        const part = await load(tenant, flaggedRows, keys.flagRows(flagId, index));
        return part && unpackFlagged(part.packed);
      }),
  };
}
