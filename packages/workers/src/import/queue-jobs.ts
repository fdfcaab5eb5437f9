import { Import } from "@concord/core/import";
import { type ChangeFeed, consumeAdded } from "../change-feed/consume-changes.ts";
import type { ImportQueue } from "./run-import.ts";

export interface QueueJobsDependencies extends ChangeFeed {
  readonly queue: ImportQueue;
}

/** Puts jobs that need no upload into the queue as they are asked for. A job that is queued twice runs once. */
export const queueJobs = (
  deps: QueueJobsDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> =>
  consumeAdded(deps, batch, async ({ tenantId, entity, row }) => {
    if (entity !== "Import") return;
    const { importId, status } = Import.parse(row);
    if (status !== "queued") return;
    await deps.queue.send({ kind: "run-import", tenantId, importId }, 0);
  });
