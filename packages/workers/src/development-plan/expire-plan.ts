import { expirePlan as expire } from "@concord/core/development-plan";
import { type OpenPlans, StepPayload } from "./step-payload.ts";
import type { WorkflowAnswer } from "./workflow.ts";

/** Ends the approval of a plan that nobody decided. @returns what became of the step */
export async function expirePlan(
  deps: { readonly contextOf: OpenPlans },
  payload: unknown,
): Promise<WorkflowAnswer> {
  const { tenantId, ...step } = StepPayload.parse(payload);
  return { outcome: await expire(deps.contextOf(tenantId), step) };
}
