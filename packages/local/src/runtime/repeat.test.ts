import { describe, expect, it } from "vitest";
import { repeat } from "./repeat.ts";

/** Runs through these outcomes and tells how long each was followed by a pause. */
async function pausesAfter(outcomes: readonly (boolean | Error)[], pace: number) {
  const ending = new AbortController();
  const pauses: number[] = [];
  const reported: unknown[] = [];
  let turn = 0;
  await repeat(
    async () => {
      const outcome = outcomes[turn];
      turn += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome ?? true;
    },
    pace,
    {
      signal: ending.signal,
      report: (error) => reported.push(error),
      sleep: async (milliseconds) => {
        pauses.push(milliseconds);
        if (pauses.length === outcomes.length) ending.abort();
      },
    },
  );
  return { pauses, reported };
}

describe("what is repeated", () => {
  it("keeps its pace while all is well", async () => {
    expect(await pausesAfter([true, true, true], 1000)).toEqual({
      pauses: [1000, 1000, 1000],
      reported: [],
    });
  });

  it("comes ever more rarely while it fails, and keeps its pace again afterwards", async () => {
    const failure = new Error("no engine");
    const outcomes = [failure, false, ...Array(6).fill(false), true, failure];
    expect(await pausesAfter(outcomes, 1000)).toEqual({
      pauses: [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 1000, 1000],
      reported: [failure, failure],
    });
  });

  it("that comes once a day is not put off for a day by a failure", async () => {
    expect((await pausesAfter([false, true], 86_400_000)).pauses).toEqual([1000, 86_400_000]);
  });

  it("ends at once when the signal is given during a pause", async () => {
    const ending = new AbortController();
    const ended = repeat(async () => true, 86_400_000, {
      signal: ending.signal,
      report: () => undefined,
    });
    setImmediate(() => ending.abort());
    await ended;
  });
});
