import { raise } from "../error/index.ts";
import type { ImportId } from "../id/index.ts";
import type { JobContext, JobOutcome, JobPorts } from "./job.ts";
import type { UploadedFile } from "./read-rows.ts";
import { runImport } from "./run-import.ts";
import { runReevaluation } from "./run-reevaluation.ts";

/**
 * Runs a job of either kind as far as it comes.
 * @throws DomainError import-not-found | permission-denied
 */
export async function runJob(
  ctx: JobContext,
  ports: JobPorts,
  { importId, file }: { readonly importId: ImportId; readonly file: UploadedFile },
): Promise<JobOutcome> {
  const job = (await ctx.store.imports.get(importId)) ?? raise("import-not-found");
  return job.file === null
    ? runReevaluation(ctx, ports, importId)
    : runImport(ctx, ports, { importId, file });
}
