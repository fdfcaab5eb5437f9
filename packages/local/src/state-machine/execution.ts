import type { Retries, StateFailure } from "./failure.ts";

/** What an execution keeps from its start to its end. */
export interface StartedExecution {
  readonly executionArn: string;
  readonly machineName: string;
  readonly name: string;
  /** The definition it was started with, as JSON: a later deployment does not change it. */
  readonly definition: string;
  readonly executionInput: unknown;
  readonly startedAt: string;
  /** When the machine's `TimeoutSeconds`, at most a year, are over. */
  readonly deadlineAt: string;
}

/** A callback that has not come yet. */
export interface PendingCallback {
  readonly token: string;
  readonly timeoutAt: string;
  readonly heartbeat?: { readonly seconds: number; readonly missedAt: string };
}

export type Answer =
  | { readonly kind: "success"; readonly output: unknown }
  | { readonly kind: "failure"; readonly failure: StateFailure };

/** How far the current state has come. */
export type Stage =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting" }
  /** The token is stored, the function not known to have returned: it is invoked again after a crash. */
  | { readonly kind: "invoking"; readonly callback: PendingCallback }
  | { readonly kind: "awaiting"; readonly callback: PendingCallback }
  | { readonly kind: "answered"; readonly token: string; readonly answer: Answer };

export interface RunningExecution extends StartedExecution {
  readonly status: "RUNNING";
  /** Business time at which the next transition takes place; it happens at this instant even when it is made late. */
  readonly dueAt: string;
  readonly state: string;
  readonly enteredAt: string;
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly retries: Retries;
  readonly stage: Stage;
  /** Who invokes the function of the state now. Wall clock: a worker dies in real time. */
  readonly lease?: { readonly holder: string; readonly until: string };
}

export interface ClosedExecution extends StartedExecution {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly stoppedAt: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export type Execution = RunningExecution | ClosedExecution;

export const after = (at: Date | string, seconds: number): string =>
  new Date(new Date(at).getTime() + seconds * 1000).toISOString();

export const earliest = (first: string, ...others: readonly string[]): string =>
  others.reduce((least, at) => (at < least ? at : least), first);

const startedOf = (execution: StartedExecution): StartedExecution => ({
  executionArn: execution.executionArn,
  machineName: execution.machineName,
  name: execution.name,
  definition: execution.definition,
  executionInput: execution.executionInput,
  startedAt: execution.startedAt,
  deadlineAt: execution.deadlineAt,
});

export function closed(
  execution: RunningExecution,
  at: string,
  outcome: Pick<ClosedExecution, "status" | "output" | "error" | "cause">,
): ClosedExecution {
  return { ...startedOf(execution), ...outcome, stoppedAt: at };
}

/** The execution at the beginning of a state. */
export function entered(
  execution: StartedExecution,
  state: string,
  input: unknown,
  variables: Readonly<Record<string, unknown>>,
  at: string,
): RunningExecution {
  return {
    ...startedOf(execution),
    status: "RUNNING",
    dueAt: earliest(at, execution.deadlineAt),
    state,
    enteredAt: at,
    input,
    variables,
    retries: {},
    stage: { kind: "ready" },
  };
}
