import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";

export const MOST_ATTEMPTS = 10;
const BACKOFF_BASE_MS = 10;
const BACKOFF_CAP_MS = 1_000;

/** What the SDK does not retry by itself and what a later attempt may find gone. */
const passing = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);
const passingErrors = new Set(["TransactionConflictException", "TransactionInProgressException"]);

export interface Waiting {
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Full jitter under a bound that doubles with each try. */
export const backOffWith =
  ({ sleep, random }: Waiting) =>
  (tries: number): Promise<void> =>
    sleep(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries));

/** Bounded; a failed condition is an answer and never retried. @throws what the last attempt did */
export async function retried<T>(
  attempt: () => Promise<T>,
  backOff: (tries: number) => Promise<void>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries >= MOST_ATTEMPTS || !isPassing(error)) throw error;
      await backOff(tries);
    }
  }
}

/** The positions of the writes whose condition failed: reasons come back in the order of the items. */
export function failedConditions(error: unknown): number[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).flatMap((reason, position) =>
    reason.Code === "ConditionalCheckFailed" ? [position] : [],
  );
}

function isPassing(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    return (
      failedConditions(error).length === 0 &&
      (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && passing.has(Code))
    );
  }
  return error instanceof Error && passingErrors.has(error.name);
}
