import type { ContentionStore } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { SubscriptionStore } from "../edition/index.ts";
import { eventOf } from "../event/index.ts";
import type { OpportunityStore } from "../opportunity/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { ImportStore } from "./repository.ts";
import { emptyState, type Import, type SourceState } from "./schema.ts";

export type JobContext = RequestContext<
  ContentionStore & ImportStore & OpportunityStore & RollupStore & SourceStore & SubscriptionStore
>;

/** What a job needs beside the tenant's data. */
export interface JobPorts {
  /** Milliseconds of the wall clock: leases run on it. */
  readonly wallNow: () => number;
  /** Whether the process is about to end; the job then stops at a chunk and is started again. */
  readonly shouldPause: () => boolean;
}

/** `paused` and `busy`: start the job again, it goes on where it was. */
export type JobOutcome =
  | { readonly status: "ended"; readonly import: Import }
  | { readonly status: "paused" | "busy" };

/** Longer than a process may run. */
const LEASE_MS = 16 * 60_000;

export const isEnded = ({ status }: Import): boolean =>
  status === "validated" || status === "completed" || status === "refused" || status === "failed";

/**
 * Takes the source for this job, or finds it taken. A job that was interrupted takes it again at once; one that another
 * run has ended, and the source has counted, does not.
 */
export async function claim(
  ctx: JobContext,
  ports: JobPorts,
  { sourceId, importId, file }: Pick<Import, "sourceId" | "importId" | "file">,
): Promise<SourceState | undefined> {
  const current = await ctx.store.imports.state(sourceId);
  const now = ports.wallNow();
  if (current && current.holder !== null && current.holder !== importId) {
    if (current.leaseUntilMs > now) return undefined;
  }
  // Read after the state: whoever ends the job later changes the state too, and this claim fails.
  const job = await ctx.store.imports.get(importId);
  if (job && isEnded(job)) return undefined;
  const state = current ?? { ...emptyState(sourceId), version: 0 };
  const next: SourceState = {
    ...state,
    holder: importId,
    leaseUntilMs: now + LEASE_MS,
    unpagedImports: state.unpagedImports.includes(importId)
      ? state.unpagedImports
      : [...state.unpagedImports, importId],
    // What a file writes from here on makes another state than the last file's.
    lastFileSha256: file === null ? state.lastFileSha256 : null,
    version: state.version + 1,
  };
  return (await ctx.store.imports.saveState(next)) ? next : undefined;
}

/** A job that ended without giving the source back, because its process died between the two. */
export async function release(ctx: JobContext, job: Import): Promise<void> {
  const state = await ctx.store.imports.state(job.sourceId);
  if (state?.holder !== job.importId) return;
  await ctx.store.imports.saveState({
    ...state,
    ...keptOf(state, job),
    holder: null,
    leaseUntilMs: 0,
    version: state.version + 1,
  });
}

/** What the source keeps of a job that has ended. */
export function keptOf(
  state: SourceState,
  { status, file, scope, partnerId, progress }: Import,
): Partial<SourceState> {
  if (status !== "completed") return {};
  // Rows that are held may find their partner when the same file comes again, and those of other
  // partners when it comes for all.
  const isWhole = progress.rowsHeld === 0 && partnerId === null;
  const sha256 = isWhole ? (file?.sha256 ?? null) : null;
  return {
    openFlags: progress.flags,
    unpagedRows: state.unpagedRows + progress.rowsChanged,
    lastFileSha256: scope === null ? sha256 : state.lastFileSha256,
  };
}

/** @throws DomainError version-stale where another run of the job was faster */
export async function start(ctx: JobContext, job: Import): Promise<Import> {
  if (job.status === "running") return job;
  const next: Import = {
    ...job,
    status: "running",
    upload: null,
    startedAt: ctx.now.toISOString(),
    version: job.version + 1,
  };
  const { status, progress } = next;
  await ctx.store.imports.save(
    next,
    eventOf("import.started", ctx.actor, ctx.now, { status, progress }),
  );
  return next;
}

/** @throws DomainError version-stale where another run of the job was faster */
export async function finish(
  ctx: JobContext,
  job: Import,
  outcome: Partial<Import> & Pick<Import, "status">,
): Promise<Import> {
  const next: Import = {
    ...job,
    ...outcome,
    upload: null,
    finishedAt: ctx.now.toISOString(),
    version: job.version + 1,
  };
  const { status, progress } = next;
  await ctx.store.imports.save(
    next,
    eventOf("import.ended", ctx.actor, ctx.now, { status, progress }),
  );
  return next;
}
