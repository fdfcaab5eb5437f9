import { Cadence } from "@concord/core/calendar";
import { raise } from "@concord/core/error";
import { ProgramId } from "@concord/core/id";
import {
  Program,
  type ProgramRepository,
  PublishedProgram,
  type ScoringRules,
} from "@concord/core/program";
import { z } from "zod";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { isNew } from "../dynamo-table/condition.ts";
import { countedWrite } from "../edition/usage-rows.ts";
import { type Entity, fromItem, toItem } from "../entity.ts";
import { tenantMemory } from "../isolation/tenant-memory.ts";
import type { TenantKeys } from "../keys/index.ts";
import { every, everyItem } from "../position.ts";
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

const OverriddenCadence = z.object({ programId: ProgramId, cadence: Cadence });
type OverriddenCadence = z.infer<typeof OverriddenCadence>;

/** Says that a partner was given a cadence in a program; lies among its versions, to be read with them. */
export const overriddenCadenceEntity = (keys: TenantKeys): Entity<OverriddenCadence> => ({
  name: "OverriddenCadence",
  schema: OverriddenCadence,
  schemaVersion: 1,
  key: ({ programId, cadence }) => keys.overriddenCadence(programId, cadence),
});

const byProgram = (marks: readonly OverriddenCadence[]): ReadonlyMap<ProgramId, Cadence[]> =>
  new Map(
    [...Map.groupBy(marks, ({ programId }) => programId)].map(([programId, own]) => [
      programId,
      own.map(({ cadence }) => cadence),
    ]),
  );

/** Rules are the same for every request of a minute. */
const remembered = tenantMemory<ScoringRules>({
  reads: (keys) => [
    ["get", keys.tenant().pk],
    ["query", keys.programs()],
  ],
  mostTenants: 500,
});

/** After a change of what a tenant scores with. */
export const forgetRules = (tenant: TenantTable): void => remembered.forget(tenant);

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

export function dynamoProgramRepository(tenant: TenantTable): ProgramRepository {
  const { table, keys } = tenant;
  const programs = programAggregate(keys);
  const versions = publishedProgramEntity(keys);
  const pk = keys.programs();
  const given = overriddenCadenceEntity(keys);

  /** Versions, and beside them the cadences that partners were given. */
  async function rulesUnder(prefix: string): Promise<{
    readonly published: readonly PublishedProgram[];
    readonly marks: readonly OverriddenCadence[];
  }> {
    const items = await all(everyItem(table, { pk, sort: { prefix } }));
    const of = (entity: { readonly name: string }) =>
      items.filter((item) => item["entity"] === entity.name);
    return {
      published: of(versions).map((item) => fromItem(versions, item)),
      marks: of(given).map((item) => fromItem(given, item)),
    };
  }
  const published = async (prefix: string) => [...(await rulesUnder(prefix)).published];

  return {
    /** AP-40 */
    get: (programId) => load(tenant, programs, keys.program(programId)),

    /** AP-41 */
    list: () => all(every(table, programs, { pk, sort: { prefix: keys.programPrefix } })),

    /** AP-42 */
    versions: (programId) => published(keys.programVersionPrefix(programId)),

    /** AP-483 */
    async openingRules(programId) {
      const { published: own, marks } = await rulesUnder(keys.programVersionPrefix(programId));
      return { versions: own, overridden: marks.map(({ cadence }) => cadence) };
    },

    /** AP-428 */
    everyVersion: () => published(keys.programVersionPrefix()),

    /** AP-43 */
    version: (programId, version) =>
      load(tenant, versions, keys.programVersion(programId, version)),

    /** AP-44 */
    scoringRules: (now) =>
      remembered.recall(tenant, now, async () => {
        const [row, under] = await Promise.all([
          table.get(keys.tenant()),
          rulesUnder(keys.programVersionPrefix()),
        ]);
        if (!row) raise("tenant-not-found");
        const { timeZone, fiscalYearStartMonth } = fromItem(tenantAggregate(keys), row);
        return {
          calendar: { timeZone, fiscalYearStartMonth },
          versions: under.published,
          ...(under.marks.length === 0 ? {} : { overridden: byProgram(under.marks) }),
        };
      }),

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
      forgetRules(tenant);
    },
  };
}
