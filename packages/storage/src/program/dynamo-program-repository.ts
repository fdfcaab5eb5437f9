import { raise } from "@concord/core/error";
import {
  Program,
  type ProgramRepository,
  PublishedProgram,
  type ScoringRules,
} from "@concord/core/program";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { isNew } from "../condition.ts";
import { countedWrite } from "../edition/usage-rows.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys.ts";
import { every } from "../position.ts";
import { tenantAggregate } from "../tenant/dynamo-tenant-repository.ts";
import { timerWrites } from "../timer/timer-item.ts";

export const programAggregate = (keys: TenantKeys): Aggregate<Program> => ({
  name: "Program",
  schema: Program,
  schemaVersion: 1,
  id: ({ programId }) => programId,
  key: ({ programId }) => keys.program(programId),
});

export const publishedProgramEntity = (keys: TenantKeys): Entity<PublishedProgram> => ({
  name: "PublishedProgram",
  schema: PublishedProgram,
  schemaVersion: 1,
  key: ({ programId, version }) => keys.programVersion(programId, version),
});

const REMEMBERED_MS = 60_000;
const MOST_TENANTS = 500;

/** Per table and tenant: rules are the same for every request of a minute. */
const remembered = new Map<string, { readonly at: number; readonly rules: ScoringRules }>();

function remember(key: string, at: number, rules: ScoringRules): void {
  remembered.delete(key);
  remembered.set(key, { at, rules });
  const [oldest] = remembered.keys();
  if (remembered.size > MOST_TENANTS && oldest !== undefined) remembered.delete(oldest);
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

export function dynamoProgramRepository(tenant: TenantTable): ProgramRepository {
  const { table, keys } = tenant;
  const programs = programAggregate(keys);
  const versions = publishedProgramEntity(keys);
  const cacheKey = `${table.name} ${keys.prefix}`;
  const pk = keys.programs();
  const published = (prefix: string) => all(every(table, versions, { pk, sort: { prefix } }));

  return {
    /** AP-40 */
    get: (programId) => load(tenant, programs, keys.program(programId)),

    /** AP-41 */
    list: () => all(every(table, programs, { pk, sort: { prefix: keys.programPrefix } })),

    /** AP-42 */
    versions: (programId) => published(keys.programVersionPrefix(programId)),

    /** AP-428 */
    everyVersion: () => published(keys.programVersionPrefix()),

    /** AP-43 */
    version: (programId, version) =>
      load(tenant, versions, keys.programVersion(programId, version)),

    /** AP-44 */
    async scoringRules(now) {
      const known = remembered.get(cacheKey);
      const age = now.getTime() - (known?.at ?? 0);
      if (known && age >= 0 && age < REMEMBERED_MS) return known.rules;
      const [row, everyVersion] = await Promise.all([
        table.get(keys.tenant()),
        published(keys.programVersionPrefix()),
      ]);
      if (!row) raise("tenant-not-found");
      const { timeZone, fiscalYearStartMonth } = fromItem(tenantAggregate(keys), row);
      const rules = { calendar: { timeZone, fiscalYearStartMonth }, versions: everyVersion };
      remember(cacheKey, now.getTime(), rules);
      return rules;
    },

    /** AP-45, AP-46 */
    async save(next, event, publication) {
      await save(tenant, programs, next, event, {
        also: publication
          ? [
              {
                write: { put: toItem(versions, publication.published), condition: isNew },
                otherwise: "version-stale",
              },
              ...timerWrites(keys, publication.timers),
              ...(publication.published.version === 1 ? [countedWrite(keys, "programs", 1)] : []),
            ]
          : [],
      });
      remembered.delete(cacheKey);
    },
  };
}
