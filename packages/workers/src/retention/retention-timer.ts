import type { RequestContext } from "@concord/core/context";
import type { TenantId } from "@concord/core/id";
import { type RecordStore, type RetentionStore, runRetention } from "@concord/core/retention";
import type { TenantProfileStore } from "@concord/core/tenant";
import type { TimerHandler } from "../timer/run-tick.ts";
import { nextSliceAt, slice } from "../timer/slice.ts";

export interface RetentionTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<RecordStore & RetentionStore & TenantProfileStore>;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
}

/** Goes on with the day's run a slice at a time, also where the tenant is suspended: keeping less is a duty. */
export const retentionTimer =
  ({ contextOf, wallNow }: RetentionTimerDependencies): TimerHandler =>
  async ({ tenantId, kind, subject }, now) => {
    const shouldPause = slice(wallNow);
    const progress = await runRetention(contextOf(tenantId, now), { shouldPause, wallNow });
    switch (progress.outcome) {
      case "off":
        return "done";
      case "finished":
        return { again: progress.timer };
      case "paused":
        return { again: { kind, subject, dueAt: nextSliceAt(now) } };
    }
  };
