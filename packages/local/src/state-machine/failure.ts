import type { Catcher, Retrier } from "./definition.ts";

/** An error of a state as `Retry` and `Catch` see it. */
export interface StateFailure {
  readonly error: string;
  readonly cause: string;
}

/** Thrown inside a transition and turned into the state's outcome there. */
export class StateError extends Error {
  readonly failure: StateFailure;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.failure = { error, cause };
  }
}

/** The failure a transition threw; anything else is a fault of the runtime and passes through. */
export function failureOf(error: unknown): StateFailure {
  if (error instanceof StateError) return error.failure;
  throw error;
}

/** Errors that `States.ALL` does not stand for: the execution ends. */
const TERMINAL = ["States.Runtime", "States.DataLimitExceeded"];

/** Whether `ErrorEquals` names the error, by its own name or by a wildcard. */
export function isNamedBy(ErrorEquals: readonly string[], error: string): boolean {
  if (ErrorEquals.includes(error)) return true;
  if (TERMINAL.includes(error)) return false;
  return (
    ErrorEquals.includes("States.ALL") ||
    (ErrorEquals.includes("States.TaskFailed") && error !== "States.Timeout") ||
    (ErrorEquals.includes("States.Timeout") && error === "States.HeartbeatTimeout")
  );
}

/** Longer than any execution lasts. */
const LONGEST_DELAY_SECONDS = 31_622_400;

/** Attempts that each retrier of the state has already spent, by its index. */
export type Retries = Readonly<Record<number, number>>;

/**
 * The next attempt of a failed state: how long to wait, and the attempts then spent. A spent retrier ends the search,
 * as a later one is not asked.
 * @param random in [0, 1), for the full jitter.
 */
export function nextAttempt(
  retriers: readonly Retrier[],
  error: string,
  retries: Retries,
  random: () => number,
): { delaySeconds: number; retries: Retries } | undefined {
  const index = retriers.findIndex(({ ErrorEquals }) => isNamedBy(ErrorEquals, error));
  const retrier = retriers[index];
  const spent = retries[index] ?? 0;
  if (retrier === undefined || spent >= retrier.MaxAttempts) return undefined;
  const backoffSeconds = Math.min(
    retrier.IntervalSeconds * retrier.BackoffRate ** spent,
    retrier.MaxDelaySeconds ?? LONGEST_DELAY_SECONDS,
  );
  return {
    delaySeconds: retrier.JitterStrategy === "FULL" ? backoffSeconds * random() : backoffSeconds,
    retries: { ...retries, [index]: spent + 1 },
  };
}

export const catcherOf = (catchers: readonly Catcher[], error: string): Catcher | undefined =>
  catchers.find(({ ErrorEquals }) => isNamedBy(ErrorEquals, error));
