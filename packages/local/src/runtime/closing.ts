import { setTimeout as wait } from "node:timers/promises";

/** What is under way gets this long to end; it is safe to repeat, so that nothing is lost by not waiting. */
const LIMIT_MILLISECONDS = 5_000;

type Close = () => Promise<void> | void;

export interface Closing {
  /** What is added last is closed first. */
  add(...closes: Close[]): void;
  /**
   * Closes all of it once, each within a bounded time, also where another cannot be closed.
   * @throws the first failure, after everything was closed
   */
  close(): Promise<void>;
}

export function closing(limitMilliseconds = LIMIT_MILLISECONDS): Closing {
  const closes: Close[] = [];
  let closed: Promise<void> | undefined;

  const closeAll = async () => {
    const failures: unknown[] = [];
    for (const close of closes.toReversed()) {
      const given = new AbortController();
      await Promise.race([
        (async () => close())().catch((error: unknown) => failures.push(error)),
        wait(limitMilliseconds, undefined, { signal: given.signal }).catch(() => undefined),
      ]);
      given.abort();
    }
    if (failures.length > 0) throw failures[0];
  };

  return {
    add: (...more) => void closes.push(...more),
    close: () => {
      closed ??= closeAll();
      return closed;
    },
  };
}
