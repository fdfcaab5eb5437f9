import type { FailState, State, StateMachine } from "./definition.ts";
import { closed, type Execution, type RunningExecution } from "./execution.ts";
import { evaluate } from "./expression.ts";
import { failureOf } from "./failure.ts";
import { advanceTask, type Invocation } from "./task.ts";
import { choose, failed, refuseTooMuch, scopeOf, wait } from "./transition.ts";

/**
 * The next transition of an execution, at its due instant. Nothing is stored or invoked here.
 * @param random in [0, 1), for the jitter of retries.
 */
export async function advance(
  machine: StateMachine,
  execution: RunningExecution,
  random: () => number,
): Promise<Execution | Invocation> {
  const at = execution.dueAt;
  if (at >= execution.deadlineAt) {
    const cause = "The execution ran longer than its TimeoutSeconds";
    return closed(execution, at, { status: "TIMED_OUT", error: "States.Timeout", cause });
  }
  const state = stateOf(machine, execution);
  if (state.Type === "Task") return await advanceTask(execution, state, at, random);
  try {
    switch (state.Type) {
      case "Choice":
        return await choose(execution, state, at);
      case "Wait":
        return await wait(execution, state, at);
      case "Succeed":
        return await succeed(execution, state.Output, at);
      case "Fail":
        return await fail(execution, state, at);
    }
  } catch (error) {
    return failed(execution, at, failureOf(error));
  }
}

/** The definition is the one the execution was started with, so the state is one of it. */
export function stateOf(machine: StateMachine, { state }: RunningExecution): State {
  const found = machine.States[state];
  if (found === undefined) throw new Error(`The definition has no state ${state}`);
  return found;
}

async function succeed(execution: RunningExecution, Output: unknown, at: string) {
  const output =
    Output === undefined ? execution.input : await evaluate(Output, scopeOf(execution, at));
  refuseTooMuch(execution, { output });
  return closed(execution, at, { status: "SUCCEEDED", output });
}

async function fail(execution: RunningExecution, { Error: error, Cause }: FailState, at: string) {
  const scope = scopeOf(execution, at);
  return closed(execution, at, {
    status: "FAILED",
    ...(error === undefined ? {} : { error: String(await evaluate(error, scope)) }),
    ...(Cause === undefined ? {} : { cause: String(await evaluate(Cause, scope)) }),
  });
}
