export { type Candidate, outcomeOf, type StepOutcome, type StepRef } from "./approval.ts";
export { approvePlan, refusePlan } from "./decide-step.ts";
export { getPlan, listPlans } from "./get-plan.ts";
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
} from "./schema.ts";
export { submitPlan } from "./submit-plan.ts";
export {
  escalateStep,
  expirePlan,
  registerStep,
  remindApprover,
  restartApproval,
  type TrackedStep,
} from "./track-approval.ts";
export {
  acceptPlan,
  createPlan,
  reachPlanMilestone,
  updatePlan,
  withdrawPlan,
} from "./write-plan.ts";
