import { requirePermission } from "../actor/index.ts";
import { standingOf } from "../edition/index.ts";
import { DomainError, raise } from "../error/index.ts";
import type { ImportId } from "../id/index.ts";
import { factFromFeed } from "../opportunity/index.ts";
import { type HeldRow, presets, type Source } from "../source/index.ts";
import { monthsOfValues, openChunkWriter } from "./chunk-writer.ts";
import { dryRun } from "./dry-run.ts";
import { FileRefused } from "./file-refused.ts";
import {
  claim,
  finish,
  isEnded,
  type JobContext,
  type JobOutcome,
  type JobPorts,
  release,
  start,
} from "./job.ts";
import { endJob, openJob } from "./job-index.ts";
import { judgedRows, rulesOf } from "./judge-rows.ts";
import { partnerNames } from "./partner-names.ts";
import { checkFile, type UploadedFile } from "./read-rows.ts";
import {
  type Import,
  MAX_ROW_ERRORS,
  noProgress,
  type Refusal,
  type RowError,
  type SourceState,
} from "./schema.ts";

const HELD_AT_ONCE = 100;
const ROWS_BETWEEN_PAUSES = 256;
/** Progress is stored once in so many rows. */
const ROWS_BETWEEN_REPORTS = 5_000;

/**
 * Turns an uploaded file into facts and rollups. Safe to start any number of times, also side by side:
 * what a manifest records is not written again.
 * @throws DomainError import-not-found | permission-denied
 */
export async function runImport(
  ctx: JobContext,
  ports: JobPorts,
  { importId, file }: { readonly importId: ImportId; readonly file: UploadedFile },
): Promise<JobOutcome> {
  requirePermission(ctx.actor, "import:run");
  const job = (await ctx.store.imports.get(importId)) ?? raise("import-not-found");
  if (job.file === null) raise("import-not-found", "This job has no file");
  if (isEnded(job)) {
    await release(ctx, job);
    return { status: "ended", import: job };
  }
  const source = (await ctx.store.sources.get(job.sourceId)) ?? raise("source-not-found");
  if (job.status === "awaiting-upload" && (await isSuspended(ctx))) {
    return { status: "ended", import: await finish(ctx, job, { status: "refused", refusal }) };
  }
  return unlessOvertaken(ctx, importId, () => runFile(ctx, ports, job, source, file));
}

/** A file that was announced before the tenant was suspended, and put afterwards. */
const refusal: Refusal = {
  code: "tenant-suspended",
  row: 1,
  column: "",
  detail: "The tenant is suspended; announce the file again once it is active",
};

const isSuspended = async ({ store, now }: JobContext): Promise<boolean> =>
  standingOf(await store.subscriptions.state(now)) !== "open";

/**
 * Another run of the same job was faster: it goes on, this one is told to look again. Where the other one has ended
 * the job meanwhile, the source that this one took is given back at once.
 */
export async function unlessOvertaken(
  ctx: JobContext,
  importId: ImportId,
  run: () => Promise<JobOutcome>,
): Promise<JobOutcome> {
  try {
    return await run();
  } catch (error) {
    const isRace =
      error instanceof DomainError &&
      (error.code === "source-busy" || error.code === "version-stale");
    if (!isRace) throw error;
    const job = await ctx.store.imports.get(importId);
    if (!job || !isEnded(job)) return { status: "busy" };
    await release(ctx, job);
    return { status: "ended", import: job };
  }
}

