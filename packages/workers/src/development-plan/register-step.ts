import { registerStep as register } from "@concord/core/development-plan";
import type { Vault } from "@concord/core/vault";
import { type OpenPlans, RegistrationPayload } from "./step-payload.ts";
import { answer, type Workflow } from "./workflow.ts";

/** Keeps the token that a decision answers, and answers at once where the step is decided already. */
export async function registerStep(
  deps: {
    readonly contextOf: OpenPlans;
    readonly vault: Vault;
    readonly workflow: Pick<Workflow, "succeed">;
  },
  payload: unknown,
): Promise<void> {
  const { tenantId, taskToken, ...step } = RegistrationPayload.parse(payload);
  const outcome = await register(deps.contextOf(tenantId), step, taskToken, deps.vault);
  if (outcome) await answer(deps.workflow, taskToken, { outcome });
}
