import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactly, fraction, HUNDRED, rounded } from "../metric/index.ts";
import { COUNTERS } from "../rollup/index.ts";
import { ratingAt, weightedScore } from "./card.ts";
import { formulaHash } from "./formula-hash.ts";
import { Card } from "./schema.ts";
import {
  CHECK_SUMS,
  cardOf,
  definitionOf,
  metric,
  published,
  sumsWith,
  TEMPLATE,
} from "./scorecard.fixture.ts";

const wins = {
  measure: "deals_won",
  scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
} as const;
const winRate = {
  measure: "win_rate_percent",
  scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
} as const;

describe("the card of the check quarter", () => {
  const card = cardOf(TEMPLATE, CHECK_SUMS);

  // Each by hand: 100 × (value − floor) / (target − floor), times weight / 100.
  it.each([
    ["revenue-won", "310075", 100, 20],
    ["win-rate", "61.5385", 55.1282, 8.2692],
    ["average-deal-size", "3229.9479", 89.1979, 8.9198],
    ["sales-cycle", "48.0104", 67.474, 10.1211],
    ["discount-discipline", "85.4167", 68.0556, 10.2083],
    ["pricing-alignment", "70.8333", 69.4444, 6.9445],
    ["pipeline-created", "164", 100, 10],
    ["pipeline-velocity", "3519.0514", 100, 5],
  ])("S-24 %s measures %s, scores %d, contributes %d", (metricId, value, score, contribution) => {
    expect(card.metrics.find((one) => one.metricId === metricId)).toMatchObject({
      value,
      score,
      contribution,
      noData: null,
    });
  });

  it("scores 79.4629, reads 79.5 and is leading", () => {
    expect(card).toMatchObject({
      score: 79.4629,
      shownScore: "79.5",
      coveragePercent: 100,
      rating: { status: "rated", ratingId: "leading", cappedBy: [] },
    });
  });

  it("S-21 S-25 has subtotals by layer and by timing, each with its own coverage", () => {
    // behaviour: (15 × 68.0556 + 10 × 69.4444) / 25
    expect(card.layers.behaviour).toEqual({
      score: 68.6111,
      coveragePercent: 100,
      weightPercent: 25,
    });
    expect(card.timings.leading).toEqual({ score: 100, coveragePercent: 100, weightPercent: 15 });
  });

  it("is small enough for its row with 12 metrics", () => {
    const metrics = Array.from({ length: 12 }, (_, index) => ({
      ...metric({ metricId: `metric-${index}`, weightPercent: index === 0 ? 12 : 8 }),
      name: "n".repeat(100),
    }));
    const bytes = Buffer.byteLength(JSON.stringify(cardOf(definitionOf(metrics), CHECK_SUMS)));
    expect(bytes).toBeLessThan(15_000);
  });

  it("survives storage unchanged", () => {
    expect(Card.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });
});

describe("missing data", () => {
  it("G-17 leaves a metric out and lets the others count for more", () => {
    const definition = definitionOf([
      { ...wins, weightPercent: 40 },
      { ...winRate, weightPercent: 60 },
    ]);
    // 5 won of 5: below the minimum sample of 10, so only the 5 points of deals won remain.
    const card = cardOf(definition, sumsWith({ wonCount: 5 }));
    expect(card).toMatchObject({ score: 5, coveragePercent: 40 });
    expect(card.metrics[1]).toMatchObject({ score: null, contribution: null, value: null });
  });

  it("G-17 gives a partner without deals no rating, and says why", () => {
    const card = cardOf(TEMPLATE, sumsWith({}));
    expect(card.coveragePercent).toBe(30);
    expect(card.rating).toMatchObject({ status: "insufficient-data" });
    expect(card.timings.lagging?.coveragePercent).toBe(23.5294);
  });

  it.each([
    [60, "rated"],
    [60.01, "insufficient-data"],
  ])("a coverage of 60 %% under a minimum of %d %% is %s", (minimumCoveragePercent, status) => {
    const definition = definitionOf(
      [
        { ...wins, weightPercent: 60 },
        { ...winRate, weightPercent: 40 },
      ],
      { minimumCoveragePercent },
    );
    expect(cardOf(definition, sumsWith({ wonCount: 5 })).rating.status).toBe(status);
  });

  it("of a critical metric means no rating, whatever the coverage", () => {
    const definition = definitionOf([
      { ...wins, weightPercent: 90 },
      { ...winRate, weightPercent: 10, critical: true },
    ]);
    const { rating, score } = cardOf(definition, sumsWith({ wonCount: 9 }));
    expect(rating).toMatchObject({ status: "insufficient-data" });
    expect(score).toBe(9);
  });

  it("everywhere gives no score at all, neither 0 nor 100", () => {
    const card = cardOf(definitionOf([{ ...winRate, weightPercent: 100 }]), sumsWith({}));
    expect(card).toMatchObject({ score: null, shownScore: null, coveragePercent: 0 });
  });

  it("a metric may ask for a sample of its own", () => {
    const strict = { ...wins, weightPercent: 100, parameters: { minimumSample: 3 } };
    expect(cardOf(definitionOf([strict]), sumsWith({ wonCount: 2 })).score).toBeNull();
    expect(cardOf(definitionOf([strict]), sumsWith({ wonCount: 3 })).score).toBe(3);
  });
});

describe("the total", () => {
  it("lets over-achievement lift it, but not above 100", () => {
    const over = { scale: { kind: "linear", floor: 0, target: 10, cap: 120 } } as const;
    const definition = (weightPercent: number) =>
      definitionOf([
        { ...wins, ...over, weightPercent },
        {
          measure: "deals_lost",
          scale: { kind: "linear", floor: 10, target: 0, cap: 100 },
          weightPercent: 100 - weightPercent,
        },
      ]);
    expect(cardOf(definition(50), sumsWith({ wonCount: 12, lostCount: 5 })).score).toBe(85);
    expect(cardOf(definition(90), sumsWith({ wonCount: 12, lostCount: 0 })).score).toBe(100);
  });

  const anySums = fc
    .array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 18, maxLength: 18 })
    .map((values) => {
      const names = [...COUNTERS, "openCount", "openAmount"] as const;
      return sumsWith(Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0])));
    });

  it("stays within 0 and 100 and is the sum of its contributions", () => {
    fc.assert(
      fc.property(anySums, (sums) => {
        const card = cardOf(TEMPLATE, sums);
        expect(card.score).toBeGreaterThanOrEqual(0);
        expect(card.score).toBeLessThanOrEqual(100);
        const steps = card.metrics.map(({ contribution }) => Math.round((contribution ?? 0) * 1e4));
        expect(steps.reduce((a, b) => a + b, 0)).toBe(Math.round((card.score ?? 0) * 1e4));
      }),
    );
  });

  it("does not depend on the order of the metrics", () => {
    fc.assert(
      fc.property(
        anySums,
        fc.shuffledSubarray(TEMPLATE.metrics, { minLength: TEMPLATE.metrics.length }),
        (sums, metrics) => {
          const shuffled = cardOf({ ...TEMPLATE, metrics }, sums);
          const { score, coveragePercent, layers, rating } = cardOf(TEMPLATE, sums);
          expect(shuffled).toMatchObject({ score, coveragePercent, layers, rating });
        },
      ),
    );
  });

  it("does not fall when one more deal is won", () => {
    const definition = definitionOf([
      { ...wins, weightPercent: 30 },
      { ...winRate, weightPercent: 70 },
    ]);
    fc.assert(
      fc.property(fc.nat(80), fc.integer({ min: 10, max: 80 }), (wonCount, lostCount) => {
        const score = (won: number) =>
          cardOf(definition, sumsWith({ wonCount: won, lostCount })).score ?? 0;
        expect(score(wonCount + 1)).toBeGreaterThanOrEqual(score(wonCount));
      }),
    );
  });
});

