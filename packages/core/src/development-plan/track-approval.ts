import { createHash } from "node:crypto";
import { type ActorWith, requirePermission } from "../actor/index.ts";
import type { RosterStore } from "../assignment/index.ts";
import { type ContentionStore, unlessStale, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PlanId } from "../id/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { Vault } from "../vault/index.ts";
import {
  escalate,
  expire,
  outcomeOf,
  remind,
  type StepOutcome,
  type StepRef,
  waitingAt,
} from "./approval.ts";
import type { PlanChange } from "./development-plan.ts";
import type { DevelopmentPlanStore } from "./repository.ts";
import type { PlanIn } from "./schema.ts";
import { rightsOf, signatoriesOf } from "./submit-plan.ts";

type Context = RequestContext<ContentionStore & DevelopmentPlanStore>;
export type TrackedStep = StepRef & { readonly planId: PlanId };

/** Longer than any wait of a step. */
const TOKEN_DAYS = 366;

/**
 * Changes the plan while it waits at this step; what is decided meanwhile wins.
 * Safe to repeat: a workflow's task may run more than once.
 * @returns what became of the step, undefined while it still waits
 */
async function whileWaiting(
  ctx: Context,
  ref: TrackedStep,
  decide: (
    plan: PlanIn<"submitted">,
    by: ActorWith<"development-plan:track">,
  ) => Promise<PlanChange | undefined>,
): Promise<StepOutcome | undefined> {
  const by = requirePermission(ctx.actor, "development-plan:track");
  // A plan that is overtaken more often in a row is left to the workflow's own retries.
  const { outcome } = await untilFree(ctx.store, async () => {
    const plan = (await ctx.store.developmentPlans.get(ref.planId)) ?? raise("plan-not-found");
    const waiting = waitingAt(plan, ref);
    if (!waiting) return { outcome: outcomeOf(plan, ref) };
    const change = await decide(waiting, by);
    if (!change) return { outcome: undefined };
    return unlessStale(async () => {
      await ctx.store.developmentPlans.save(change.next, change.event, waiting);
      return { outcome: outcomeOf(change.next, ref) };
    });
  });
  return outcome;
}

/**
 * Keeps the token a workflow waits with, then looks again: a step that was decided in between is
 * answered at once, so that no decision falls between reading and waiting.
 */
export async function registerStep(
  ctx: Context,
  ref: TrackedStep,
  token: string,
  vault: Pick<Vault, "seal">,
): Promise<StepOutcome | undefined> {
  const { planId, revision, attempt, stepNumber } = ref;
  await ctx.store.stepTokens.put({
    planId,
    revision,
    attempt,
    stepNumber,
    tokenHash: createHash("sha256").update(token).digest("base64url"),
    sealed: vault.seal(token),
    expiresAt: Math.floor(ctx.now.getTime() / 1000) + TOKEN_DAYS * 86_400,
  });
  return whileWaiting(ctx, ref, async () => undefined);
}

export const remindApprover = (ctx: Context, ref: TrackedStep): Promise<StepOutcome | undefined> =>
  whileWaiting(ctx, ref, async (plan, by) => {
    const isReminded = plan.approval.steps[ref.stepNumber - 1]?.remindedAt !== null;
    return isReminded ? undefined : remind(plan, by, ctx.now);
  });

export const escalateStep = (
  ctx: Context & RequestContext<ProgramStore & RosterStore>,
  ref: TrackedStep,
): Promise<StepOutcome | undefined> =>
  whileWaiting(ctx, ref, async (plan, by) => {
    if (plan.approval.steps[ref.stepNumber - 1]?.escalatedAt !== null) return undefined;
    const [rights, members, signatories] = await Promise.all([
      rightsOf(ctx, plan),
      ctx.store.approvers.candidates([]),
      signatoriesOf(ctx, plan),
    ]);
    return escalate(plan, rights, { members, signatories }, by, ctx.now);
  });

/** @returns "expired", or what was decided before */
export const expirePlan = async (ctx: Context, ref: TrackedStep): Promise<StepOutcome> =>
  (await whileWaiting(ctx, ref, async (plan, by) => expire(plan, by, ctx.now))) ?? "expired";
