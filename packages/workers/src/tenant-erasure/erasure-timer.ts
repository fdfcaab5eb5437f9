import type { RequestContext } from "@concord/core/context";
import type { SubscriptionStore } from "@concord/core/edition";
import type { TenantId } from "@concord/core/id";
import type { ContentsStore } from "@concord/core/tenant-contents";
import { type ErasureRepository, eraseTenant } from "@concord/core/tenant-erasure";
import type { TimerHandler } from "../timer/run-tick.ts";
import { nextSliceAt, slice } from "../timer/slice.ts";

export interface ErasureTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<ContentsStore & SubscriptionStore>;
  readonly erasures: ErasureRepository;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
}

/** Goes on with an erasure a slice at a time. */
export const erasureTimer =
  ({ contextOf, erasures, wallNow }: ErasureTimerDependencies): TimerHandler =>
  async ({ tenantId, kind, subject }, now) => {
    const shouldPause = slice(wallNow);
    const erasure = await eraseTenant(
      contextOf(tenantId, now),
      { erasures, shouldPause },
      tenantId,
    );
    if (!erasure || erasure.finishedAt !== null) return "done";
    return { again: { kind, subject, dueAt: nextSliceAt(now) } };
  };
