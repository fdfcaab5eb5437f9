import type { Month } from "@concord/core/calendar";
import type { MonthRollup, RollupRepository } from "@concord/core/rollup";
import { load, type TenantTable } from "../aggregate.ts";
import { rollupEntity, rollupWrite } from "../opportunity/fact-writes.ts";
import { every } from "../position.ts";

const FIRST_MONTH: Month = "0000-01";
const MONTHS_A_TRANSACTION = 100;

export function dynamoRollupRepository(tenant: TenantTable): RollupRepository {
  const { table, keys } = tenant;
  return {
    /** AP-65 */
    async months(partnerId, upTo) {
      const from = keys.rollupMonth(partnerId, FIRST_MONTH);
      const to = keys.rollupMonth(partnerId, upTo);
      const rollups: MonthRollup[] = [];
      const query = { pk: from.pk, sort: { from: from.sk, to: to.sk } };
      for await (const rollup of every(table, rollupEntity(keys), query)) rollups.push(rollup);
      return rollups;
    },

    /** AP-427 */
    month: (partnerId, month) =>
      load(tenant, rollupEntity(keys), keys.rollupMonth(partnerId, month)),

    /** AP-66 */
    async replace(rollups) {
      for (let at = 0; at < rollups.length; at += MONTHS_A_TRANSACTION) {
        const part = rollups.slice(at, at + MONTHS_A_TRANSACTION);
        const failed = await table.transact(part.map((rollup) => rollupWrite(keys, rollup)));
        if (failed.length > 0) return false;
      }
      return true;
    },
  };
}
