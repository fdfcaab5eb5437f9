import { describe, expect, it } from "vitest";
import { cardOf, definitionOf, sumsWith } from "./scorecard.fixture.ts";
import { standingOf } from "./standing.ts";

const definition = definitionOf([
  {
    measure: "deals_won",
    scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
    weightPercent: 50,
  },
  {
    measure: "win_rate_percent",
    scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
    weightPercent: 50,
  },
]);
/** Scores `score`: as many won as lost keep the win rate out of it where it has too few deals. */
const scored = (score: number) => cardOf(definition, sumsWith({ wonCount: score }));
const unrated = cardOf({ ...definition, minimumCoveragePercent: 100 }, sumsWith({ wonCount: 5 }));
const bands = [
  { ratingId: "low", name: "Low", from: 0, to: 50 },
  { ratingId: "high", name: "High", from: 50, to: 100 },
];
const decay = { history: { kind: "linear-decay", periods: 4 } as const, ratingBands: bands };

describe("a standing", () => {
  // Nothing lost: the win rate is 100, so a card scores (won + 100) / 2 from 10 deals on.
  it("is the last period where the program looks no further back", () => {
    const only = { history: { kind: "last-period" } as const, ratingBands: bands };
    const cards = [
      { period: "2027-Q2", card: scored(20) },
      { period: "2027-Q1", card: scored(90) },
    ];
    expect(standingOf("2027-Q2", cards, only)).toEqual({
      period: "2027-Q2",
      score: 60,
      shownScore: "60.0",
      rating: { ratingId: "high", name: "High" },
      periods: [{ period: "2027-Q2", score: 60, weightPercent: 100, leftOut: null }],
    });
  });

  it("counts the newest most, and leaves out what has no rating or no program", () => {
    const cards = [
      { period: "2027-Q4", card: scored(20) },
      { period: "2027-Q3", card: unrated },
      { period: "2027-Q2", card: scored(80) },
      { period: "2027-Q1", card: undefined },
    ];
    // (60 × 4/4 + 90 × 2/4) / (6/4) = 70
    expect(standingOf("2027-Q4", cards, decay)).toMatchObject({
      score: 70,
      rating: { ratingId: "high" },
      periods: [
        { score: 60, weightPercent: 66.6667, leftOut: null },
        { weightPercent: 0, leftOut: "not-rated" },
        { score: 90, weightPercent: 33.3333, leftOut: null },
        { score: null, weightPercent: 0, leftOut: "no-program" },
      ],
    });
  });

  it("G-17 is none where no period is rated: neither 0 nor 100", () => {
    expect(standingOf("2027-Q4", [{ period: "2027-Q4", card: unrated }], decay)).toMatchObject({
      score: null,
      shownScore: null,
      rating: null,
    });
  });
});
