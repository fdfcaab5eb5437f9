import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { DisputeId } from "../id/index.ts";
import { scoreCard } from "./card.ts";
import { cardCsv } from "./card-csv.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { nextRating } from "./next-rating.ts";
import { type CardOverride, withOverride, withoutOverride } from "./override.ts";
import { definitionOf, PARTNER, published, Q1, sumsWith } from "./scorecard.fixture.ts";

const ID = DisputeId.parse("dsp_0000000000000000000000000A");
const OTHER = DisputeId.parse("dsp_0000000000000000000000000B");

/** 30 won of 40: deals won score 30 with a red flag below 50, the win rate scores 75. */
const program = published(
  definitionOf(
    [
      {
        measure: "deals_won",
        metricId: "wins",
        name: "Wins",
        weightPercent: 60,
        scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
        critical: true,
        redFlagFloor: 50,
      },
      {
        measure: "win_rate_percent",
        metricId: "rate",
        name: "Win rate",
        weightPercent: 40,
        scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
        critical: false,
        redFlagFloor: null,
      },
    ],
    { redFlagRatingId: "developing" },
  ),
);
const sums = sumsWith({ wonCount: 30, lostCount: 10 });
const cardWith = (overrides?: CardOverride[], of = sums) =>
  scoreCard({
    program,
    partnerId: PARTNER,
    ...Q1,
    grounds: { sums: of, ...(overrides ? { overrides } : {}) },
  });
const excluded = { kind: "excluded", metricId: "rate", disputeId: ID } as const;
const value = { kind: "value", metricId: "rate", disputeId: ID, value: "90.5" } as const;
const waived = { kind: "consequence-waived", metricId: "wins", disputeId: ID } as const;
const ofRate = <T extends { readonly metricId: string }>(metrics: readonly T[]) =>
  metrics.find(({ metricId }) => metricId === "rate");

describe("G-04 what an upheld dispute says of a card", () => {
  it("leaves a card without any exactly as it was, without a new field", () => {
    const card = cardWith();
    expect(card.score).toBe(48);
    expect(JSON.stringify(card)).not.toContain("override");
  });

  it("leaves a metric out like one without data: the other weights count for more", () => {
    const card = cardWith([excluded]);
    expect(card).toMatchObject({ score: 30, coveragePercent: 60 });
    expect(ofRate(card.metrics)).toMatchObject({
      value: null,
      score: null,
      sample: 40,
      noData: { code: "excluded-by-dispute" },
      override: excluded,
    });
  });

  it("sets a value in place of the measure: 0.6 × 30 + 0.4 × 90.5", () => {
    const card = cardWith([value]);
    expect(card.score).toBe(54.2);
    expect(ofRate(card.metrics)).toMatchObject({ value: "90.5", score: 90.5, contribution: 36.2 });
  });

  it("lifts the cap of a red flag alone: the score stays", () => {
    const capped = cardWith([value]);
    expect(capped.rating).toMatchObject({ ratingId: "developing", cappedBy: ["wins"] });
    const card = cardWith([value, waived]);
    expect(card).toMatchObject({ score: 54.2, rating: { ratingId: "performing", cappedBy: [] } });
    expect(card.metrics[0]).toMatchObject({ isRedFlag: false, score: 30 });
  });

  it("is told with the id of the dispute, beside what was measured", () => {
    const { metrics, total } = explain(
      cardWith([value, waived, { kind: "consequence-waived", metricId: null, disputeId: OTHER }]),
    );
    expect(ofRate(metrics)?.steps).toEqual([
      "100 × won / (won + lost) = 75 % with wonCount 30, lostCount 10",
      `90.5 % counts instead, as decided on dispute ${ID}`,
      "100 × (90.5 − 0) / 100, at least 0 and at most 100 = 90.5",
      "weight 40 of 100 with data: 36.2 points, 3.8 lost",
    ]);
    expect(metrics[0]?.steps.at(-1)).toBe(`a red flag does not count, as decided on dispute ${ID}`);
    expect(total).toContain(`nothing is to follow from it, as decided on dispute ${OTHER}`);
    expect(ofRate(explain(cardWith([excluded])).metrics)?.steps[1]).toBe(
      `it is left out of the card, as decided on dispute ${ID}`,
    );
  });

  it("is noted in the CSV with the id of the dispute", () => {
    const notes = (overrides: CardOverride[]) =>
      parse<Record<string, string>>(cardCsv(cardWith(overrides)), { columns: true }).map(
        ({ note }) => note,
      );
    const whole = { kind: "consequence-waived", metricId: null, disputeId: OTHER } as const;
    expect(notes([value, waived, whole])).toEqual([
      `red flag waived on dispute ${ID}`,
      `value as decided on dispute ${ID}`,
      `Performing; no consequence, as decided on dispute ${OTHER}`,
    ]);
    expect(notes([excluded])[1]).toBe(`left out, as decided on dispute ${ID}`);
  });

  it("keeps comparisons exact, and the way to the next rating, with overridden metrics on either side", () => {
    const later = sumsWith({ wonCount: 44, lostCount: 4 });
    const cards = [undefined, [excluded], [value], [{ ...value, value: "12.25" }]];
    for (const before of cards) {
      for (const after of cards) {
        const { moves, change, fromCap } = compareCards(cardWith(after, later), cardWith(before));
        const parts = moves.flatMap((m) => [
          m.fromMeasure,
          m.fromTarget,
          m.fromWeight,
          m.fromCoverage,
        ]);
        const steps = [...parts, fromCap].map((points) => Math.round(points * 1e4));
        expect(steps.reduce((a, b) => a + b, 0)).toBe(Math.round((change ?? Number.NaN) * 1e4));
      }
    }
    // "performing" begins at 50; wins alone have to bring what is missing from 0.6 × 30 + 0.4 × 60 = 42.
    const next = nextRating(cardWith([{ ...value, value: "60" }]));
    expect(next).toMatchObject({ pointsMissing: 8, blockedBy: ["wins"] });
    expect(next?.ways.map(({ neededValue }) => neededValue)).toEqual(["80", "44"]);
  });

  it("replaces an earlier decision on the same matter, and no other", () => {
    const first = withOverride(undefined, excluded);
    const second = withOverride(withOverride(first, waived), { ...value, disputeId: OTHER });
    expect(second).toEqual([waived, { ...value, disputeId: OTHER }]);
    expect(withoutOverride(second, excluded)).toEqual([waived]);
    expect(withoutOverride(second, waived)).toEqual([{ ...value, disputeId: OTHER }]);
  });
});
