import type { ActorWith } from "../actor/index.ts";
import { hasDuty, refOf } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import type { MemberId } from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import type { DecisionRights } from "../program/index.ts";
import { type Candidate, freeSignatory, hasWritten, stepsFor, substituteFor } from "./approvers.ts";
import type { PlanChange } from "./development-plan.ts";
import type { Approval, ApprovalStep, DevelopmentPlan, PlanIn, WaitingPlan } from "./schema.ts";

/** Which step of which run a workflow speaks of. */
export interface StepRef {
  readonly revision: number;
  readonly attempt: number;
  readonly stepNumber: number;
}

type Approver = ActorWith<"development-plan:approve">;
type Tracker = ActorWith<"development-plan:track">;

/** @throws DomainError plan-not-draft | plan-not-accepted | plan-approver-missing */
export function submit(
  plan: DevelopmentPlan,
  partner: Partner,
  rights: DecisionRights,
  people: { readonly members: readonly Candidate[]; readonly signatories: readonly MemberId[] },
  by: ActorWith<"development-plan:submit">,
  now: Date,
): PlanChange {
  if (plan.status !== "draft") raise("plan-not-draft");
  if (!plan.accepted) raise("plan-not-accepted");
  const at = now.toISOString();
  const steps = stepsFor(plan, partner, rights, people.members, people.signatories).map((step) =>
    step.stepNumber === 1 ? { ...step, openedAt: at } : step,
  );
  return {
    next: {
      ...plan,
      status: "submitted",
      approval: {
        attempt: 1,
        submittedBy: refOf(by),
        submittedAt: at,
        steps,
        reminderDays: rights.reminderDays,
        escalationDays: rights.escalationDays,
        expiryDays: rights.approvalStepDays,
      },
      updatedAt: at,
      version: plan.version + 1,
    },
    event: eventOf("development-plan.submitted", by, now, {
      revision: plan.revision,
      stepNumber: 1,
      approvers: steps.map(({ approverId }) => approverId),
    }),
  };
}

/** The step that waits for a decision. */
export const openStep = (plan: PlanIn<"submitted">): ApprovalStep =>
  plan.approval.steps.find(({ decision }) => decision === null) ?? raise("plan-not-submitted");

const DAY_SECONDS = 86_400;

/** Seconds from the opening of a step to the expiry of its plan. */
const stepSeconds = ({ expiryDays }: Approval): number => expiryDays * DAY_SECONDS;

/**
 * How long a step waits for what, each from the one before. Days that are out of order meet at the
 * expiry, one second apart, since a wait of no time is none.
 */
export function waitsOf(approval: Approval): {
  readonly reminderAfterSeconds: number;
  readonly escalateAfterSeconds: number;
  readonly expireAfterSeconds: number;
} {
  const expiry = stepSeconds(approval);
  const escalation = Math.min(approval.escalationDays * DAY_SECONDS, expiry - 1);
  const reminder = Math.min(approval.reminderDays * DAY_SECONDS, escalation - 1);
  return {
    reminderAfterSeconds: reminder,
    escalateAfterSeconds: escalation - reminder,
    expireAfterSeconds: expiry - escalation,
  };
}

/** Whose decision the plan waits for: the approver's and, once the step is escalated, the substitute's. */
export function waitingOf(plan: DevelopmentPlan): WaitingPlan[] {
  if (plan.status !== "submitted") return [];
  const { planId, partnerId, title, budget, revision, approval } = plan;
  const { stepNumber, approverId, escalatedToId, openedAt, needsSignatory } = openStep(plan);
  const opened = openedAt ?? approval.submittedAt;
  const dueAt = new Date(Date.parse(opened) + stepSeconds(approval) * 1000).toISOString();
  const waiting = { planId, partnerId, title, budget, revision, attempt: approval.attempt };
  return [approverId, ...(escalatedToId === null ? [] : [escalatedToId])].map((memberId) => ({
    ...waiting,
    memberId,
    stepNumber,
    openedAt: opened,
    dueAt,
    isEscalated: memberId !== approverId,
    needsSignatory,
  }));
}

/** @throws DomainError plan-not-submitted | plan-self-approval | plan-not-your-turn | duty-of-others */
function stepOf(
  plan: DevelopmentPlan,
  by: Approver,
): { plan: PlanIn<"submitted">; step: ApprovalStep } {
  if (plan.status !== "submitted") raise("plan-not-submitted");
  if (hasWritten(plan, by.memberId)) raise("plan-self-approval");
  const step = openStep(plan);
  if (step.approverId !== by.memberId && step.escalatedToId !== by.memberId) {
    raise("plan-not-your-turn");
  }
  // Who was named as a signatory decides while they are one; who stands in does so by the decision rights.
  const isAsSignatory =
    step.needsSignatory && step.approverId === by.memberId && step.substituteRole === null;
  if (isAsSignatory && !hasDuty(by, "plan-signatory", plan)) {
    raise("duty-of-others", "You are no signatory of this plan any more");
  }
  return { plan, step };
}

export const withStep = (approval: Approval, step: ApprovalStep): Approval => ({
  ...approval,
  steps: approval.steps.map((known) => (known.stepNumber === step.stepNumber ? step : known)),
});

