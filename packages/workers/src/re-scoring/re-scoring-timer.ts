import type { RequestContext } from "@concord/core/context";
import type { TenantId } from "@concord/core/id";
import type { ProjectionStore } from "@concord/core/ranking";
import { type ReScoringStore, reScore } from "@concord/core/re-scoring";
import { reScoreSubject } from "@concord/core/timer";
import type { TimerHandler } from "../timer/run-tick.ts";
import { nextSliceAt, slice } from "../timer/slice.ts";

export interface ReScoringTimerDependencies {
  /** Opens the tenant for the system, at this instant. */
  readonly contextOf: (
    tenantId: TenantId,
    now: Date,
  ) => RequestContext<ProjectionStore & ReScoringStore>;
  /** Milliseconds of the wall clock. */
  readonly wallNow: () => number;
}

/** Goes on with the scores of a tenant a slice at a time. */
export const reScoringTimer =
  ({ contextOf, wallNow }: ReScoringTimerDependencies): TimerHandler =>
  async (timer, now) => {
    const { tenantId, kind, subject } = timer;
    const shouldPause = slice(wallNow);
    const job = await reScore(contextOf(tenantId, now), reScoreSubject(timer), { shouldPause });
    if (job?.status === "done") return "done";
    return { again: { kind, subject, dueAt: nextSliceAt(now) } };
  };
