import type { RequestContext } from "@concord/core/context";
import type { TenantId } from "@concord/core/id";
import type { ProjectionStore } from "@concord/core/ranking";
import { type ReScoringStore, reScore } from "@concord/core/re-scoring";
import { reScoreSubject } from "@concord/core/timer";
import type { TimerHandler } from "../timer/run-tick.ts";

export interface ReScoringTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<ProjectionStore & ReScoringStore>;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
}

/** A tick ends after 50 seconds, and other tenants' timers are due in it too. */
const SLICE_MS = 15_000;
const MINUTE_MS = 60_000;

/** Goes on with the scores of a tenant a slice at a time. */
export const reScoringTimer =
  ({ contextOf, wallNow }: ReScoringTimerDependencies): TimerHandler =>
  async (timer, now) => {
    const { tenantId, kind, subject } = timer;
    const until = wallNow() + SLICE_MS;
    const shouldPause = () => wallNow() >= until;
    const job = await reScore(contextOf(tenantId, now), reScoreSubject(timer), { shouldPause });
    if (job?.status === "done") return "done";
    const dueAt = new Date(now.getTime() + MINUTE_MS).toISOString();
    return { again: { kind, subject, dueAt } };
  };
