import type { RequestContext } from "@concord/core/context";
import type { CycleQueue, CycleStore } from "@concord/core/cycle";
import type { TenantId } from "@concord/core/id";
import type { ProjectionStore } from "@concord/core/ranking";
import type { TenantProfileStore } from "@concord/core/tenant";
import { cycleTimers } from "../cycle/cycle-timers.ts";
import { recountRanking } from "../ranking/project-ranking.ts";
import type { TickDependencies } from "./run-tick.ts";

export interface TimerHandlerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<CycleStore & ProjectionStore & TenantProfileStore>;
  readonly queue: CycleQueue;
}

/** What each kind of timer sets off. */
export const timerHandlers = (deps: TimerHandlerDependencies): TickDependencies["handlers"] => ({
  ...cycleTimers(deps),
  "ranking-recount": (timer, now) =>
    recountRanking({ contextOf: (tenantId) => deps.contextOf(tenantId, now) }, timer, now),
});
