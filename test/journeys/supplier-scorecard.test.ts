import { PartnerId, ProgramId } from "@concord/core/id";
import { emptySums, type MeasureSums } from "@concord/core/metric";
import { ProgramDefinition, type PublishedProgram, resellerTemplate } from "@concord/core/program";
import { type Card, scoreCard, standingOf } from "@concord/core/scorecard";
import { figure } from "@concord/local/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dividedBy, type Fraction, fraction, toDecimal } from "../independent/fraction.ts";
import { overall, periodTotal, STANDINGS, standingAt } from "../independent/supplier-scorecard.ts";

const [anyMetric] = resellerTemplate("USD").metrics;
const criterion = (metricId: string, formula: string, weightPercent: number) => ({
  ...anyMetric,
  metricId,
  name: metricId,
  measure: "deals_won",
  scale: { kind: "formula", formula },
  weightPercent,
  pairedMetricId: null,
  parameters: {},
});

/**
 * The peer's three criteria over numbers that Concord counts too. Of deals won come the units delivered of those due,
 * of deals lost the units without a fault of 100, of pipeline created the days that an answer took.
 */
const program: PublishedProgram = {
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version: 1,
  effectiveFrom: "2020-Q1",
  definition: ProgramDefinition.parse({
    ...resellerTemplate("USD"),
    minimumCoveragePercent: 0,
    history: { kind: "linear-decay", periods: 12 },
    metrics: [
      criterion("delivery", "deals_won / 60000 * 100", 40),
      criterion("quality", "deals_lost / 100 * 100", 40),
      criterion("response", "100 - pipeline_created_count * 5", 20),
    ],
    ratingBands: STANDINGS.map(([name, from, to]) => ({
      ratingId: name.toLowerCase().replace(" ", "-"),
      name,
      from,
      to,
    })),
  }),
  warnings: [],
  publishedAt: "2020-01-02T09:00:00.000Z",
  publishedBy: { kind: "system", name: "bootstrap" },
};

interface Period {
  readonly delivered: number;
  readonly good: number;
  readonly days: number;
}
const quarter = (age: number): string => `${2030 - Math.floor(age / 4)}-Q${4 - (age % 4)}`;

function cardOf({ delivered, good, days }: Period, age: number): Card {
  const sums: MeasureSums = emptySums();
  sums.inPeriod.wonCount = delivered;
  sums.inPeriod.lostCount = good;
  sums.inPeriod.createdCount = days;
  const year = quarter(age).slice(0, 4);
  return scoreCard({
    program,
    partnerId: PartnerId.parse("ptr_0000000000000000000000000A"),
    period: quarter(age),
    span: { from: `${year}-01-01`, to: `${year}-03-31` },
    grounds: { sums },
  });
}
const standing = (cards: readonly Card[]) =>
  standingOf(
    quarter(0),
    cards.map((card, age) => ({ period: quarter(age), card })),
    program.definition,
  );
const oneDecimal = (score: number | null): string =>
  toDecimal(fraction(BigInt(Math.round((score ?? 0) * 10_000)), 10_000), 1);

/** A card whose three criteria are all at this score; of whole points. */
const at = (score: number, age: number) =>
  cardOf({ delivered: score * 600, good: score, days: (100 - score) / 5 }, age);

describe("agreement with the open supplier scorecard", () => {
  it("scores the worked example: 75, 95 and 40 make 76", () => {
    const card = cardOf({ delivered: 45_000, good: 95, days: 12 }, 0);
    expect(card.metrics.map(({ score }) => score)).toEqual([75, 95, 40]);
    expect(card.score).toBe(76);
  });

  it("answers 25 days with 0 points, never with fewer", () => {
    const card = cardOf({ delivered: 45_000, good: 95, days: 25 }, 0);
    expect(card.metrics[2]?.score).toBe(0);
  });

  it("weighs 76, 60 and 90 to 74.9, Average", () => {
    const now = cardOf({ delivered: 45_000, good: 95, days: 12 }, 0);
    const result = standing([now, at(60, 1), at(90, 2)]);
    expect(oneDecimal(result.score)).toBe("74.9");
    expect(result.rating?.name).toBe("Average");
    expect(result.periods.map(({ weightPercent }) => weightPercent)).toEqual([
      36.3636, 33.3333, 30.303,
    ]);
  });

  it("forgets what is older than 12 periods", () => {
    const twelve = Array.from({ length: 12 }, (_, age) => at(50, age));
    expect(standing([...twelve, at(100, 12), at(100, 13)]).score).toBe(50);
  });

  it("gives a bound to the band above it: 80 is Excellent, 30 is Poor", () => {
    expect(standing([at(80, 0)]).rating?.name).toBe("Excellent");
    expect(standing([at(30, 0)]).rating?.name).toBe("Poor");
    expect(standing([at(100, 0)]).rating?.name).toBe("Excellent");
  });

  it("agrees on random histories: every criterion, every period, the whole, and its band", () => {
    const period = fc.record({
      delivered: fc.integer({ min: 0, max: 70_000 }),
      good: fc.integer({ min: 0, max: 110 }),
      days: fc.integer({ min: 0, max: 30 }),
    });
    let compared = 0;
    fc.assert(
      fc.property(fc.array(period, { minLength: 1, maxLength: 14 }), (periods) => {
        const cards = periods.map(cardOf);
        const totals = periods.map(
          ({ delivered, good, days }): Fraction =>
            periodTotal([
              { weight: 40, score: dividedBy(fraction(delivered * 100), fraction(60_000)) },
              { weight: 40, score: fraction(good) },
              { weight: 20, score: fraction(100 - days * 5) },
            ]),
        );
        cards.forEach((card, age) => {
          expect(toDecimal(exact(card.score), 4)).toBe(toDecimal(totals[age] ?? fraction(0), 4));
        });
        // Concord weighs what stands on the cards, with 4 decimals; the peer what it never shows.
        const peer = overall(cards.map(({ score }) => exact(score)));
        const own = standing(cards);
        expect(toDecimal(exact(own.score), 4)).toBe(toDecimal(peer, 4));
        expect(own.rating?.name).toBe(standingAt(Number(toDecimal(peer, 4))));
        compared += 1;
      }),
      { numRuns: figure(1_000, 10_000), seed: 20261125 },
    );
    expect(compared).toBe(figure(1_000, 10_000));
  });
});

const exact = (score: number | null): Fraction =>
  fraction(BigInt(Math.round((score ?? 0) * 10_000)), 10_000);
