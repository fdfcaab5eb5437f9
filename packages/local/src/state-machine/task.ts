import { nameIn } from "./arn.ts";
import { LAMBDA_INVOKE_AND_WAIT, type TaskState } from "./definition.ts";
import {
  type Answer,
  after,
  type Execution,
  earliest,
  type RunningExecution,
} from "./execution.ts";
import { evaluate, evaluateSeconds } from "./expression.ts";
import { catcherOf, failureOf, nextAttempt, StateError, type StateFailure } from "./failure.ts";
import { failed, openCallback, proceed, scopeOf } from "./transition.ts";

/** A function to be invoked once `claimed` is saved. */
export interface Invocation {
  readonly claimed: RunningExecution;
  readonly functionName: string;
  readonly payload: unknown;
  /** Of the invocation itself; a callback's timeout is kept by its due instant. */
  readonly timeoutSeconds?: number;
}

/** The invocation a task begins with, or begins again with after a crash; then with the same token. */
export async function invocationOf(
  execution: RunningExecution,
  state: TaskState,
  at: string,
): Promise<Invocation> {
  if (state.Resource === LAMBDA_INVOKE_AND_WAIT) {
    const callback =
      execution.stage.kind === "invoking"
        ? execution.stage.callback
        : await openCallback(execution, state, at);
    const claimed = { ...execution, stage: { kind: "invoking" as const, callback } };
    return { claimed, ...(await callOf(execution, state, at, callback.token)) };
  }
  const timeoutSeconds = await evaluateSeconds(state.TimeoutSeconds, scopeOf(execution, at), 1);
  return { claimed: execution, timeoutSeconds, ...(await callOf(execution, state, at)) };
}

async function callOf(execution: RunningExecution, state: TaskState, at: string, token?: string) {
  const scope = scopeOf(execution, at, token === undefined ? {} : { token });
  const { FunctionName, Payload } = state.Arguments;
  const functionName = await evaluate(FunctionName, scope);
  if (typeof functionName !== "string") {
    throw new StateError("States.QueryEvaluationError", `${FunctionName} is not a string`);
  }
  const payload = Payload === undefined ? {} : await evaluate(Payload, scope);
  return { functionName: nameIn(functionName), payload };
}

/** The timer of a pending callback has run out; the earlier of the two names the error. */
function missedCallback({ stage }: RunningExecution): StateFailure | undefined {
  if (stage.kind !== "awaiting") return undefined;
  const { heartbeat, timeoutAt } = stage.callback;
  return heartbeat !== undefined && heartbeat.missedAt < timeoutAt
    ? { error: "States.HeartbeatTimeout", cause: `No heartbeat for ${heartbeat.seconds} s` }
    : { error: "States.Timeout", cause: "The callback did not come in time" };
}

/** The transition of a task at its due instant, or the invocation that has to come first. */
export async function advanceTask(
  execution: RunningExecution,
  state: TaskState,
  at: string,
  random: () => number,
): Promise<Execution | Invocation> {
  if (execution.stage.kind === "answered") {
    return await settleTask(execution, state, execution.stage.answer, at, random);
  }
  const missed = missedCallback(execution);
  if (missed !== undefined) return await recover(execution, state, missed, at, random);
  try {
    return await invocationOf(execution, state, at);
  } catch (error) {
    return await recover(execution, state, failureOf(error), at, random);
  }
}

/** What follows from the outcome of a task: the next state, another attempt, a catcher, or the end. */
export async function settleTask(
  execution: RunningExecution,
  state: TaskState,
  answer: Answer,
  at: string,
  random: () => number,
): Promise<Execution> {
  if (answer.kind === "failure") return await recover(execution, state, answer.failure, at, random);
  try {
    const scope = scopeOf(execution, at, { result: answer.output });
    return await proceed(execution, state, state, scope, answer.output);
  } catch (error) {
    return await recover(execution, state, failureOf(error), at, random);
  }
}

async function recover(
  execution: RunningExecution,
  state: TaskState,
  failure: StateFailure,
  at: string,
  random: () => number,
): Promise<Execution> {
  const attempt = nextAttempt(state.Retry, failure.error, execution.retries, random);
  if (attempt !== undefined) {
    const { lease: _, ...again } = execution;
    const dueAt = earliest(execution.deadlineAt, after(at, attempt.delaySeconds));
    return { ...again, stage: { kind: "ready" }, retries: attempt.retries, dueAt };
  }
  const catcher = catcherOf(state.Catch, failure.error);
  if (catcher === undefined) return failed(execution, at, failure);
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  try {
    const scope = scopeOf(execution, at, { errorOutput });
    return await proceed(execution, catcher, catcher, scope, errorOutput);
  } catch (error) {
    return failed(execution, at, failureOf(error));
  }
}