describe("rating bands", () => {
  const bands = [
    { ratingId: "poor", name: "Poor", from: 0, to: 30 },
    { ratingId: "fair", name: "Average", from: 30, to: 50 },
    { ratingId: "good", name: "Good", from: 50, to: 80 },
    { ratingId: "top", name: "Excellent", from: 80, to: 100 },
  ];
  it.each([
    [0, "poor"],
    [29.9999, "poor"],
    [30, "fair"],
    [50, "good"],
    [79.9999, "good"],
    [80, "top"],
    [100, "top"],
  ])("%d is %s", (score, ratingId) => {
    expect(ratingAt(bands, score)?.ratingId).toBe(ratingId);
  });

  it("agree with the best-known open scorecard on its worked example: 75 × 40, 95 × 40, 40 × 20 is 76", () => {
    const delivery = { kind: "linear", floor: 0, target: 60_000, cap: 100 } as const;
    const criteria = [
      { weight: fraction(40), score: exactly(75) },
      { weight: fraction(40), score: exactly(95) },
      { weight: fraction(20), score: exactly(40) },
    ];
    const card = cardOf(
      definitionOf([{ measure: "deals_won", scale: delivery, weightPercent: 100 }]),
      sumsWith({ wonCount: 45_000 }),
    );
    expect(card.score).toBe(75);
    expect(rounded(weightedScore(criteria) ?? HUNDRED)).toBe(76);
    expect(ratingAt(bands, 76)?.name).toBe("Good");
  });
});