async function runFile(
  ctx: JobContext,
  ports: JobPorts,
  job: Import,
  source: Source,
  file: UploadedFile,
): Promise<JobOutcome> {
  const { sizeBytes: announcedBytes = null, sha256: announcedSha = null } = job.file ?? {};
  const checked = await checkFile(file, presets[source.preset], {
    sizeBytes: announcedBytes,
    sha256: announcedSha,
  });
  if ("refusal" in checked) {
    const { refusal } = checked;
    return { status: "ended", import: await finish(ctx, job, { status: "refused", refusal }) };
  }
  const { sha256, sizeBytes, unknownColumns, rows } = checked;
  const told = {
    ...job,
    file: { name: job.file?.name ?? "", sizeBytes, sha256 },
    unknownColumns,
  };
  const standing = await ctx.store.imports.state(source.sourceId);
  if (job.isDryRun) return dryRun(ctx, told, source, file, standing);
  if (job.partnerId === null && standing?.lastFileSha256 === sha256) {
    const flags = standing.openFlags;
    const progress = { ...noProgress, rowsRead: rows, rowsUnchanged: rows, flags };
    const outcome = { status: "completed" as const, isRepeat: true, progress };
    return { status: "ended", import: await finish(ctx, told, outcome) };
  }
  const state = await claim(ctx, ports, job);
  if (!state) return { status: "busy" };
  const running = await start(ctx, told);
  try {
    return await writeRows(ctx, ports, running, source, file, state);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    // It was whole when it was read first, so it has been replaced since.
    const outcome = { status: "failed" as const, refusal: error.refusal };
    const failed = await finish(ctx, running, outcome);
    await release(ctx, failed);
    return { status: "ended", import: failed };
  }
}

async function writeRows(
  ctx: JobContext,
  ports: JobPorts,
  job: Import,
  source: Source,
  file: UploadedFile,
  state: SourceState,
): Promise<JobOutcome> {
  const { importId, sourceId } = job;
  const { index, written, ordinals } = await openJob(ctx, state, importId);
  const writer = openChunkWriter(ctx, job, index, ordinals);
  const rules = await rulesOf(ctx, source, job);
  const held = await heldDigests(ctx, source);
  const errors: RowError[] = [];
  const holding: HeldRow[] = [];
  const count = { ...noProgress };
  let current = job;
  const hold = async () => ctx.store.sources.holdRows(holding.splice(0));

  for await (const judged of judgedRows(rules, file, index, partnerNames(ctx))) {
    count.rowsRead += 1;
    if (count.rowsRead % ROWS_BETWEEN_PAUSES === 0 && ports.shouldPause()) {
      await writer.stop();
      return { status: "paused" };
    }
    if (count.rowsRead % ROWS_BETWEEN_REPORTS === 0) {
      const progress = { ...count, rowsChanged: written.size + writer.rowsWritten() };
      current = await report(ctx, { ...current, progress });
    }
    switch (judged.kind) {
      case "unchanged":
        if (!written.has(judged.externalId)) count.rowsUnchanged += 1;
        break;
      case "refused":
        count.rowsRefused += 1;
        if (errors.length < MAX_ROW_ERRORS) errors.push(judged.error);
        break;
      case "held": {
        count.rowsHeld += 1;
        const { externalId, digest, reason, partner, fileRow } = judged;
        if (held.get(externalId) === digest) break;
        const heldAt = ctx.now.toISOString();
        const { row, cells } = fileRow;
        holding.push({
          sourceId,
          externalId,
          reason,
          partner,
          cells,
          row,
          importId,
          digest,
          heldAt,
        });
        if (holding.length >= HELD_AT_ONCE) await hold();
        break;
      }
      case "ready": {
        const { externalId, digest, partnerId, known } = judged;
        const make = factFromFeed.bind(undefined, rules, { ...judged, importId });
        const releases = held.has(externalId);
        const months = monthsOfValues(judged.values);
        await writer.add({ externalId, digest, partnerId, known, months, releases, make });
        break;
      }
    }
  }
  await writer.finish();
  await hold();
  await ctx.store.imports.putRowErrors(importId, errors);
  return endJob(ctx, current, source, {
    state,
    index,
    progress: { ...count, rowsChanged: written.size + writer.rowsWritten() },
  });
}

/** @throws DomainError version-stale where another run of the job was faster */
async function report(ctx: JobContext, job: Import): Promise<Import> {
  const next = { ...job, version: job.version + 1 };
  if (!(await ctx.store.imports.saveProgress(next))) raise("version-stale");
  return next;
}

async function heldDigests(ctx: JobContext, { sourceId }: Source): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  for await (const row of ctx.store.sources.heldRows(sourceId))
    held.set(row.externalId, row.digest);
  return held;
}
