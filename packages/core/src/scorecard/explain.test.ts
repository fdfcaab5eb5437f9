import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Input } from "../metric/index.ts";
import type { ProgramMetric } from "../program/index.ts";
import { explain } from "./explain.ts";
import { nextRating } from "./next-rating.ts";
import { CHECK_SUMS, cardOf, definitionOf, sumsWith, TEMPLATE } from "./scorecard.fixture.ts";

const linear = (floor: number, target: number, cap = 100) =>
  ({ kind: "linear", floor, target, cap }) as const;

describe("the explanation", () => {
  const { metrics, total } = explain(cardOf(TEMPLATE, CHECK_SUMS));

  it("G-01 names the integers, the measure, the scale and the points of each metric", () => {
    expect(metrics.find(({ metricId }) => metricId === "average-deal-size")).toEqual({
      metricId: "average-deal-size",
      name: "Average deal size",
      definition: "revenue won / deals won",
      inputs: [
        { name: "wonAmount", value: 31_007_500, unit: "minor-units" },
        { name: "wonCount", value: 96, unit: "count" },
      ],
      steps: [
        "revenue won / deals won = 3,229.9479 USD with wonAmount 310,075 USD, wonCount 96",
        "100 × (3229.9479 − 1000) / 2500, at least 0 and at most 100 = 89.1979",
        "weight 10 of 100 with data: 8.9198 points, 1.0802 lost",
      ],
    });
  });

  it("G-01 adds the contributions up to the score, with coverage and bands", () => {
    expect(total).toEqual([
      "20 + 8.2692 + 8.9198 + 10.1211 + 10.2083 + 6.9445 + 10 + 5 = 79.4629",
      "coverage 100 % (a rating needs 60 %)",
      "rating Leading of At risk 0–40, Developing 40–50, Performing 50–60, Strong 60–70, Leading 70–100; a bound belongs to the band above it",
    ]);
  });

  it("says why a metric has no data and why there is no rating", () => {
    const {
      metrics: empty,
      total: reasons,
      nextRating: next,
    } = explain(cardOf(TEMPLATE, sumsWith({})));
    expect(empty[1]?.steps[0]).toContain("no data (no deal was won or lost in the period)");
    expect(reasons.join(" ")).toContain("Only 30 % of the weight has data");
    expect(next).toBeNull();
  });
});

describe("the next rating", () => {
  const wins = (weightPercent: number) =>
    ({ measure: "deals_won", metricId: "wins", scale: linear(0, 100), weightPercent }) as const;
  const lost = (weightPercent: number) =>
    ({ measure: "deals_lost", metricId: "lost", scale: linear(50, 0), weightPercent }) as const;

  it("G-01 finds the metric with the smallest relative change, in whole deals", () => {
    // 0.5 × 45 + 0.5 × (100 × 20 / 50 = 40) = 42.5; "performing" begins at 50, 7.5 points away.
    const card = cardOf(
      definitionOf([wins(50), lost(50)]),
      sumsWith({ wonCount: 45, lostCount: 30 }),
    );
    expect(card.score).toBe(42.5);
    expect(nextRating(card)).toMatchObject({
      ratingId: "performing",
      from: 50,
      pointsMissing: 7.5,
      cheapest: {
        // lost deals: 15 points more on its half is a score of 55, that is 22.5 and so 22 deals: 8 of 30.
        metricId: "lost",
        value: "30",
        neededValue: "22",
        neededScore: 56,
        changePercent: 26.6667,
      },
      // won deals: a score of 60 is 60 deals, 15 of 45.
      ways: [{ metricId: "lost" }, { metricId: "wins", neededValue: "60", changePercent: 33.3333 }],
    });
  });

  it("names no way where no metric is enough alone", () => {
    const card = cardOf(
      definitionOf([wins(50), lost(50)], {
        ratingBands: [
          { ratingId: "low", name: "Low", from: 0, to: 99 },
          { ratingId: "high", name: "High", from: 99, to: 100 },
        ],
      }),
      sumsWith({ wonCount: 10, lostCount: 40 }),
    );
    expect(nextRating(card)).toMatchObject({ ratingId: "high", cheapest: null, ways: [] });
  });

  it("climbs bands to their nearest edge", () => {
    const banded: Partial<ProgramMetric> = {
      measure: "sales_cycle_days",
      metricId: "cycle",
      weightPercent: 100,
      scale: {
        kind: "bands",
        bands: [
          { from: null, to: 30, score: 100 },
          { from: 30, to: 60, score: 55 },
          { from: 60, to: null, score: 10 },
        ],
      },
    };
    const card = cardOf(definitionOf([banded]), sumsWith({ cycleDays: 45, cycleCount: 1 }));
    // Below 30 days, which 4 decimals make 29.9999.
    expect(nextRating(card)?.cheapest).toMatchObject({ neededValue: "29.9999", neededScore: 100 });
  });

  it("is blocked by a red flag, whatever the score", () => {
    const card = cardOf(TEMPLATE, {
      ...CHECK_SUMS,
      inPeriod: { ...CHECK_SUMS.inPeriod, "wonWithinBp.1000": 57 },
    });
    expect(nextRating(card)).toMatchObject({
      ratingId: "strong",
      pointsMissing: 0,
      blockedBy: ["discount-discipline"],
    });
  });

  it("is none above the top band", () => {
    expect(nextRating(cardOf(TEMPLATE, CHECK_SUMS))).toBeNull();
  });

  it("is reached when the cheapest metric does what it says", () => {
    const input: Record<string, Input> = { wins: "wonCount", lost: "lostCount" };
    const definition = definitionOf([wins(30), lost(70)]);
    fc.assert(
      fc.property(fc.nat(100), fc.nat(50), (wonCount, lostCount) => {
        const next = nextRating(cardOf(definition, sumsWith({ wonCount, lostCount })));
        for (const way of next?.ways ?? []) {
          const name = input[way.metricId] ?? "wonCount";
          const changed = { wonCount, lostCount, [name]: Number(way.neededValue) };
          const { score } = cardOf(definition, sumsWith(changed));
          expect(score).toBeGreaterThanOrEqual(next?.from ?? 0);
        }
      }),
    );
  });
});
