import { noHolds } from "@concord/core/legal-hold";
import {
  MOST_ROWS,
  type Removable,
  type RetentionRepository,
  RetentionRules,
  RetentionRun,
} from "@concord/core/retention";
import { type Aggregate, load, save, type TenantTable, writesOf } from "../aggregate.ts";
import { always, type Condition, follows, hasVersion, isNew } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { fromItem, toItem } from "../entity.ts";
import type { Key, TenantKeys } from "../keys/index.ts";
import { holdsEntity } from "../legal-hold/dynamo-legal-hold-repository.ts";
import { everyItem, page } from "../position.ts";
import { timerWrites } from "../timer/timer-item.ts";
import { removableOf } from "./removable-rows.ts";

export const retentionRulesAggregate = (keys: TenantKeys): Aggregate<RetentionRules> => ({
  name: "Retention",
  schema: RetentionRules,
  schemaVersion: 1,
  id: () => keys.tenantId,
  key: () => keys.retention(),
});

export const retentionRunAggregate = (keys: TenantKeys): Aggregate<RetentionRun> => ({
  name: "RetentionRun",
  schema: RetentionRun,
  schemaVersion: 1,
  id: ({ day }) => day,
  key: ({ day }) => keys.retentionRun(day),
});

const REMOVALS_AT_ONCE = 25;

/** As it was read: at that version, or not there. */
const isStill = (version: number | undefined): Condition =>
  version === undefined || version === 0 ? isNew : hasVersion(version);

export function dynamoRetentionRepository(tenant: TenantTable): RetentionRepository {
  const { table, keys } = tenant;
  const rules = retentionRulesAggregate(keys);
  const runs = retentionRunAggregate(keys);
  const holds = holdsEntity(keys);
  const expiring = [...keys.idempotencyShards(), ...keys.sentMailShards()];
  const ofRuns = {
    pk: keys.retention().pk,
    sort: { prefix: keys.retentionRunPrefix },
    order: "descending",
  } as const;
  const removeAll = async (rows: readonly Key[]): Promise<void> => {
    for (let at = 0; at < rows.length; at += REMOVALS_AT_ONCE) {
      const some = rows.slice(at, at + REMOVALS_AT_ONCE);
      await Promise.all(some.map((row) => table.remove(row, always)));
    }
  };

  return {
    /** AP-395 */
    rules: () => load(tenant, rules, keys.retention()),

    /** AP-396 */
    async basis() {
      const found = await table.getAll([keys.retention(), keys.holdsInForce()]);
      const row = (name: string) => found.find(({ entity }) => entity === name);
      const [set, held] = [row(rules.name), row(holds.name)];
      return {
        rules: set && fromItem(rules, set),
        holds: held ? fromItem(holds, held) : noHolds,
      };
    },

    /** AP-397 */
    saveRules: (next, event, timers) =>
      save(tenant, rules, next, event, { also: timerWrites(keys, timers) }),

    /** AP-398 */
    async latestRun() {
      const { items } = await table.query({ ...ofRuns, limit: 1 });
      return items[0] && fromItem(runs, items[0]);
    },

    /** AP-399 */
    listRuns: (request) => page(table, runs, ofRuns, request, keys.prefix),

    /** AP-400 */
    saveProgress: (next) => table.put(toItem(runs, next), follows(next)),

    /** AP-401 */
    saveRun: (next, event) => save(tenant, runs, next, event),

    /** AP-402 */
    async removables(records) {
      const found: Removable[] = [];
      for (const record of records) {
        const one = await removableOf(tenant, record);
        if (one) found.push(one);
      }
      return found;
    },

    /** AP-403 */
    async remove(next, event, removables, basis) {
      const [first] = removables;
      const rest = removables.length === 1 && first ? first.rows.slice(0, -MOST_ROWS) : [];
      const removal = (row: Key, condition = always): Write => ({ remove: row, condition });
      const ownRows = new Map(
        removables.map(({ rows, record }) => [rows.at(-1), hasVersion(record.version)]),
      );
      // Of one with more rows than a transaction holds, its own goes with the last of them.
      const isSplit = rest.length > 0;
      const written = removables.flatMap(({ rows }) => (isSplit ? rows.slice(0, 1) : rows));
      const failed = await table.transact([
        ...writesOf(tenant, runs, next, event),
        { check: keys.retention(), condition: isStill(basis.rules?.version) },
        { check: keys.holdsInForce(), condition: isStill(basis.holds.version) },
        ...written.map((row) => removal(row, ownRows.get(row))),
      ]);
      if (failed.length > 0 || !isSplit || !first) return failed.length === 0;
      await removeAll(first.rows.slice(1, -1));
      await removeAll(first.rows.slice(-1));
      return true;
    },

    /** AP-404 */
    async removeExpired(epochSeconds) {
      const counts = await Promise.all(
        expiring.map(async (pk) => {
          const expired: Key[] = [];
          for await (const row of everyItem(table, { pk })) {
            if (Number(row["expiresAt"]) > epochSeconds) continue;
            expired.push({ pk, sk: String(row["sk"]) });
          }
          await removeAll(expired);
          return expired.length;
        }),
      );
      return counts.reduce((sum, one) => sum + one, 0);
    },
  };
}
