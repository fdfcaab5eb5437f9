import { type ActorWith, refOf, requirePermission } from "../actor/index.ts";
import type { CalendarDate } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { ImportId, type SourceId } from "../id/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { ImportStore } from "./repository.ts";
import { type Import, noProgress, type Scope } from "./schema.ts";

/** A job that looks at stored rows again. */
export const reevaluation = (
  importId: ImportId,
  sourceId: SourceId,
  scope: Scope,
  by: ActorWith<"source:manage">,
  now: Date,
): Import => ({
  importId,
  sourceId,
  partnerId: null,
  status: "queued",
  file: null,
  scope,
  isDryRun: false,
  asOf: now.toISOString().slice(0, 10) as CalendarDate,
  isRepeat: false,
  progress: noProgress,
  defects: [],
  unknownColumns: [],
  refusal: null,
  upload: null,
  createdBy: refOf(by),
  createdAt: now.toISOString(),
  startedAt: null,
  finishedAt: null,
  version: 1,
});

export const requestedEvent = (job: Import, by: ActorWith<"source:manage">, now: Date) =>
  eventOf("import.requested", by, now, {
    sourceId: job.sourceId,
    scope: job.scope,
    fileName: job.file?.name ?? null,
  });

/**
 * Asks for the held rows, and the rows of unknown products, to be looked at again: after partners or
 * prices were added.
 * @throws DomainError permission-denied | source-not-found
 */
export async function resolveHeldRows(
  ctx: RequestContext<ImportStore & SourceStore>,
  sourceId: SourceId,
  scope: Scope = { kind: "held-rows" },
): Promise<Import> {
  const by = requirePermission(ctx.actor, "source:manage");
  if (!(await ctx.store.sources.get(sourceId))) raise("source-not-found");
  const job = reevaluation(ctx.mint(ImportId), sourceId, scope, by, ctx.now);
  await ctx.store.imports.save(job, requestedEvent(job, by, ctx.now));
  return job;
}