describe("a red flag", () => {
  const flagged = (discipline: number) =>
    cardOf(TEMPLATE, {
      ...CHECK_SUMS,
      inPeriod: { ...CHECK_SUMS.inPeriod, "wonWithinBp.1000": discipline },
    });

  it("holds the rating at the cap, but leaves the score", () => {
    // 57 of 96 is 59.375 %, below the floor of 60; the metric scores 0 of its 15.
    const card = flagged(57);
    expect(card.score).toBe(69.2546);
    expect(card.rating).toMatchObject({
      ratingId: "performing",
      cappedBy: ["discount-discipline"],
    });
  });

  it("is none exactly at the floor", () => {
    const sums = sumsWith({ listedCount: 10, "wonWithinBp.1000": 6 });
    const card = cardOf(TEMPLATE, sums);
    expect(card.metrics.find(({ critical }) => critical)?.isRedFlag).toBe(false);
  });

  it("lies above the floor where less is better", () => {
    const cycle = {
      measure: "sales_cycle_days",
      scale: { kind: "linear", floor: 80, target: 20, cap: 100 },
      weightPercent: 100,
      critical: true,
      redFlagFloor: 60,
    } as const;
    const definition = definitionOf([cycle], { redFlagRatingId: "at-risk" });
    const flag = (cycleDays: number) =>
      cardOf(definition, sumsWith({ cycleDays, cycleCount: 1 })).metrics[0]?.isRedFlag;
    expect([flag(59), flag(60), flag(61)]).toEqual([false, false, true]);
  });
});

describe("the formula hash", () => {
  const hash = formulaHash(TEMPLATE);
  it("is the same for the same rules under other labels", () => {
    const renamed = { ...TEMPLATE, name: "Other", description: "Other" };
    expect(formulaHash(renamed)).toBe(hash);
    expect(published(renamed).definition).not.toBe(TEMPLATE);
  });

  it.each([
    ["a weight", { weightPercent: 19 }],
    ["a target", { scale: { kind: "linear", floor: 20_000, target: 120_001, cap: 100 } }],
    ["a measure", { measure: "deals_won" }],
    ["a parameter", { parameters: { minimumSample: 3 } }],
    ["criticality", { critical: true }],
  ])("changes with %s", (_, changes) => {
    const [first, ...others] = TEMPLATE.metrics;
    const metrics = [{ ...first, ...changes }, ...others] as typeof TEMPLATE.metrics;
    expect(formulaHash({ ...TEMPLATE, metrics })).not.toBe(hash);
  });
});
