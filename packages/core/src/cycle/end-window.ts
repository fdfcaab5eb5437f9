import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import { close, startFreeze } from "./cycle.ts";
import type { CycleStore } from "./repository.ts";
import type { Cycle } from "./schema.ts";

/** `waiting` where the step before is not over yet: the window ends as soon as it is. */
export type WindowOutcome = "ended" | "waiting";

const workTimer = (cycle: Cycle, now: Date) => ({
  kind: "cycle-work" as const,
  subject: cycle.cycleId,
  dueAt: now.toISOString(),
});

/** Ends the data window of a cycle: its cards are to be frozen. @throws DomainError cycle-not-found | version-stale */
export async function endDataWindow(
  ctx: RequestContext<CycleStore>,
  cycleId: CycleId,
): Promise<WindowOutcome> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const cycle = (await ctx.store.cycles.get(cycleId)) ?? raise("cycle-not-found");
  if (cycle.status !== "open") return "ended";
  if (cycle.kickedOffAt === null) return "waiting";
  const { next, event } = startFreeze(cycle, by, ctx.now);
  await ctx.store.cycles.save(next, event, [workTimer(next, ctx.now)]);
  return "ended";
}

/** Ends the review window of a cycle: its reviews are to be closed. @throws DomainError cycle-not-found | version-stale */
export async function endReviewWindow(
  ctx: RequestContext<CycleStore>,
  cycleId: CycleId,
): Promise<WindowOutcome> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const cycle = (await ctx.store.cycles.get(cycleId)) ?? raise("cycle-not-found");
  if (cycle.status === "closed") return "ended";
  if (cycle.status !== "frozen") return "waiting";
  const { next, event } = close(cycle, by, ctx.now);
  await ctx.store.cycles.save(next, event, [workTimer(next, ctx.now)]);
  return "ended";
}
