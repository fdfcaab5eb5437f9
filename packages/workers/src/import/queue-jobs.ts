import type { RequestContext } from "@concord/core/context";
import type { TenantId } from "@concord/core/id";
import { Import, type ImportStore, releaseHeldRows } from "@concord/core/import";
import { Partner } from "@concord/core/partner";
import type { SourceStore } from "@concord/core/source";
import { type ChangeFeed, consumeAdded } from "../change-feed/consume-changes.ts";
import type { ImportQueue } from "./run-import.ts";

export interface QueueJobsDependencies extends ChangeFeed {
  readonly queue: ImportQueue;
  /** Opens the tenant for the system, at this instant of the business clock. */
  readonly contextOf: (tenantId: TenantId) => RequestContext<ImportStore & SourceStore>;
}

/**
 * Puts jobs that need no upload into the queue as they are asked for, and asks for one where held rows
 * wait for a partner that is new. A job that is queued twice runs once.
 */
export const queueJobs = (
  deps: QueueJobsDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> =>
  consumeAdded(deps, batch, async ({ tenantId, entity, row }) => {
    if (entity === "Partner") {
      await releaseHeldRows(deps.contextOf(tenantId), Partner.parse(row));
      return;
    }
    if (entity !== "Import") return;
    const { importId, status } = Import.parse(row);
    if (status !== "queued") return;
    await deps.queue.send({ kind: "run-import", tenantId, importId }, 0);
  });
