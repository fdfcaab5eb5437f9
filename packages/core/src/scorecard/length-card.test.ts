import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CalendarDate, type Period, periodSpan } from "../calendar/index.ts";
import { CycleId } from "../id/index.ts";
import { FigureMeasure, type Input } from "../metric/index.ts";
import { scoreCard } from "./card.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { missingFigures } from "./figures.ts";
import { freezeCard } from "./freeze.ts";
import { FrozenCard } from "./frozen.ts";
import { inputsOf } from "./inputs.ts";
import { perverseIncentives } from "./perverse-incentives.ts";
import { replay } from "./replay.ts";
import { definitionOf, facts, PARTNER, published, sumsWith } from "./scorecard.fixture.ts";

const line = (floor: number, target: number) =>
  ({ kind: "linear", floor, target, cap: 100 }) as const;
const bands = {
  kind: "bands" as const,
  bands: [
    { from: 0, to: 10, score: 20 },
    { from: 10, to: null, score: 90 },
  ],
};
const definition = definitionOf([
  {
    measure: "deals_won",
    name: "Wins",
    weightPercent: 40,
    scale: line(10, 100),
    critical: true,
    redFlagFloor: 20,
  },
  { measure: "pipeline_created_count", name: "Created", weightPercent: 30, scale: bands },
  { measure: "win_rate_percent", name: "Win rate", weightPercent: 30, scale: line(0, 80) },
]);
const calendar = { timeZone: "UTC", fiscalYearStartMonth: 1 };
const cardOf = (period: Period, sums: Partial<Record<Input, number>>, agreed?: number) =>
  scoreCard({
    program: published(definition),
    partnerId: PARTNER,
    period,
    span: periodSpan(period, calendar) as { from: CalendarDate; to: CalendarDate },
    grounds: {
      sums: sumsWith(sums),
      ...(agreed === undefined
        ? {}
        : {
            agreedTargets: {
              from: "2026-Q3",
              number: 1,
              targets: [{ metricId: "deals_won", measure: "deals_won", target: agreed, floor: 0 }],
            },
          }),
    },
  });
const scores = (period: Period, sums: Partial<Record<Input, number>>) =>
  cardOf(period, sums).metrics.map(({ score }) => score);