export function approveStep(
  submitted: DevelopmentPlan,
  comment: string | null,
  by: Approver,
  now: Date,
): PlanChange {
  const { plan, step } = stepOf(submitted, by);
  const at = now.toISOString();
  const decided = withStep(plan.approval, {
    ...step,
    decision: { outcome: "approved", by: by.memberId, at, comment },
  });
  const following = decided.steps.find(({ decision }) => decision === null);
  const approval = following ? withStep(decided, { ...following, openedAt: at }) : decided;
  const changed = { approval, updatedAt: at, version: plan.version + 1 };
  const data = { revision: plan.revision, stepNumber: step.stepNumber, comment };
  return following
    ? {
        next: { ...plan, ...changed },
        event: eventOf("development-plan.step-approved", by, now, data),
      }
    : {
        next: { ...plan, ...changed, status: "approved" },
        event: eventOf("development-plan.approved", by, now, data),
      };
}

/** Returned: to be changed and submitted again. Rejected: ended. */
export function refuse(
  submitted: DevelopmentPlan,
  outcome: "returned" | "rejected",
  comment: string,
  by: Approver,
  now: Date,
): PlanChange {
  const { plan, step } = stepOf(submitted, by);
  const at = now.toISOString();
  return {
    next: {
      ...plan,
      status: outcome,
      approval: withStep(plan.approval, {
        ...step,
        decision: { outcome, by: by.memberId, at, comment },
      }),
      updatedAt: at,
      version: plan.version + 1,
    },
    event: eventOf(`development-plan.${outcome}`, by, now, {
      revision: plan.revision,
      stepNumber: step.stepNumber,
      comment,
    }),
  };
}

/**
 * The plan while the workflow still speaks of the step that waits; undefined where the workflow is
 * late or of an earlier run.
 */
export const waitingAt = (
  plan: DevelopmentPlan,
  { revision, attempt, stepNumber }: StepRef,
): PlanIn<"submitted"> | undefined =>
  plan.status === "submitted" &&
  plan.revision === revision &&
  plan.approval.attempt === attempt &&
  openStep(plan).stepNumber === stepNumber
    ? plan
    : undefined;

export function remind(plan: PlanIn<"submitted">, by: Tracker, now: Date): PlanChange {
  const step = openStep(plan);
  const at = now.toISOString();
  return {
    next: {
      ...plan,
      approval: withStep(plan.approval, { ...step, remindedAt: at }),
      updatedAt: at,
      version: plan.version + 1,
    },
    event: eventOf("development-plan.approver-reminded", by, now, {
      revision: plan.revision,
      stepNumber: step.stepNumber,
      approverId: step.approverId,
    }),
  };
}

/** Another signatory, or a substitute of the decision rights, may decide besides the approver, where there is one. */
export function escalate(
  plan: PlanIn<"submitted">,
  rights: DecisionRights,
  people: { readonly members: readonly Candidate[]; readonly signatories: readonly MemberId[] },
  by: Tracker,
  now: Date,
): PlanChange {
  const step = openStep(plan);
  // One person holds one step, whether as its approver or as the one it was escalated to.
  const taken = plan.approval.steps.flatMap((one) => [one.approverId, one.escalatedToId]);
  const { members, signatories } = people;
  const escalatedToId =
    freeSignatory(plan, step.needsSignatory ? signatories : [], members, taken) ??
    substituteFor(plan, rights, members, taken)?.memberId ??
    null;
  const at = now.toISOString();
  return {
    next: {
      ...plan,
      approval: withStep(plan.approval, { ...step, escalatedAt: at, escalatedToId }),
      updatedAt: at,
      version: plan.version + 1,
    },
    event: eventOf("development-plan.step-escalated", by, now, {
      revision: plan.revision,
      stepNumber: step.stepNumber,
      escalatedToId,
    }),
  };
}

export function expire(plan: PlanIn<"submitted">, by: Tracker, now: Date): PlanChange {
  const { stepNumber } = openStep(plan);
  return {
    next: { ...plan, status: "expired", updatedAt: now.toISOString(), version: plan.version + 1 },
    event: eventOf("development-plan.expired", by, now, { revision: plan.revision, stepNumber }),
  };
}

/** The state machine of this run is gone: the next attempt waits for the same step, with all its time. */
export function restart(plan: PlanIn<"submitted">, by: Tracker, now: Date): PlanChange {
  const attempt = plan.approval.attempt + 1;
  const step = openStep(plan);
  const at = now.toISOString();
  return {
    next: {
      ...plan,
      approval: { ...withStep(plan.approval, { ...step, openedAt: at }), attempt },
      updatedAt: at,
      version: plan.version + 1,
    },
    event: eventOf("development-plan.approval-restarted", by, now, {
      revision: plan.revision,
      stepNumber: step.stepNumber,
      attempt,
    }),
  };
}

export type StepOutcome =
  | "step-approved"
  | "approved"
  | "returned"
  | "rejected"
  | "withdrawn"
  | "expired";

/** What became of a step a workflow waits for; undefined while it waits rightly. */
export function outcomeOf(plan: DevelopmentPlan, ref: StepRef): StepOutcome | undefined {
  if (waitingAt(plan, ref)) return undefined;
  if (plan.status === "submitted") {
    const isThisRun = plan.revision === ref.revision && plan.approval.attempt === ref.attempt;
    return isThisRun ? "step-approved" : "withdrawn";
  }
  if (plan.status === "draft" || plan.revision !== ref.revision) return "withdrawn";
  const step = plan.approval.steps.find(({ stepNumber }) => stepNumber === ref.stepNumber);
  const isLast = ref.stepNumber === plan.approval.steps.length;
  return step?.decision?.outcome === "approved" && !isLast ? "step-approved" : plan.status;
}
