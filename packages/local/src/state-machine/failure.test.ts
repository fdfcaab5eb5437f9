import { describe, expect, it } from "vitest";
import type { Retrier } from "./definition.ts";
import { isNamedBy, nextAttempt } from "./failure.ts";

const retrier = (more: Partial<Retrier>): Retrier => ({
  ErrorEquals: ["States.ALL"],
  IntervalSeconds: 2,
  MaxAttempts: 4,
  BackoffRate: 3,
  JitterStrategy: "NONE",
  ...more,
});

describe("isNamedBy", () => {
  it.each([
    { names: ["Boom"], error: "Boom", expected: true },
    { names: ["Boom"], error: "Bang", expected: false },
    { names: ["States.ALL"], error: "States.Timeout", expected: true },
    { names: ["States.ALL"], error: "States.Runtime", expected: false },
    { names: ["States.ALL"], error: "States.DataLimitExceeded", expected: false },
    { names: ["States.DataLimitExceeded"], error: "States.DataLimitExceeded", expected: true },
    { names: ["States.TaskFailed"], error: "Boom", expected: true },
    { names: ["States.TaskFailed"], error: "States.HeartbeatTimeout", expected: true },
    { names: ["States.TaskFailed"], error: "States.Timeout", expected: false },
    { names: ["States.Timeout"], error: "States.HeartbeatTimeout", expected: true },
    { names: ["States.HeartbeatTimeout"], error: "States.Timeout", expected: false },
  ])("$names names $error: $expected", ({ names, error, expected }) => {
    expect(isNamedBy(names, error)).toBe(expected);
  });
});

describe("nextAttempt", () => {
  const delays = (given: Retrier, random = () => 0.5) =>
    [0, 1, 2, 3, 4].map(
      (spent) => nextAttempt([given], "Boom", { 0: spent }, random)?.delaySeconds,
    );

  it("multiplies the interval by the backoff rate and ends after the attempts", () => {
    expect(delays(retrier({}))).toEqual([2, 6, 18, 54, undefined]);
  });
  it("does not wait longer than the maximum", () => {
    expect(delays(retrier({ MaxDelaySeconds: 10 }))).toEqual([2, 6, 10, 10, undefined]);
  });
  it("spreads a full jitter from zero to the delay", () => {
    expect(delays(retrier({ JitterStrategy: "FULL" }))).toEqual([1, 3, 9, 27, undefined]);
  });
  it("never retries with zero attempts", () => {
    expect(nextAttempt([retrier({ MaxAttempts: 0 })], "Boom", {}, Math.random)).toBeUndefined();
  });
  it("counts each retrier for itself", () => {
    const retriers = [retrier({ ErrorEquals: ["A"] }), retrier({ ErrorEquals: ["B"] })];
    const afterA = nextAttempt(retriers, "A", {}, Math.random);
    expect(nextAttempt(retriers, "B", afterA?.retries ?? {}, Math.random)).toEqual({
      delaySeconds: 2,
      retries: { 0: 1, 1: 1 },
    });
  });
});
