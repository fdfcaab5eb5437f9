import { setTimeout as wait } from "node:timers/promises";

const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/**
 * Repeats at this pace until the signal is given; what failed again after a second, then ever more slowly, down to
 * once a minute.
 * @param action resolves to whether all of it went well
 * @param sleep resolves after the time, or at once when the signal is given
 */
export async function repeat(
  action: () => Promise<boolean>,
  paceMilliseconds: number,
  {
    signal,
    report,
    sleep = pause,
  }: {
    readonly signal: AbortSignal;
    readonly report: (error: unknown) => void;
    readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  },
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const isWell = await action().catch((error: unknown) => {
      report(error);
      return false;
    });
    failures = isWell ? 0 : failures + 1;
    await sleep(isWell ? paceMilliseconds : pauseAfter(failures), signal);
  }
}

const pauseAfter = (failures: number) =>
  Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** (failures - 1), LONGEST_PAUSE_MILLISECONDS);

const pause = (milliseconds: number, signal: AbortSignal) =>
  wait(milliseconds, undefined, { signal }).catch(() => undefined);
