import { machineArn, mintTaskToken } from "./arn.ts";
import type { ChoiceState, TaskState, WaitState } from "./definition.ts";
import {
  after,
  type ClosedExecution,
  closed,
  type Execution,
  earliest,
  entered,
  type PendingCallback,
  type RunningExecution,
} from "./execution.ts";
import { evaluate, evaluateSeconds, type Scope } from "./expression.ts";
import { StateError, type StateFailure } from "./failure.ts";

/** What Step Functions allows for the output of a state; here for all its variables together, too. */
export const MAX_DATA_BYTES = 262_144;
/** An item of the table holds 400 KB, and an execution is one item. */
const MAX_EXECUTION_BYTES = 380_000;

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** @throws StateError `States.DataLimitExceeded` */
export function refuseTooMuch(
  execution: RunningExecution,
  data: Readonly<Record<string, unknown>>,
) {
  const sizes = Object.values(data).map(bytesOf);
  const kept = bytesOf(execution.executionInput) + Buffer.byteLength(execution.definition);
  const isTooMuch =
    sizes.some((size) => size > MAX_DATA_BYTES) ||
    sizes.reduce((sum, size) => sum + size, kept) > MAX_EXECUTION_BYTES;
  if (!isTooMuch) return;
  const cause = `State ${execution.state} leaves more data than an execution can hold`;
  throw new StateError("States.DataLimitExceeded", cause);
}

type Assignment = {
  readonly Assign?: Record<string, unknown> | undefined;
  readonly Output?: unknown;
};

export function contextOf(execution: RunningExecution, token?: string) {
  return {
    Execution: {
      Id: execution.executionArn,
      Input: execution.executionInput,
      Name: execution.name,
      StartTime: execution.startedAt,
      RedriveCount: 0,
    },
    State: {
      Name: execution.state,
      EnteredTime: execution.enteredAt,
      RetryCount: Object.values(execution.retries).reduce((sum, spent) => sum + spent, 0),
    },
    StateMachine: { Id: machineArn(execution.machineName), Name: execution.machineName },
    ...(token === undefined ? {} : { Task: { Token: token } }),
  };
}

export const scopeOf = (
  execution: RunningExecution,
  at: string,
  more: { token?: string; result?: unknown; errorOutput?: unknown } = {},
): Scope => {
  const { token, ...states } = more;
  return {
    states: { input: execution.input, context: contextOf(execution, token), ...states },
    variables: execution.variables,
    at: new Date(at),
  };
};

export const failed = (
  execution: RunningExecution,
  at: string,
  failure: StateFailure,
): ClosedExecution => closed(execution, at, { status: "FAILED", ...failure });

/** To the next state, or to the end of the execution. `Assign` and `Output` see the same, unassigned, variables. */
export async function proceed(
  execution: RunningExecution,
  target: { readonly Next?: string | undefined },
  { Assign, Output }: Assignment,
  scope: Scope,
  passed: unknown,
): Promise<Execution> {
  const output = Output === undefined ? passed : await evaluate(Output, scope);
  const assigned = Assign === undefined ? {} : await evaluate(Assign, scope);
  const variables = { ...execution.variables, ...(assigned as Record<string, unknown>) };
  refuseTooMuch(execution, { output, variables });
  const at = scope.at.toISOString();
  return target.Next === undefined
    ? closed(execution, at, { status: "SUCCEEDED", output })
    : entered(execution, target.Next, output, variables, at);
}

export async function choose(execution: RunningExecution, state: ChoiceState, at: string) {
  const scope = scopeOf(execution, at);
  for (const rule of state.Choices) {
    const isChosen = await evaluate(rule.Condition, scope);
    if (typeof isChosen !== "boolean") {
      const cause = `The condition ${rule.Condition} is not boolean: ${JSON.stringify(isChosen)}`;
      throw new StateError("States.QueryEvaluationError", cause);
    }
    if (isChosen) return await proceed(execution, rule, rule, scope, execution.input);
  }
  if (state.Default === undefined) {
    throw new StateError("States.NoChoiceMatched", `No choice of ${execution.state} matches`);
  }
  return await proceed(execution, { Next: state.Default }, state, scope, execution.input);
}

export async function wait(execution: RunningExecution, state: WaitState, at: string) {
  const scope = scopeOf(execution, at);
  if (execution.stage.kind === "waiting") {
    return await proceed(execution, state, state, scope, execution.input);
  }
  const until =
    state.Seconds === undefined
      ? await timestamp(state.Timestamp, scope)
      : after(at, await evaluateSeconds(state.Seconds, scope, 0));
  const dueAt = earliest(execution.deadlineAt, until < at ? at : until);
  return { ...execution, stage: { kind: "waiting" as const }, dueAt };
}

async function timestamp(template: unknown, scope: Scope): Promise<string> {
  const value = await evaluate(template, scope);
  const date =
    typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : undefined;
  if (date !== undefined && !Number.isNaN(date.getTime())) return date.toISOString();
  const cause = `${String(template)} is not an ISO 8601 timestamp: ${JSON.stringify(value)}`;
  throw new StateError("States.QueryEvaluationError", cause);
}

/** A new token and its deadlines, counted from `at`. */
export async function openCallback(
  execution: RunningExecution,
  state: TaskState,
  at: string,
): Promise<PendingCallback> {
  const token = mintTaskToken(execution.executionArn);
  const scope = scopeOf(execution, at, { token });
  const timeoutAt = after(at, await evaluateSeconds(state.TimeoutSeconds, scope, 1));
  if (state.HeartbeatSeconds === undefined) return { token, timeoutAt };
  const seconds = await evaluateSeconds(state.HeartbeatSeconds, scope, 1);
  return { token, timeoutAt, heartbeat: { seconds, missedAt: after(at, seconds) } };
}

export const callbackDueAt = (
  { deadlineAt }: RunningExecution,
  { timeoutAt, heartbeat }: PendingCallback,
): string =>
  earliest(deadlineAt, timeoutAt, ...(heartbeat === undefined ? [] : [heartbeat.missedAt]));
