import type { CadenceStore } from "@concord/core/cadence";
import type { RequestContext } from "@concord/core/context";
import {
  type CycleQueue,
  type CycleStore,
  endDataWindow,
  endReviewWindow,
  openCycle,
  stepStartedAt,
  stepUnderWay,
} from "@concord/core/cycle";
import { raise } from "@concord/core/error";
import { CycleId, type TenantId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { PlaybookStore } from "@concord/core/playbook";
import type { ProgramStore } from "@concord/core/program";
import type { TenantProfileStore } from "@concord/core/tenant";
import { cycleOpenSubject, type TimerKind } from "@concord/core/timer";
import type { TimerHandler } from "../timer/run-tick.ts";

export interface CycleTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<
    CadenceStore & CycleStore & PartnerStore & PlaybookStore & ProgramStore & TenantProfileStore
  >;
  readonly queue: CycleQueue;
}

const MINUTE_MS = 60_000;
const LONGEST_PAUSE_MS = 15 * MINUTE_MS;

/** Waits as long again as the step has taken, so that a long one is not handed out over and over. */
function followUpAt(startedAt: string, now: Date): string {
  const elapsed = now.getTime() - Date.parse(startedAt);
  const pause = Math.min(LONGEST_PAUSE_MS, Math.max(MINUTE_MS, elapsed));
  // On the minute, so that two ticks at once set the same timer.
  return new Date(Math.ceil((now.getTime() + pause) / MINUTE_MS) * MINUTE_MS).toISOString();
}

/** Opening, freezing and closing by the clock; the work for each partner is handed to the queue. */
export const cycleTimers = ({
  contextOf,
  queue,
}: CycleTimerDependencies): Record<Extract<TimerKind, `cycle-${string}`>, TimerHandler> => ({
  "cycle-open": async (timer, now) => {
    const opening = await openCycle(contextOf(timer.tenantId, now), cycleOpenSubject(timer));
    const isLeft = opening.outcome === "too-early" || opening.outcome === "nobody";
    return isLeft && opening.timer ? { again: opening.timer } : "done";
  },

  "cycle-work": async ({ tenantId, kind, subject }, now) => {
    const cycleId = CycleId.parse(subject);
    const { cycles } = contextOf(tenantId, now).store;
    const cycle = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
    if (!stepUnderWay(cycle)) return "done";
    await queue.send([{ kind: "advance-cycle", tenantId, cycleId }]);
    return { again: { kind, subject, dueAt: followUpAt(stepStartedAt(cycle), now) } };
  },

  "cycle-freeze": async ({ tenantId, subject }, now) => {
    const outcome = await endDataWindow(contextOf(tenantId, now), CycleId.parse(subject));
    return outcome === "ended" ? "done" : "waiting";
  },

  "cycle-close": async ({ tenantId, subject }, now) => {
    const outcome = await endReviewWindow(contextOf(tenantId, now), CycleId.parse(subject));
    return outcome === "ended" ? "done" : "waiting";
  },
});
