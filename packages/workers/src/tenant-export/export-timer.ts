import type { RequestContext } from "@concord/core/context";
import { ExportId, type TenantId } from "@concord/core/id";
import type { TenantProfileStore } from "@concord/core/tenant";
import type { ContentsStore } from "@concord/core/tenant-contents";
import { type ExportFiles, type ExportStore, runExport } from "@concord/core/tenant-export";
import type { TimerHandler } from "../timer/run-tick.ts";

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

/** A tick ends after 50 seconds, and other tenants' timers are due in it too. */
const SLICE_MS = 15_000;
const MINUTE_MS = 60_000;

/** Goes on with an export a slice at a time. */
export const exportTimer =
  ({ contextOf, files, wallNow }: ExportTimerDependencies): TimerHandler =>
  async ({ tenantId, kind, subject }, now) => {
    const until = wallNow() + SLICE_MS;
    const shouldPause = () => wallNow() >= until;
    const ports = { files, shouldPause };
    const job = await runExport(contextOf(tenantId, now), ports, ExportId.parse(subject));
    if (job.status === "completed") return "done";
    const dueAt = new Date(now.getTime() + MINUTE_MS).toISOString();
    return { again: { kind, subject, dueAt } };
  };
