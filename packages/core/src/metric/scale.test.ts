import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare, exactly, rounded, scaled, unscaled } from "./fraction.ts";
import {
  faultsOfScale,
  type PlainScale,
  risesWithMeasure,
  scoreOf,
  WrittenNumber,
} from "./scale.ts";
import { shownScore } from "./show.ts";

const linear = (floor: number, target: number, cap = 100): PlainScale => ({
  kind: "linear",
  floor,
  target,
  cap,
});
const score = (scale: PlainScale, value: number | string) => {
  const exact = exactly(value);
  return rounded(scoreOf(scale, exact, unscaled(scaled(exact))));
};

describe("a linear scale", () => {
  it.each([
    [linear(20, 120), 20, 0],
    [linear(20, 120), 120, 100],
    [linear(20, 120), 70, 50],
    [linear(20, 120), 19.9999, 0],
    [linear(20, 120), 500, 100],
    [linear(20, 120, 120), 500, 120],
    [linear(20, 120, 120), 130, 110],
    [linear(75, 35), 75, 0],
    [linear(75, 35), 35, 100],
    [linear(75, 35), 45, 75],
    [linear(75, 35), 80, 0],
    [linear(0, 3), 1, 33.3333],
  ])("%j scores %d with %d", (scale, value, expected) => {
    expect(score(scale, value)).toBe(expected);
  });

  const written = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((steps) => steps / 100);
  it("stays within its bounds and never falls where the measure improves", () => {
    fc.assert(
      fc.property(
        written,
        written,
        written,
        written,
        fc.constantFrom(100, 120),
        (floor, target, a, b, cap) => {
          fc.pre(floor !== target);
          const scale = linear(floor, target, cap);
          const [low, high] = a < b ? [a, b] : [b, a];
          const [worse, better] = risesWithMeasure(scale) ? [low, high] : [high, low];
          const scores = [score(scale, worse), score(scale, better)];
          for (const one of scores) {
            expect(one).toBeGreaterThanOrEqual(0);
            expect(one).toBeLessThanOrEqual(cap);
          }
          expect(scores[1]).toBeGreaterThanOrEqual(scores[0] ?? 0);
        },
      ),
    );
  });
});

describe("bands", () => {
  const bands: PlainScale = {
    kind: "bands",
    bands: [
      { from: 0, to: 30, score: 0 },
      { from: 30, to: 50, score: 40 },
      { from: 50, to: 80, score: 70 },
      { from: 80, to: 100, score: 100 },
    ],
  };
  it.each([
    ["0", 0],
    ["29.9999", 0],
    // Rounding precedes the comparison: 4 decimals make it 30.
    ["29.99995", 40],
    ["30", 40],
    ["79.9999", 70],
    ["80", 100],
    ["100", 100],
  ])("%s scores %d: lower inclusive, upper exclusive, top inclusive", (value, expected) => {
    expect(score(bands, value)).toBe(expected);
  });

  it("may be open at both ends", () => {
    const open: PlainScale = {
      kind: "bands",
      bands: [
        { from: null, to: 5, score: 100 },
        { from: 5, to: null, score: 20 },
      ],
    };
    expect([score(open, -1000), score(open, 5), score(open, 1e9)]).toEqual([100, 20, 20]);
    expect(faultsOfScale(open, { min: null, max: null })).toEqual([]);
  });

  const percent = { min: 0, max: 100 };
  it.each([
    { name: "a gap", from: [0, 40], to: [30, 100], pointer: "/bands/1/from" },
    { name: "an overlap", from: [0, 20], to: [30, 100], pointer: "/bands/1/from" },
    { name: "a band upside down", from: [0, 50], to: [50, 50], pointer: "/bands/1/to" },
    { name: "the low end uncovered", from: [10, 50], to: [50, 100], pointer: "/bands/0/from" },
    { name: "the high end uncovered", from: [0, 50], to: [50, 90], pointer: "/bands/1/to" },
    { name: "a single band", from: [0], to: [100], pointer: "/bands" },
  ])("with $name are refused", ({ from, to, pointer }) => {
    const scale: PlainScale = {
      kind: "bands",
      bands: from.map((start, index) => ({ from: start, to: to[index] ?? null, score: 50 })),
    };
    expect(faultsOfScale(scale, percent).map((fault) => fault.pointer)).toContain(pointer);
  });
});

it("a linear scale without a way from floor to target is refused", () => {
  expect(faultsOfScale(linear(5, 5), { min: 0, max: null })).toHaveLength(1);
});

it("a written number has at most 4 decimals", () => {
  expect(WrittenNumber.safeParse(0.1234).success).toBe(true);
  expect(WrittenNumber.safeParse(0.12345).success).toBe(false);
  expect(WrittenNumber.safeParse(1e-7).success).toBe(false);
});

describe("a shown score", () => {
  it.each([
    [79.96, "79.96"],
    [79.9996, "79.9996"],
    [79.94, "79.9"],
    [80, "80.0"],
    [80.04, "80.0"],
    [99.97, "99.97"],
    [100, "100.0"],
    [61.5385, "61.5"],
    [0, "0.0"],
  ])("%d reads %s and never crosses a bound", (value, shown) => {
    expect(shownScore(value, [0, 30, 50, 80])).toBe(shown);
  });

  it("is on the same side of every bound as the stored score", () => {
    const bounds = [0, 40, 50, 60, 70];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (steps) => {
        const stored = steps / 10_000;
        const shown = exactly(shownScore(stored, bounds));
        for (const bound of [...bounds, 100]) {
          expect(compare(shown, exactly(bound)) >= 0).toBe(stored >= bound);
        }
      }),
    );
  });
});
