import { describe, expect, it } from "vitest";
import { PartnerId, ProgramId } from "../id/index.ts";
import {
  type ProgramDefinition,
  type ProgramMetric,
  type PublishedProgram,
  resellerTemplate,
} from "../program/index.ts";
import { type Counter, emptyCounters, type MonthRollup } from "../rollup/index.ts";
import { backTest, tally } from "./index.ts";

const PARTNER = PartnerId.parse("ptr_0000000000000000000000000A");
const OTHER = PartnerId.parse("ptr_0000000000000000000000000B");
const RESELLER = { partnerId: PARTNER, type: "reseller", lifecycleStage: "growing" } as const;
const CALENDAR = { timeZone: "Europe/Berlin", fiscalYearStartMonth: 1 };

const [anyMetric] = resellerTemplate("EUR").metrics;
const metric = (measure: string, weightPercent: number, floor: number, target: number) => ({
  ...(anyMetric as ProgramMetric),
  metricId: measure.replaceAll("_", "-"),
  name: measure,
  measure,
  weightPercent,
  pairedMetricId: null,
  scale: { kind: "linear", floor, target, cap: 100 } as const,
});
const program = (version: number, changes: Partial<ProgramDefinition>): PublishedProgram => ({
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version,
  effectiveFrom: "2027-Q1",
  definition: {
    ...resellerTemplate("EUR"),
    minimumCoveragePercent: 0,
    ratingBands: [
      { ratingId: "low", name: "Low", from: 0, to: 50 },
      { ratingId: "high", name: "High", from: 50, to: 100 },
    ],
    ...changes,
  },
  warnings: [],
  publishedAt: "2027-01-02T09:00:00.000Z",
  publishedBy: { kind: "system", name: "bootstrap" },
});
const month = (name: string, counters: Partial<Record<Counter, number>>): MonthRollup => ({
  partnerId: PARTNER,
  month: name,
  counters: { ...emptyCounters(), ...counters },
  version: 1,
  changedAt: "2027-06-30T00:00:00.000Z",
});

const baseline = program(1, {
  metrics: [metric("deals_won", 50, 0, 100), metric("deals_lost", 50, 100, 0)],
});
/** Half the weight of losses goes to wins, and wins score against 80 instead of 100. */
const candidate = program(2, {
  metrics: [metric("deals_won", 75, 0, 80), metric("deals_lost", 25, 100, 0)],
});

describe("G-02 a back-test", () => {
  const months = [
    month("2027-02", { wonCount: 40, lostCount: 60 }),
    month("2027-05", { wonCount: 60, lostCount: 10 }),
  ];
  const tested = backTest({
    baseline,
    candidate,
    partner: RESELLER,
    periods: ["2027-Q1", "2027-Q2", "2027-Q3"],
    live: { months, targets: [] },
    calendar: CALENDAR,
  });

  it("scores each period on both sides from the same facts", () => {
    // Q1: 0.5 × 40 + 0.5 × 40 = 40 against 0.75 × 50 + 0.25 × 40 = 47.5
    // Q2: 0.5 × 60 + 0.5 × 90 = 75 against 0.75 × 75 + 0.25 × 90 = 78.75
    // Q3: nothing won, nothing lost: 0.5 × 0 + 0.5 × 100 = 50 against 0.25 × 100 = 25
    expect(
      tested.map(({ period, baseline: before, candidate: after, change, rating }) => [
        period,
        before.score,
        after.score,
        change,
        rating,
      ]),
    ).toEqual([
      ["2027-Q1", 40, 47.5, 7.5, "same"],
      ["2027-Q2", 75, 78.75, 3.75, "same"],
      ["2027-Q3", 50, 25, -25, "down"],
    ]);
  });

  it("says which metric moved it and by what, adding up exactly, and never by its measure", () => {
    for (const { change, moves } of tested) {
      const steps = moves.flatMap((one) => [one.fromTarget, one.fromWeight, one.fromCoverage]);
      expect(steps.reduce((sum, part) => sum + Math.round(part * 10_000), 0)).toBe(
        Math.round((change ?? 0) * 10_000),
      );
      expect(moves.every(({ fromMeasure }) => fromMeasure === 0)).toBe(true);
    }
    // Wins score 50 instead of 40 at the old half of the weight.
    expect(tested[0]?.moves[0]).toMatchObject({ metricId: "deals-won", fromTarget: 5 });
  });

  it("differs in nothing from itself", () => {
    const same = backTest({
      baseline,
      candidate: baseline,
      partner: RESELLER,
      periods: ["2027-Q1", "2027-Q2"],
      live: { months, targets: [] },
      calendar: CALENDAR,
    });
    expect(same.map(({ change, rating, moves }) => ({ change, rating, moves }))).toEqual([
      { change: 0, rating: "same", moves: [] },
      { change: 0, rating: "same", moves: [] },
    ]);
  });

  it("compares ratings from the top where the bands differ in number, and tells a rating gained or lost", () => {
    const rated = (definition: Partial<ProgramDefinition>) =>
      backTest({
        baseline,
        candidate: program(2, { metrics: baseline.definition.metrics, ...definition }),
        partner: RESELLER,
        periods: ["2027-Q2"],
        live: { months, targets: [] },
        calendar: CALENDAR,
      })[0]?.rating;
    const bands = (...from: number[]) =>
      from.map((start, index) => ({
        ratingId: `band-${index}`,
        name: `Band ${index}`,
        from: start,
        to: from[index + 1] ?? 100,
      }));
    expect(rated({ ratingBands: bands(0, 30, 70) })).toBe("same");
    expect(rated({ ratingBands: bands(0, 30, 80) })).toBe("down");
    expect(rated({ minimumCoveragePercent: 100 })).toBe("same");
    const needsMore = [
      { ...metric("win_rate_percent", 100, 0, 100), parameters: { minimumSample: 1000 } },
    ];
    expect(rated({ metrics: needsMore, minimumCoveragePercent: 100 })).toBe("lost");
  });

  it("is tallied by period over the partners", () => {
    const partner = (partnerId: PartnerId, name: string, periods: typeof tested) => ({
      partnerId,
      name,
      periods,
    });
    const unscored = tested.map((one) => ({ ...one, change: null, rating: "none" as const }));
    expect(
      tally([
        partner(PARTNER, "North", tested),
        partner(
          OTHER,
          "South",
          tested.map((one) => ({ ...one, change: -1, rating: "up" as const })),
        ),
        partner(OTHER, "West", unscored),
      ])[0],
    ).toEqual({
      period: "2027-Q1",
      partners: 3,
      ratings: { same: 1, up: 1, down: 0, gained: 0, lost: 0, none: 1 },
      meanChange: 3.25,
      greatestRise: { name: "North", change: 7.5 },
      greatestFall: { name: "South", change: -1 },
    });
    expect(tally([])).toEqual([]);
  });
});
