import { factFromFeed, indexEntryOf } from "../opportunity/index.ts";
import type { Source } from "../source/index.ts";
import { finish, type JobContext, type JobOutcome } from "./job.ts";
import { judgedRows, rulesOf } from "./judge-rows.ts";
import { partnerNames } from "./partner-names.ts";
import type { UploadedFile } from "./read-rows.ts";
import { defectCounts } from "./refresh-flags.ts";
import { flagGroups, type RowIndex } from "./row-index.ts";
import {
  type Import,
  MAX_ROW_ERRORS,
  type Progress,
  type RowError,
  type SourceState,
} from "./schema.ts";

/** What the file would do, counted; nothing but the import itself and its row errors is written. */
export async function dryRun(
  ctx: JobContext,
  job: Import,
  source: Source,
  file: UploadedFile,
  state: SourceState | undefined,
): Promise<JobOutcome> {
  const { importId } = job;
  const rules = await rulesOf(ctx, source, job);
  const index: RowIndex = state ? await ctx.store.imports.loadIndex(state) : new Map();
  const errors: RowError[] = [];
  const progress: Progress = { ...job.progress };
  for await (const judged of judgedRows(rules, file, index, partnerNames(ctx))) {
    progress.rowsRead += 1;
    if (judged.kind === "unchanged") progress.rowsUnchanged += 1;
    else if (judged.kind === "held") progress.rowsHeld += 1;
    else if (judged.kind === "refused") {
      progress.rowsRefused += 1;
      if (errors.length < MAX_ROW_ERRORS) errors.push(judged.error);
    } else {
      progress.rowsChanged += 1;
      const { externalId, digest, known } = judged;
      const fact = factFromFeed(rules, { ...judged, importId }, undefined);
      index.set(externalId, {
        ...indexEntryOf(fact, digest),
        isPinned: known?.isPinned ?? false,
      });
    }
  }
  await ctx.store.imports.putRowErrors(importId, errors);
  const groups = flagGroups(index, source.sourceId, rules.preset);
  progress.flags = groups.length;
  const outcome = { status: "validated" as const, progress, defects: defectCounts(groups) };
  return { status: "ended", import: await finish(ctx, job, outcome) };
}
