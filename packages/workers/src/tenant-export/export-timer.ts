import type { RequestContext } from "@concord/core/context";
import { ExportId, type TenantId } from "@concord/core/id";
import type { TenantProfileStore } from "@concord/core/tenant";
import type { ContentsStore } from "@concord/core/tenant-contents";
import { type ExportFiles, type ExportStore, runExport } from "@concord/core/tenant-export";
import type { TimerHandler } from "../timer/run-tick.ts";
import { nextSliceAt, slice } from "../timer/slice.ts";

export interface ExportTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<ContentsStore & ExportStore & TenantProfileStore>;
  readonly files: ExportFiles;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
}

/** Goes on with an export a slice at a time. */
export const exportTimer =
  ({ contextOf, files, wallNow }: ExportTimerDependencies): TimerHandler =>
  async ({ tenantId, kind, subject }, now) => {
    const shouldPause = slice(wallNow);
    const ports = { files, shouldPause };
    const job = await runExport(contextOf(tenantId, now), ports, ExportId.parse(subject));
    if (job.status === "completed") return "done";
    return { again: { kind, subject, dueAt: nextSliceAt(now) } };
  };
