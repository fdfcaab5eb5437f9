import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ProgramId } from "../id/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { ReScoringStore } from "./repository.ts";
import type { ReScoringProgress } from "./schema.ts";

/** @throws DomainError permission-denied | program-version-not-found */
export async function getReScoring(
  ctx: RequestContext<ProgramStore & ReScoringStore>,
  { programId, version }: { readonly programId: ProgramId; readonly version: number },
): Promise<ReScoringProgress> {
  requirePermission(ctx.actor, "program:read");
  const job = await ctx.store.reScorings.get(programId, version);
  if (job) {
    const { position: _, version: __, ...progress } = job;
    return progress;
  }
  if (!(await ctx.store.programs.version(programId, version))) raise("program-version-not-found");
  return {
    programId,
    programVersion: version,
    status: "waiting",
    periods: [],
    partners: 0,
    changed: 0,
    startedAt: null,
    finishedAt: null,
  };
}
