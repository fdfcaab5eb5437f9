import { requirePermission } from "../actor/index.ts";
import { type RosterStore, requireDuty } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { type PartnerId, PlanId } from "../id/index.ts";
import { getReview, type ReviewKey, type ReviewStore } from "../review/index.ts";
import { accept, create, reachMilestone, update, withdraw } from "./development-plan.ts";
import { planToChange } from "./get-plan.ts";
import type { DevelopmentPlanStore } from "./repository.ts";
import type {
  CreatePlan,
  DevelopmentPlan,
  PlanBasis,
  ReachMilestone,
  UpdatePlan,
} from "./schema.ts";

type Context = RequestContext<DevelopmentPlanStore>;
export interface PlanTarget {
  readonly planId: PlanId;
  readonly ifVersion: number;
}

/** @throws DomainError plan-basis-missing */
export const basisOf = async (ctx: Context, key: ReviewKey): Promise<PlanBasis> =>
  (await ctx.store.planBases.of(key)) ?? raise("plan-basis-missing");

/** @throws DomainError review-not-found | plan-basis-missing | plan-metric-unknown | request-invalid */
export async function createPlan(
  ctx: RequestContext<DevelopmentPlanStore & ReviewStore>,
  partnerId: PartnerId,
  input: CreatePlan,
): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:write");
  const key = { cycleId: input.cycleId, partnerId };
  await getReview(ctx, key);
  const basis = await basisOf(ctx, key);
  const { next, event } = create({ planId: ctx.mint(PlanId), ...key }, input, basis, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event);
  return next;
}

/** @throws DomainError plan-not-draft | plan-metric-unknown | request-invalid | version-stale */
export async function updatePlan(
  ctx: Context,
  target: PlanTarget,
  changes: UpdatePlan,
): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:write");
  const plan = await planToChange(ctx, target, "development-plan:write");
  const { next, event } = update(plan, changes, await basisOf(ctx, plan), by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}

/**
 * In the partner's name: by its signatories, where there are any.
 * @throws DomainError permission-denied | plan-not-found | plan-not-draft | version-stale | duty-of-others
 */
export async function acceptPlan(
  ctx: RequestContext<DevelopmentPlanStore & RosterStore>,
  target: PlanTarget,
): Promise<DevelopmentPlan> {
  const plan = await planToChange(ctx, target, "development-plan:read");
  const by = await requireDuty(ctx, "plan-signatory", "development-plan:accept", plan);
  const { next, event } = accept(plan, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}

/** @throws DomainError plan-not-submitted | plan-not-author | version-stale */
export async function withdrawPlan(ctx: Context, target: PlanTarget): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:write");
  const plan = await planToChange(ctx, target, "development-plan:write");
  const { next, event } = withdraw(plan, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}

/** @throws DomainError plan-not-approved | milestone-not-found | version-stale */
export async function reachPlanMilestone(
  ctx: Context,
  target: PlanTarget,
  input: ReachMilestone,
): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:write");
  const plan = await planToChange(ctx, target, "development-plan:write");
  const { next, event } = reachMilestone(plan, input, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}
