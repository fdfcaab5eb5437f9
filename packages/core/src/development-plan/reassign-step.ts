import { requirePermission } from "../actor/index.ts";
import type { RosterStore } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId, PlanId } from "../id/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { Candidate } from "./approvers.ts";
import { reassign, type StepRefusal } from "./reassignment.ts";
import type { DevelopmentPlanStore } from "./repository.ts";
import { rightsOf, signatoriesOf } from "./submit-plan.ts";

/**
 * The workflow of the plan goes on as it was: it waits for the step, whoever decides it.
 * @returns why the decision stays where it is; undefined once it has moved
 * @throws DomainError plan-not-found | version-stale
 */
export async function reassignStep(
  ctx: RequestContext<DevelopmentPlanStore & ProgramStore & RosterStore>,
  planId: PlanId,
  who: { readonly from: MemberId; readonly to: Candidate },
): Promise<StepRefusal | undefined> {
  const by = requirePermission(ctx.actor, "member:handover");
  const plan = (await ctx.store.developmentPlans.get(planId)) ?? raise("plan-not-found");
  const [rights, signatories] = await Promise.all([rightsOf(ctx, plan), signatoriesOf(ctx, plan)]);
  const change = reassign(plan, { ...who, signatories }, rights, by, ctx.now);
  if (typeof change === "string") return change;
  await ctx.store.developmentPlans.save(change.next, change.event, plan);
  return undefined;
}
