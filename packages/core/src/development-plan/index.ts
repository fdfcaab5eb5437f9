export {
  openStep,
  outcomeOf,
  type StepOutcome,
  type StepRef,
  waitingOf,
  waitsOf,
} from "./approval.ts";
export type { Candidate } from "./approvers.ts";
export {
  type ApprovalRun,
  type ApprovalStart,
  answersDue,
  approvalToStart,
  restartApproval,
  runName,
} from "./conduct-approval.ts";
export { approvePlan, refusePlan } from "./decide-step.ts";
export type { PlanEvent } from "./development-plan.ts";
export { getPlan, listPlans, listWaitingPlans } from "./get-plan.ts";
export { reassignStep } from "./reassign-step.ts";
export type {
  ApproverDirectory,
  DevelopmentPlanRepository,
  DevelopmentPlanStore,
  PlanBasisSource,
  SealedStepToken,
  StepTokenRepository,
} from "./repository.ts";
export {
  CreatePlan,
  DecideStep,
  DevelopmentPlan,
  type PlanBasis,
  ReachMilestone,
  RefuseStep,
  UpdatePlan,
  WaitingPlan,
} from "./schema.ts";
export { submitPlan } from "./submit-plan.ts";
export {
  escalateStep,
  expirePlan,
  registerStep,
  remindApprover,
  type TrackedStep,
} from "./track-approval.ts";
export {
  acceptPlan,
  createPlan,
  reachPlanMilestone,
  updatePlan,
  withdrawPlan,
} from "./write-plan.ts";
