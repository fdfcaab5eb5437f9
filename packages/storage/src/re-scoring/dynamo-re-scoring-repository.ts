import { ReScoring, type ReScoringRepository } from "@concord/core/re-scoring";
import { load, type TenantTable } from "../aggregate.ts";
import { follows } from "../dynamo-table/condition.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";

const reScoringEntity = (keys: TenantKeys): Entity<ReScoring> => ({
  name: "ReScoring",
  schema: ReScoring,
  schemaVersion: 1,
  key: ({ programId, programVersion }) => keys.reScoring(programId, programVersion),
});

export function dynamoReScoringRepository(tenant: TenantTable): ReScoringRepository {
  const { table, keys } = tenant;
  const jobs = reScoringEntity(keys);
  return {
    /** AP-429 */
    get: (programId, version) => load(tenant, jobs, keys.reScoring(programId, version)),

    /** AP-470 */
    save: (next) => table.put(toItem(jobs, next), follows(next)),
  };
}
