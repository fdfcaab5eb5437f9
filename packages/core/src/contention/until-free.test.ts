import { describe, expect, it } from "vitest";
import { untilFree } from "./until-free.ts";

/** Overtaken so many times, then through; with the attempts after which it waited. */
async function tried(overtaken: number) {
  const pauses: number[] = [];
  let attempts = 0;
  const store = { contention: { pause: async (attempt: number) => void pauses.push(attempt) } };
  const outcome = await untilFree(store, async () => {
    attempts += 1;
    return attempts > overtaken ? 0 : undefined;
  }).catch(({ code }) => code);
  return { attempts, pauses, outcome };
}

describe("a change that others overtake", () => {
  it.each([
    { overtaken: 0, attempts: 1, outcome: 0 },
    { overtaken: 1, attempts: 2, outcome: 0 },
    { overtaken: 7, attempts: 8, outcome: 0 },
    { overtaken: 8, attempts: 8, outcome: "changes-contended" },
    { overtaken: 100, attempts: 8, outcome: "changes-contended" },
  ])(
    "$overtaken times is made $attempts times, with a pause between any two: $outcome",
    async ({ overtaken, ...expected }) => {
      const pauses = Array.from({ length: expected.attempts - 1 }, (_, at) => at + 1);
      expect(await tried(overtaken)).toEqual({ ...expected, pauses });
    },
  );
});
