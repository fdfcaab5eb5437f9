import { type Actor, requirePermission } from "../actor/index.ts";
import type { CalendarDate } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MilestoneId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { close, moveMilestone, note, requireOwn } from "./goal.ts";
import { type GoalTarget, seenGoal, todayOf } from "./read-goals.ts";
import type { GoalStore } from "./repository.ts";
import type { CloseGoal, Goal, WriteGoalNote } from "./schema.ts";

type Context = RequestContext<GoalStore & PartnerStore & TenantProfileStore>;

/** @throws DomainError permission-denied | goal-not-found | version-stale | goal-of-others */
async function ownGoal(ctx: Context, target: GoalTarget): Promise<{ goal: Goal; by: Actor }> {
  const by = requirePermission(ctx.actor, "goal:update");
  const goal = await seenGoal(ctx, target);
  const partner = (await ctx.store.partners.get(goal.partnerId)) ?? raise("goal-not-found");
  requireOwn(goal, by, partner);
  return { goal, by };
}

/**
 * Says that a milestone is done, or is not after all; each side of its own.
 * @throws DomainError permission-denied | goal-not-found | version-stale | goal-of-others | goal-not-open |
 *   goal-milestone-not-found | goal-invalid
 */
export async function moveGoalMilestone(
  ctx: Context,
  { milestoneId, ...target }: GoalTarget & { readonly milestoneId: MilestoneId },
  doneOn: CalendarDate | null,
): Promise<Goal> {
  const { goal, by } = await ownGoal(ctx, target);
  const change = moveMilestone(goal, { milestoneId, doneOn }, by, await todayOf(ctx), ctx.now);
  await ctx.store.goals.save(change);
  return change.next;
}

/** @throws DomainError permission-denied | goal-not-found | version-stale | goal-of-others | goal-not-open */
export async function noteOnGoal(
  ctx: Context,
  target: GoalTarget,
  input: WriteGoalNote,
): Promise<Goal> {
  const { goal, by } = await ownGoal(ctx, target);
  const { note: written, ...change } = note(goal, input, by, ctx.now);
  await ctx.store.goals.save(change, written);
  return change.next;
}

/**
 * @throws DomainError permission-denied | goal-not-found | version-stale | goal-of-others | goal-not-open |
 *   goal-milestones-open | goal-not-overdue
 */
export async function closeGoal(ctx: Context, target: GoalTarget, input: CloseGoal): Promise<Goal> {
  const { goal, by } = await ownGoal(ctx, target);
  const change = close(goal, input, by, await todayOf(ctx), ctx.now);
  await ctx.store.goals.save(change);
  return change.next;
}
