import { type ActorWith, heldBy } from "../actor/index.ts";
import { eventOf } from "../event/index.ts";
import type { MemberId } from "../id/index.ts";
import type { DecisionRights } from "../program/index.ts";
import { openStep, withStep } from "./approval.ts";
import { type Candidate, hasWritten } from "./approvers.ts";
import type { PlanChange } from "./development-plan.ts";
import type { DevelopmentPlan } from "./schema.ts";

/** Why a decision stays with whom it waits for. */
export type StepRefusal =
  | "not-waiting"
  | "role-missing"
  | "plan-written-by-receiver"
  | "plan-step-held-by-receiver"
  | "plan-decision-for-oneself";

/**
 * The decision that a plan waits for goes to another member, with the time it has left. The receiver
 * holds the role of the step, or is a signatory where the step needs one, or may stand in for it; has
 * not written the plan, and decides no other step of it.
 */
export function reassign(
  plan: DevelopmentPlan,
  {
    from,
    to,
    signatories,
  }: {
    readonly from: MemberId;
    readonly to: Candidate;
    readonly signatories: readonly MemberId[];
  },
  rights: DecisionRights,
  by: ActorWith<"member:handover">,
  now: Date,
): PlanChange | StepRefusal {
  if (plan.status !== "submitted") return "not-waiting";
  const step = openStep(plan);
  const isApprover = step.approverId === from;
  if (!isApprover && step.escalatedToId !== from) return "not-waiting";
  if (to.memberId === by.memberId) return "plan-decision-for-oneself";
  if (hasWritten(plan, to.memberId)) return "plan-written-by-receiver";
  const holders = plan.approval.steps.flatMap((one) => [one.approverId, one.escalatedToId]);
  if (holders.includes(to.memberId)) return "plan-step-held-by-receiver";
  const holdsRole = step.needsSignatory
    ? signatories.includes(to.memberId)
    : to.roles.some((own) => heldBy[own].includes(step.role));
  const standIn = rights.substitutes.find((role) => to.roles.includes(role));
  if (!holdsRole && !standIn) return "role-missing";
  const changed = isApprover
    ? { approverId: to.memberId, substituteRole: holdsRole ? null : (standIn ?? null) }
    : { escalatedToId: to.memberId };
  return {
    next: {
      ...plan,
      approval: withStep(plan.approval, { ...step, ...changed }),
      updatedAt: now.toISOString(),
      version: plan.version + 1,
    },
    event: eventOf("development-plan.step-reassigned", by, now, {
      revision: plan.revision,
      stepNumber: step.stepNumber,
      fromId: from,
      toId: to.memberId,
    }),
  };
}
