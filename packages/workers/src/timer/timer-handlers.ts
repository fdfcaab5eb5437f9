import type { AuditStore, SignHead } from "@concord/core/audit";
import type { RequestContext } from "@concord/core/context";
import type { CycleQueue, CycleStore } from "@concord/core/cycle";
import type { SubscriptionStore } from "@concord/core/edition";
import type { TenantId } from "@concord/core/id";
import type { ProjectionStore } from "@concord/core/ranking";
import type { TenantProfileStore } from "@concord/core/tenant";
import { linkChanges } from "../audit/link-changes.ts";
import { cycleTimers } from "../cycle/cycle-timers.ts";
import { subscriptionTimers, whileOpen } from "../edition/subscription-timers.ts";
import { recountRanking } from "../ranking/project-ranking.ts";
import type { TickDependencies, TimerHandler } from "./run-tick.ts";

export interface TimerHandlerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<
    AuditStore & CycleStore & ProjectionStore & SubscriptionStore & TenantProfileStore
  >;
  readonly queue: CycleQueue;
  /** Signs the heads of the audit chains. */
  readonly sign: SignHead;
  readonly log: TickDependencies["log"];
}

/** What each kind of timer sets off. */
export function timerHandlers(deps: TimerHandlerDependencies): TickDependencies["handlers"] {
  const cycles = cycleTimers(deps);
  const paused = (handler: TimerHandler) => whileOpen(deps.contextOf, handler);
  return {
    "cycle-open": paused(cycles["cycle-open"]),
    "cycle-work": cycles["cycle-work"],
    "cycle-freeze": paused(cycles["cycle-freeze"]),
    "cycle-close": paused(cycles["cycle-close"]),
    ...subscriptionTimers(deps),
    "audit-link": linkChanges(deps),
    "ranking-recount": (timer, now) =>
      recountRanking({ contextOf: (tenantId) => deps.contextOf(tenantId, now) }, timer, now),
  };
}