describe("S-06 cards of other lengths", () => {
  it("count a third in a month and twice in a half of what adds up, and shares as they are", () => {
    // A month: 20 of (10 to 100) / 3, so 60 a quarter: 55.5556. 4 created are 12 a quarter. 20 of 40 is 50 %.
    expect(scores("2027-M02", { wonCount: 20, lostCount: 20, createdCount: 4 })).toEqual([
      ...[55.5556, 90, 62.5],
    ]);
    // A half: 20 are 10 a quarter, the floor. 19 created are 9.5.
    expect(scores("2027-H1", { wonCount: 20, lostCount: 20, createdCount: 19 })).toEqual([
      ...[0, 20, 62.5],
    ]);
    const [won, created, rate] = cardOf("2027-M02", { wonCount: 20 }).metrics;
    expect(won).toMatchObject({
      scale: { floor: 3.3333, target: 33.3333 },
      redFlagFloor: 6.6667,
      perQuarter: { months: 1, scale: { floor: 10, target: 100 }, redFlagFloor: 20 },
    });
    expect(created?.scale).toMatchObject({ bands: [{ to: 3.3333 }, { from: 3.3333, to: null }] });
    expect(rate).not.toHaveProperty("perQuarter");
    expect(rate?.minimumSample).toBe(cardOf("2027-Q1", {}).metrics[2]?.minimumSample);
  });

  it("score the same where every month is alike, whatever the length", () => {
    fc.assert(
      fc.property(fc.nat(80), fc.nat(80), fc.nat(80), (won, lost, created) => {
        const times = (months: number) => ({
          wonCount: won * months,
          lostCount: (lost + 10) * months,
          createdCount: created * months,
        });
        const quarter = cardOf("2027-Q1", times(3));
        for (const [period, months] of [
          ["2027-M01", 1],
          ["2027-H1", 6],
        ] as const) {
          const card = cardOf(period, times(months));
          expect(card.metrics.map(({ score, isRedFlag }) => [score, isRedFlag])).toEqual(
            quarter.metrics.map(({ score, isRedFlag }) => [score, isRedFlag]),
          );
          expect([card.score, card.rating, card.formulaHash]).toEqual([
            ...[quarter.score, quarter.rating, quarter.formulaHash],
          ]);
        }
      }),
    );
  });

  it("are exact where a third is none: 10 a month is a bound of 30 a quarter", () => {
    const third = definitionOf([
      { measure: "deals_won", name: "Wins", weightPercent: 100, scale: line(0, 10) },
    ]);
    const card = scoreCard({
      program: published(third),
      partnerId: PARTNER,
      ...{ period: "2027-M01", span: { from: "2027-01-01", to: "2027-01-31" } },
      grounds: { sums: sumsWith({ wonCount: 1 }) },
    });
    // 1 of 10 / 3 is exactly 30; by the rounded 3.3333 it would be 30.0003.
    expect(card.score).toBe(30);
  });

  it("scale a target that was agreed, and say all three", () => {
    const card = cardOf("2027-M01", { wonCount: 10, lostCount: 10, createdCount: 9 }, 60);
    expect(card.metrics[0]).toMatchObject({
      score: 50,
      scale: { target: 20, floor: 0 },
      programScale: { target: 100, floor: 10 },
      perQuarter: { scale: { target: 60, floor: 0 } },
    });
    const steps = explain(card).metrics[0]?.steps ?? [];
    expect(steps).toContain(
      "agreed with the partner for 2026-Q3 and later: a target of 60, nothing from 0 on; the program's own: a target of 100, nothing from 10 on",
    );
    expect(steps).toContain(
      "a quarter asks for 60, nothing from 0 on; a third of that counts in one month: 20 and 0",
    );
    expect(steps).toContain("100 × (10 × 3 / 1 − 0) / 60, at least 0 and at most 100 = 50");
    expect(explain(card).total.join()).not.toContain("does not count");
  });

  it("compare with one another: a change of length alone is no change of facts or targets", () => {
    const month = cardOf("2027-M04", { wonCount: 20, lostCount: 20, createdCount: 4 });
    const quarter = cardOf("2027-Q1", { wonCount: 60, lostCount: 60, createdCount: 12 });
    for (const [current, previous] of [
      [month, quarter],
      [quarter, month],
    ] as const) {
      const { change, moves } = compareCards(current, previous);
      expect(change).toBe(0);
      expect(moves.flatMap((one) => [one.fromMeasure, one.fromTarget])).toEqual([
        ...[0, 0, 0, 0, 0, 0],
      ]);
    }
    const paired = definition.metrics.map(({ metricId }) => ({
      metricId,
      pairedMetricId: metricId === "deals_won" ? "win_rate_percent" : null,
    }));
    expect(perverseIncentives(month, quarter, paired)).toEqual([]);
  });

  it("say what the next rating needs at their own length", () => {
    const card = cardOf("2027-M01", { wonCount: 12, lostCount: 18, createdCount: 4 });
    const way = explain(card).nextRating?.ways.find(({ metricId }) => metricId === "deals_won");
    expect(way).toBeDefined();
    const enough = cardOf("2027-M01", {
      wonCount: Number(way?.neededValue),
      lostCount: 18,
      createdCount: 4,
    });
    const short = cardOf("2027-M01", {
      wonCount: Number(way?.neededValue) - 1,
      lostCount: 18,
      createdCount: 4,
    });
    const scoreOfWins = (one: typeof card) => one.metrics[0]?.score ?? 0;
    expect(scoreOfWins(enough)).toBe(way?.neededScore);
    expect(scoreOfWins(short)).toBeLessThan(way?.neededScore ?? 0);
  });

  it("miss what is due by the quarter once in each quarter, and not in a single month", () => {
    const quarterly = FigureMeasure.parse({
      ...{ measure: "leads", name: "Leads", unit: "count", aggregation: "sum" },
      ...{ suppliedBy: "partner", frequency: "quarterly" },
    });
    const given = { measure: "leads", month: "2027-02", value: 3, of: null, revision: 1 };
    const monthsOf = (period: Period) =>
      missingFigures([quarterly], [given], periodSpan(period, calendar))[0]?.months;
    expect(monthsOf("2027-M01")).toBeUndefined();
    expect(monthsOf("2027-Q1")).toBeUndefined();
    expect(monthsOf("2027-Q2")).toEqual(["2027-06"]);
    expect(monthsOf("2027-H1")).toEqual(["2027-06"]);
    expect(monthsOf("2027-H2")).toEqual(["2027-09", "2027-12"]);
  });

  it("replay bit for bit", () => {
    for (const period of ["2027-M01", "2027-H1"]) {
      const span = periodSpan(period, calendar);
      const program = published(definition);
      const { card, chunks } = freezeCard({
        ...{ program, partnerId: PARTNER, period, span, inputs: inputsOf(facts(), span) },
        ...{ cycleId: CycleId.parse("cyc_0000000000000000000000000A"), terms: {}, revision: 1 },
        ...{ reason: null, now: new Date("2027-07-08T00:00:00Z") },
      });
      const stored = FrozenCard.parse(JSON.parse(JSON.stringify(card)));
      expect(replay({ card: stored, chunks, program })).toMatchObject({ isIdentical: true });
      expect(stored.metrics[0]?.perQuarter).toBeDefined();
    }
  });
});
