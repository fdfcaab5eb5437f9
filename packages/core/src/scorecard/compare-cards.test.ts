import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCards } from "./compare-cards.ts";
import { CHECK_SUMS, cardOf, definitionOf, sumsWith, TEMPLATE } from "./scorecard.fixture.ts";

const linear = (floor: number, target: number, cap = 100) =>
  ({ kind: "linear", floor, target, cap }) as const;
const wins = (weightPercent: number, scale = linear(0, 100)) =>
  ({ measure: "deals_won", metricId: "wins", scale, weightPercent }) as const;
const rate = (weightPercent: number) =>
  ({
    measure: "win_rate_percent",
    metricId: "rate",
    scale: linear(0, 100),
    weightPercent,
  }) as const;

describe("what moved", () => {
  it("S-29 is all measure where only the facts changed", () => {
    const definition = definitionOf([wins(40), rate(60)]);
    const before = cardOf(definition, sumsWith({ wonCount: 20, lostCount: 20 }));
    const after = cardOf(definition, sumsWith({ wonCount: 30, lostCount: 20 }));
    // 0.4 × 20 + 0.6 × 50 = 38; 0.4 × 30 + 0.6 × 60 = 48
    const { change, moves } = compareCards(after, before);
    expect(change).toBe(10);
    expect(moves).toMatchObject([
      { metricId: "wins", fromMeasure: 4, fromTarget: 0, fromWeight: 0, fromCoverage: 0 },
      { metricId: "rate", fromMeasure: 6, fromTarget: 0, fromWeight: 0, fromCoverage: 0 },
    ]);
  });

  it("is all target where only the scale changed", () => {
    const sums = sumsWith({ wonCount: 20, lostCount: 20 });
    const before = cardOf(definitionOf([wins(50), rate(50)]), sums);
    const after = cardOf(definitionOf([wins(50, linear(0, 50)), rate(50)]), sums, 2);
    expect(compareCards(after, before)).toMatchObject({
      change: 10,
      moves: [{ fromTarget: 10, fromMeasure: 0 }, { fromTarget: 0 }],
    });
  });

  it("is all weight where only the weights changed", () => {
    const sums = sumsWith({ wonCount: 20, lostCount: 20 });
    const before = cardOf(definitionOf([wins(50), rate(50)]), sums);
    const after = cardOf(definitionOf([wins(20), rate(80)]), sums, 2);
    // 35 before, 44 after: wins (20) weighs 30 less, the rate (50) 30 more, both against the old 35.
    expect(compareCards(after, before)).toMatchObject({
      change: 9,
      moves: [{ fromWeight: 4.5 }, { fromWeight: 4.5 }],
    });
  });

  it("is all coverage where a metric lost its data", () => {
    const definition = definitionOf([wins(50), rate(50)]);
    const before = cardOf(definition, sumsWith({ wonCount: 5, lostCount: 5 }));
    const after = cardOf(definition, sumsWith({ wonCount: 5 }));
    // 0.5 × 5 + 0.5 × 50 = 27.5; afterwards only the 5 points of the wins are left.
    expect(compareCards(after, before)).toMatchObject({
      change: -22.5,
      moves: [{ fromMeasure: 0 }, { fromCoverage: -22.5, value: null, previousValue: "50" }],
    });
  });

  it("names a metric that joined the program and one that left it", () => {
    const sums = sumsWith({ wonCount: 20, lostCount: 20 });
    const before = cardOf(definitionOf([wins(100)]), sums);
    const after = cardOf(definitionOf([rate(100)]), sums, 2);
    const { change, moves } = compareCards(after, before);
    expect(change).toBe(30);
    expect(moves.map(({ metricId, fromCoverage }) => [metricId, fromCoverage])).toEqual([
      ["rate", 50],
      ["wins", -20],
    ]);
  });

  it("shows what the cap of 100 took", () => {
    const definition = definitionOf([wins(100, linear(0, 10, 120))]);
    const before = cardOf(definition, sumsWith({ wonCount: 9 }));
    const after = cardOf(definition, sumsWith({ wonCount: 12 }));
    expect(compareCards(after, before)).toMatchObject({
      change: 10,
      fromCap: -20,
      moves: [{ fromMeasure: 30 }],
    });
  });

  it("is unknown, not 0, where one card has no score", () => {
    const definition = definitionOf([rate(100)]);
    const before = cardOf(definition, sumsWith({}));
    const after = cardOf(definition, sumsWith({ wonCount: 10 }));
    expect(compareCards(after, before)).toMatchObject({ change: null, fromCap: 0 });
  });

  const counters = fc.record({
    wonCount: fc.nat(60),
    lostCount: fc.nat(60),
    wonAmount: fc.nat(20_000_000),
    cycleCount: fc.nat(60),
    cycleDays: fc.nat(4_000),
    listedCount: fc.nat(60),
    "wonWithinBp.1000": fc.nat(60),
    "wonAlignedBp.1000": fc.nat(60),
    createdCount: fc.nat(150),
    openCount: fc.nat(100),
  });
  const programs = [
    TEMPLATE,
    definitionOf([wins(50), rate(50)]),
    definitionOf([rate(25), wins(75, linear(50, 0, 120))]),
  ];

  it("adds up to the change exactly, whatever changed", () => {
    const anyProgram = fc.constantFrom(...programs);
    fc.assert(
      fc.property(counters, counters, anyProgram, anyProgram, (then, now, older, newer) => {
        const before = cardOf(older, sumsWith(then));
        const after = cardOf(newer, sumsWith(now), 2);
        const { change, fromCap, moves } = compareCards(after, before);
        if (change === null) return;
        const steps = moves
          .flatMap((m) => [m.fromMeasure, m.fromTarget, m.fromWeight, m.fromCoverage])
          .concat(fromCap)
          .map((points) => Math.round(points * 1e4));
        expect(steps.reduce((a, b) => a + b, 0)).toBe(Math.round(change * 1e4));
        expect(Math.round(change * 1e4)).toBe(
          Math.round((after.score ?? 0) * 1e4) - Math.round((before.score ?? 0) * 1e4),
        );
      }),
    );
  });

  it("is nothing at all between a card and itself", () => {
    const card = cardOf(TEMPLATE, CHECK_SUMS);
    const { change, moves } = compareCards(card, card);
    expect(change).toBe(0);
    for (const { fromMeasure, fromTarget, fromWeight, fromCoverage } of moves) {
      expect([fromMeasure, fromTarget, fromWeight, fromCoverage]).toEqual([0, 0, 0, 0]);
    }
  });
});
