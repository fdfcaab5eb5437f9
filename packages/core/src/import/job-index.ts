import type { ImportId } from "../id/index.ts";
import type { Source } from "../source/index.ts";
import { finish, type JobContext, type JobOutcome, keptOf } from "./job.ts";
import { refreshFlags } from "./refresh-flags.ts";
import type { RowIndex } from "./row-index.ts";
import type { Import, Progress, SourceState } from "./schema.ts";

/** Manifests may hold this many times the rows of the pages before the pages are written anew. */
const UNPAGED_SHARE = 2;
const MAX_UNPAGED_IMPORTS = 8;

/** The index of the source, and what earlier runs of this very job have written. */
export async function openJob(
  ctx: JobContext,
  state: SourceState,
  importId: ImportId,
): Promise<{ index: RowIndex; written: Set<string>; ordinals: Map<string, number> }> {
  const index = await ctx.store.imports.loadIndex(state);
  const written = new Set<string>();
  const ordinals = new Map<string, number>();
  for await (const manifest of ctx.store.imports.manifests(importId)) {
    for (const [externalId] of manifest.entries) written.add(externalId);
    ordinals.set(manifest.group, Math.max(manifest.ordinal + 1, ordinals.get(manifest.group) ?? 0));
  }
  return { index, written, ordinals };
}

/** Flags, index pages, the job's end and the source given back, in an order that survives a stop anywhere. */
export async function endJob(
  ctx: JobContext,
  job: Import,
  source: Source,
  end: {
    readonly state: SourceState;
    readonly index: RowIndex;
    readonly progress: Progress;
  },
): Promise<JobOutcome> {
  const { state, index } = end;
  const { open: flags, defects } = await refreshFlags(ctx, source, index);
  const progress = { ...end.progress, flags };
  const kept = { ...state, ...keptOf(state, { ...job, status: "completed", progress }) };
  const isDue =
    kept.unpagedRows > UNPAGED_SHARE * index.size ||
    state.unpagedImports.length >= MAX_UNPAGED_IMPORTS;
  const generation = state.generation + 1;
  const pages = isDue ? await ctx.store.imports.putIndex(source.sourceId, generation, index) : 0;
  const ended = await finish(ctx, job, { status: "completed", progress, defects });
  const paged = isDue
    ? { generation, pages, pagedRows: index.size, unpagedImports: [], unpagedRows: 0 }
    : {};
  const isSaved = await ctx.store.imports.saveState({
    ...kept,
    ...paged,
    holder: null,
    leaseUntilMs: 0,
    version: state.version + 1,
  });
  if (isSaved && isDue) await ctx.store.imports.dropIndex(state, index);
  return { status: "ended", import: ended };
}
