import { requirePermission } from "../actor/index.ts";
import { membersWith, type RosterStore } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { DecisionRights, ProgramStore } from "../program/index.ts";
import { submit } from "./approval.ts";
import { planToChange } from "./get-plan.ts";
import type { DevelopmentPlanStore } from "./repository.ts";
import type { DevelopmentPlan } from "./schema.ts";
import type { PlanTarget } from "./write-plan.ts";

/** Of the program version that the plan's cycle is pinned to. @throws DomainError program-version-not-found */
export async function rightsOf(
  ctx: RequestContext<ProgramStore>,
  { programId, programVersion }: DevelopmentPlan,
): Promise<DecisionRights> {
  const program = await ctx.store.programs.version(programId, programVersion);
  return (program ?? raise("program-version-not-found")).definition.decisionRights;
}

/** Of the partner and of the plan's program, on the tenant's side. */
export async function signatoriesOf(
  { store }: RequestContext<RosterStore>,
  { partnerId, programId }: DevelopmentPlan,
): Promise<readonly MemberId[]> {
  const rosters = await store.rosters.of([
    { partnerId, programId: null },
    { partnerId: null, programId },
  ]);
  return membersWith(rosters, "plan-signatory");
}

/** @throws DomainError plan-not-draft | plan-not-accepted | plan-approver-missing | version-stale */
export async function submitPlan(
  ctx: RequestContext<DevelopmentPlanStore & PartnerStore & ProgramStore & RosterStore>,
  target: PlanTarget,
): Promise<DevelopmentPlan> {
  const by = requirePermission(ctx.actor, "development-plan:submit");
  const plan = await planToChange(ctx, target, "development-plan:submit");
  const partner = (await ctx.store.partners.get(plan.partnerId)) ?? raise("partner-not-found");
  const named = [partner.partnerManagerId, partner.executiveSponsorId].filter((id) => id !== null);
  const [rights, signatories] = await Promise.all([rightsOf(ctx, plan), signatoriesOf(ctx, plan)]);
  const members = await ctx.store.approvers.candidates(named);
  const { next, event } = submit(plan, partner, rights, { members, signatories }, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return next;
}
