import type { Answer } from "./execution.ts";

/** A Lambda handler without its context; it gets a copy of the payload and its result is copied. */
export type LocalLambda = (payload: unknown) => Promise<unknown>;
export type LocalLambdas = Readonly<Record<string, LocalLambda>>;

/** Resolves after the time, or at once when the signal is aborted; never rejects. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** No function on AWS runs longer. */
export const LONGEST_INVOCATION_SECONDS = 900;

/**
 * Invokes the function as Lambda does and tells its outcome; it never throws. The error's name is the error, as with
 * Lambda's Node runtime. A function that runs too long is given up, not stopped.
 */
export async function invokeLambda(
  lambdas: LocalLambdas,
  functionName: string,
  payload: unknown,
  { timeoutSeconds, sleep }: { timeoutSeconds?: number | undefined; sleep: Sleep },
): Promise<Answer> {
  const lambda = Object.hasOwn(lambdas, functionName) ? lambdas[functionName] : undefined;
  if (lambda === undefined) {
    return failure("Lambda.ResourceNotFoundException", `Function not found: ${functionName}`);
  }
  const seconds = Math.min(
    timeoutSeconds ?? LONGEST_INVOCATION_SECONDS,
    LONGEST_INVOCATION_SECONDS,
  );
  const finished = new AbortController();
  const result = (async (): Promise<Answer> => {
    try {
      return { kind: "success", output: copied(await lambda(copied(payload))) };
    } catch (error) {
      return thrown(error);
    }
  })();
  const tooLong = sleep(seconds * 1000, finished.signal).then(() =>
    seconds === timeoutSeconds
      ? failure("States.Timeout", `${functionName} did not return within ${seconds} s`)
      : failure("Sandbox.Timedout", `${functionName} ran longer than Lambda allows`),
  );
  try {
    return await Promise.race([result, tooLong]);
  } finally {
    finished.abort();
  }
}

const failure = (error: string, cause: string): Answer => ({
  kind: "failure",
  failure: { error, cause },
});

const copied = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function thrown(error: unknown): Answer {
  if (!(error instanceof Error)) return failure("Lambda.Unknown", String(error));
  const { name: errorType, message: errorMessage, stack = "" } = error;
  return failure(errorType, JSON.stringify({ errorType, errorMessage, trace: stack.split("\n") }));
}
