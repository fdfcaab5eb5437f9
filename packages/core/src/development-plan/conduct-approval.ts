import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PlanId } from "../id/index.ts";
import {
  openStep,
  outcomeOf,
  restart,
  type StepOutcome,
  type StepRef,
  waitsOf,
} from "./approval.ts";
import type { DevelopmentPlanStore } from "./repository.ts";

type Context = RequestContext<DevelopmentPlanStore>;

/** One way of a workflow through the steps of one revision. */
export interface ApprovalRun {
  readonly planId: PlanId;
  readonly revision: number;
  readonly attempt: number;
}

/** What a run is started with; days are seconds here. */
export interface ApprovalStart extends ApprovalRun {
  readonly steps: number;
  readonly reminderAfterSeconds: number;
  readonly escalateAfterSeconds: number;
  readonly expireAfterSeconds: number;
}

/** A name is never used twice, so that one run is started once. */
export const runName = ({ planId, revision, attempt }: ApprovalRun): string =>
  `plan-${planId}-r${revision}-a${attempt}`;

/** The run that a submitted plan needs; undefined once it is decided. @throws DomainError plan-not-found */
export async function approvalToStart(
  ctx: Context,
  planId: PlanId,
): Promise<ApprovalStart | undefined> {
  requirePermission(ctx.actor, "development-plan:track");
  const plan = (await ctx.store.developmentPlans.get(planId)) ?? raise("plan-not-found");
  if (plan.status !== "submitted") return undefined;
  const { revision, approval } = plan;
  const { attempt, steps } = approval;
  return { planId, revision, attempt, steps: steps.length, ...waitsOf(approval) };
}

/**
 * The answers that are due to the waits of a step. Safe to repeat: what was answered before is told
 * again, and the workflow refuses it.
 */
export async function answersDue(
  ctx: Context,
  planId: PlanId,
  step: Pick<StepRef, "revision" | "stepNumber">,
): Promise<{ readonly sealed: string; readonly outcome: StepOutcome }[]> {
  requirePermission(ctx.actor, "development-plan:track");
  const plan = (await ctx.store.developmentPlans.get(planId)) ?? raise("plan-not-found");
  const tokens = await ctx.store.stepTokens.ofStep(planId, step);
  return tokens.flatMap((token) => {
    const outcome = outcomeOf(plan, token);
    return outcome ? [{ sealed: token.sealed, outcome }] : [];
  });
}

/** A machine needs this long to be started; one that is missing before is not lost. */
const START_SECONDS = 3_600;

/**
 * For a run whose state machine is gone: the next attempt.
 * @returns false where the plan went on meanwhile, or the machine may still be about to start
 * @throws DomainError plan-not-found | version-stale
 */
export async function restartApproval(ctx: Context, run: ApprovalRun): Promise<boolean> {
  const by = requirePermission(ctx.actor, "development-plan:track");
  const plan = (await ctx.store.developmentPlans.get(run.planId)) ?? raise("plan-not-found");
  if (plan.status !== "submitted") return false;
  if (plan.revision !== run.revision || plan.approval.attempt !== run.attempt) return false;
  const openedAt = openStep(plan).openedAt ?? plan.approval.submittedAt;
  if (ctx.now.getTime() - Date.parse(openedAt) < START_SECONDS * 1000) return false;
  const { next, event } = restart(plan, by, ctx.now);
  await ctx.store.developmentPlans.save(next, event, plan);
  return true;
}
