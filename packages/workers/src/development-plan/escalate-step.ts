import { escalateStep as track } from "@concord/core/development-plan";
import { type OpenPlans, StepPayload } from "./step-payload.ts";

/** Escalates the step, unless it is decided or was escalated before. */
export async function escalateStep(
  deps: { readonly contextOf: OpenPlans },
  payload: unknown,
): Promise<void> {
  const { tenantId, ...step } = StepPayload.parse(payload);
  await track(deps.contextOf(tenantId), step);
}
