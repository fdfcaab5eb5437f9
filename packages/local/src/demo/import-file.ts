import { setTimeout as wait } from "node:timers/promises";
import type { ImportId } from "@concord/core/id";
import type { Import, UploadTarget } from "@concord/core/import";
import type { Source } from "@concord/core/source";
import type { LocalRuntime } from "../runtime/start-runtime.ts";
import type { ApiClient } from "./api-client.ts";
import type { VendorPerson } from "./set-up.ts";

interface FileToImport {
  readonly name: string;
  readonly text: string;
  readonly dryRun?: boolean;
}

const ENDED: ReadonlySet<Import["status"]> = new Set([
  "validated",
  "completed",
  "refused",
  "failed",
]);
const POLLS = 600;
const POLL_MILLISECONDS = 100;

/** A runtime that works in the background may have the job in hand already, so that settling does not end it. */
async function endOf(runtime: LocalRuntime, api: ApiClient, importId: ImportId): Promise<Import> {
  for (let poll = 1; ; poll += 1) {
    await runtime.settle();
    const { body: job } = await api.call<Import>(`/v1/imports/${importId}`);
    if (ENDED.has(job.status) || poll === POLLS) return job;
    await wait(POLL_MILLISECONDS);
  }
}

/** Requests an import, puts the file where the answer says, and lets the job run to its end. */
export async function importFile(
  runtime: LocalRuntime,
  {
    dataSteward: { api },
    source,
  }: { readonly dataSteward: Pick<VendorPerson, "api">; readonly source: Source },
  { name, text, dryRun = false }: FileToImport,
): Promise<Import> {
  const content = Buffer.from(text, "utf8");
  const { body: requested } = await api.call<{ import: Import; upload: UploadTarget }>(
    "/v1/imports",
    {
      body: {
        sourceId: source.sourceId,
        fileName: name,
        sizeBytes: content.byteLength,
        dryRun,
      },
    },
  );
  const { method, url, headers } = requested.upload;
  const uploaded = await fetch(url, { method, headers, body: content });
  if (!uploaded.ok) {
    throw new Error(
      `the upload of ${name} was answered ${uploaded.status}: ${await uploaded.text()}`,
    );
  }
  const job = await endOf(runtime, api, requested.import.importId);
  if (job.status !== (dryRun ? "validated" : "completed")) {
    const refusal = job.refusal
      ? `: ${job.refusal.detail} (row ${job.refusal.row}, column "${job.refusal.column}")`
      : "";
    throw new Error(`the import of ${name} is ${job.status}${refusal}`);
  }
  return job;
}
