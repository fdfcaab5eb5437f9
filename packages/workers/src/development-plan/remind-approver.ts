import { remindApprover as track } from "@concord/core/development-plan";
import { type OpenPlans, StepPayload } from "./step-payload.ts";

/** Reminds the approver, unless the step is decided or they were reminded before. */
export async function remindApprover(
  deps: { readonly contextOf: OpenPlans },
  payload: unknown,
): Promise<void> {
  const { tenantId, ...step } = StepPayload.parse(payload);
  await track(deps.contextOf(tenantId), step);
}
