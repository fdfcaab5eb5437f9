import { DomainError } from "@concord/core/error";
import { ImportId, TenantId } from "@concord/core/id";
import {
  type JobContext,
  type JobPorts,
  ownerOfUpload,
  runJob,
  type UploadedFile,
  uploadKey,
} from "@concord/core/import";
import { z } from "zod";

/** Asks for a job to be run, or to be gone on with. */
export const ImportMessage = z.object({
  kind: z.literal("run-import"),
  tenantId: TenantId,
  importId: ImportId,
});
export type ImportMessage = z.infer<typeof ImportMessage>;

export interface ImportQueue {
  send(message: ImportMessage, delaySeconds: number): Promise<void>;
}

export interface ImportDependencies extends JobPorts {
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => JobContext;
  readonly objectOf: (key: string) => UploadedFile;
  readonly queue: ImportQueue;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const Batch = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

const ObjectCreated = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })),
});

const BUSY_DELAY_SECONDS = 20;

/**
 * The messages of one delivery: uploads, as the object store announces them, and our own. A job that is
 * interrupted, or finds its source taken, is put back into the queue.
 * @returns the messages that failed, as AWS asks for them
 */
export async function runImports(
  deps: ImportDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Batch.parse(batch).Records) {
    try {
      for (const message of messagesOf(deps, JSON.parse(body))) await run(deps, message);
    } catch (error) {
      const isGone = error instanceof DomainError && error.kind === "not-found";
      deps.log({
        level: "error",
        message: isGone ? "import dropped" : "import failed",
        ...{ messageId, error: String(error) },
      });
      if (!isGone) batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

function messagesOf(deps: ImportDependencies, body: unknown): ImportMessage[] {
  const own = ImportMessage.safeParse(body);
  if (own.success) return [own.data];
  const created = ObjectCreated.safeParse(body);
  // The bucket sends a test event when its notifications are set up.
  if (!created.success) return [];
  return created.data.Records.flatMap(({ s3 }): ImportMessage[] => {
    const key = decodeURIComponent(s3.object.key.replaceAll("+", " "));
    const owner = ownerOfUpload(key);
    if (owner) return [{ kind: "run-import", ...owner }];
    deps.log({ level: "error", message: "object of no import", key: key.slice(0, 200) });
    return [];
  });
}

async function run(deps: ImportDependencies, message: ImportMessage): Promise<void> {
  const { tenantId, importId } = message;
  const file = deps.objectOf(uploadKey(tenantId, importId));
  const outcome = await runJob(deps.contextOf(tenantId), deps, { importId, file });
  deps.log({
    level: "info",
    message: "import run",
    tenantId,
    importId,
    ...(outcome.status === "ended"
      ? { status: outcome.import.status, ...outcome.import.progress }
      : { status: outcome.status }),
  });
  if (outcome.status === "paused") await deps.queue.send(message, 0);
  if (outcome.status === "busy") await deps.queue.send(message, BUSY_DELAY_SECONDS);
}
