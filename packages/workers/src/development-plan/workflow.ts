import type { ApprovalStart, StepOutcome } from "@concord/core/development-plan";
import type { TenantId } from "@concord/core/id";

/** What an execution is started with; the deployed definition reads these names. */
export interface WorkflowInput extends ApprovalStart {
  readonly tenantId: TenantId;
}

/** What a waiting step is answered, and what expiring a plan returns. */
export interface WorkflowAnswer {
  readonly outcome: StepOutcome;
}

/** The verbs of Step Functions on one state machine; errors carry the service's names. */
export interface Workflow {
  /** @throws Error ExecutionAlreadyExists */
  start(name: string, input: WorkflowInput): Promise<void>;
  /** @throws Error TaskTimedOut | TaskDoesNotExist */
  succeed(token: string, answer: WorkflowAnswer): Promise<void>;
  /** @throws Error ExecutionDoesNotExist */
  describe(name: string): Promise<{ readonly status: string }>;
}

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

/** Starts it once: under this name it may be running, or over, already. */
export async function startOnce(
  workflow: Pick<Workflow, "start">,
  name: string,
  input: WorkflowInput,
): Promise<void> {
  try {
    await workflow.start(name, input);
  } catch (error) {
    if (!isNamed(error, "ExecutionAlreadyExists")) throw error;
  }
}

/** A wait that was answered or is over needs no answer: the state machine asks again by itself. */
export async function answer(
  workflow: Pick<Workflow, "succeed">,
  token: string,
  given: WorkflowAnswer,
): Promise<void> {
  try {
    await workflow.succeed(token, given);
  } catch (error) {
    if (!isNamed(error, "TaskTimedOut", "TaskDoesNotExist")) throw error;
  }
}

export async function isRunning(
  workflow: Pick<Workflow, "describe">,
  name: string,
): Promise<boolean> {
  try {
    return (await workflow.describe(name)).status === "RUNNING";
  } catch (error) {
    if (isNamed(error, "ExecutionDoesNotExist")) return false;
    throw error;
  }
}
