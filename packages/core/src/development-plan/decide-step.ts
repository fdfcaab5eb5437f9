import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { approveStep, refuse } from "./approval.ts";
import { planToChange } from "./get-plan.ts";
import type { DevelopmentPlanStore } from "./repository.ts";
import type { DevelopmentPlan } from "./schema.ts";
import type { PlanTarget } from "./write-plan.ts";

type Context = RequestContext<DevelopmentPlanStore>;

/** @throws DomainError plan-not-submitted | plan-self-approval | plan-not-your-turn | version-stale */
export async function approvePlan(
  ctx: Context,
  target: PlanTarget,
  comment: string | null,
): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:approve");
  const plan = await planToChange(ctx, target, "development-plan:approve");
  const { next, event } = approveStep(plan, comment, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}

/** @throws DomainError plan-not-submitted | plan-self-approval | plan-not-your-turn | version-stale */
export async function refusePlan(
  ctx: Context,
  target: PlanTarget,
  outcome: "returned" | "rejected",
  comment: string,
): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:approve");
  const plan = await planToChange(ctx, target, "development-plan:approve");
  const { next, event } = refuse(plan, outcome, comment, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}
