import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { CycleId, MemberId } from "../id/index.ts";
import { scoreCard } from "./card.ts";
import { cardCsv } from "./card-csv.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { freezeCard } from "./freeze.ts";
import { inputsOf } from "./inputs.ts";
import { nextRating } from "./next-rating.ts";
import { replay } from "./replay.ts";
import {
  definitionOf,
  facts,
  PARTNER,
  published,
  Q1,
  sumsWith,
  TEMPLATE,
} from "./scorecard.fixture.ts";

const adjustmentOf = (points: number) => ({
  points,
  reason: "The region had no holidays that quarter",
  by: { kind: "member", memberId: MemberId.parse("mem_0000000000000000000000000A") } as const,
  at: "2027-04-10T12:00:00.000Z",
});
/** One metric, so that deals won are points: bands at 40, 50, 60 and 70. */
const programOf = (changes: Parameters<typeof definitionOf>[1] = {}, redFlagFloor = 30) =>
  published(
    definitionOf(
      [
        {
          measure: "deals_won",
          metricId: "wins",
          name: "Wins",
          weightPercent: 100,
          scale: { kind: "linear", floor: 0, target: 100, cap: 100 },
          critical: true,
          redFlagFloor,
        },
      ],
      changes,
    ),
  );
const cardWith = (won: number, points: number | undefined, program = programOf()) =>
  scoreCard({
    program,
    partnerId: PARTNER,
    ...Q1,
    grounds: {
      sums: sumsWith({ wonCount: won }),
      ...(points === undefined ? {} : { adjustment: adjustmentOf(points) }),
    },
  });

describe("G-13 an adjusted score", () => {
  it("keeps the original beside it: 48 and 3 points more are 51, a rating further", () => {
    expect(cardWith(48, 3)).toMatchObject({
      score: 51,
      shownScore: "51.0",
      rating: { ratingId: "performing" },
      unadjusted: { score: 48, shownScore: "48.0", rating: { ratingId: "developing" } },
      adjustment: { points: 3 },
    });
    expect(JSON.stringify(cardWith(48, undefined))).not.toMatch(/djust/);
  });

  it.each([
    { won: 99, points: 5, score: 100 },
    { won: 2, points: -5, score: 0 },
    { won: 50, points: -0.25, score: 49.75 },
  ])("stays within 0 and 100: $won and $points are $score", ({ won, points, score }) => {
    expect(cardWith(won, points).score).toBe(score);
  });

  it("passes no cap of a red flag", () => {
    const program = programOf({ redFlagRatingId: "developing" }, 55);
    const card = cardWith(48, 5, program);
    expect(card).toMatchObject({
      score: 53,
      rating: { ratingId: "developing", cappedBy: ["wins"] },
    });
  });

  it("lifts no card out of insufficient data, nor moves its score", () => {
    const program = published(
      definitionOf(
        [
          { measure: "deals_won", metricId: "wins", weightPercent: 50, critical: false },
          { measure: "win_rate_percent", metricId: "rate", weightPercent: 50, critical: false },
        ],
        { minimumCoveragePercent: 60 },
      ),
    );
    const plain = cardWith(0, undefined, program);
    const { adjustment: _, ...card } = cardWith(0, 5, program);
    expect(plain.rating.status).toBe("insufficient-data");
    expect(card).toEqual(plain);
  });

  it("is a step after the total, and a line of its own in the CSV", () => {
    expect(explain(cardWith(48, 3)).total.slice(0, 3)).toEqual([
      "48 = 48",
      "coverage 100 % (a rating needs 0 %)",
      "48 +3 by calibration, at least 0 and at most 100 = 51",
    ]);
    const rows = parse<Record<string, string>>(cardCsv(cardWith(48, 3)), { columns: true });
    expect(rows.map(({ metric_id, score, note }) => [metric_id, score, note])).toEqual([
      ["wins", "48", ""],
      ["before-calibration", "48", "Developing"],
      ["total", "51", "Performing; adjusted by calibration"],
    ]);
  });

  it("is a part of its own of what moved between two cards, and counts on the way up", () => {
    const { moves, change, fromCap, fromAdjustment } = compareCards(
      cardWith(50, -2),
      cardWith(48, 3),
    );
    expect({ change, fromCap, fromAdjustment }).toEqual({
      change: -3,
      fromCap: 0,
      fromAdjustment: -5,
    });
    expect(moves[0]?.fromMeasure).toBe(2);
    // 48 + 3 is 51; 60 is 9 points away, so 57 wins are needed.
    expect(nextRating(cardWith(48, 3))).toMatchObject({
      pointsMissing: 9,
      cheapest: { neededValue: "57" },
    });
  });

  it("replays bit for bit", () => {
    const program = published(TEMPLATE);
    const { card, chunks } = freezeCard({
      program,
      cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
      partnerId: PARTNER,
      ...Q1,
      inputs: inputsOf(facts(), Q1.span),
      terms: { adjustment: adjustmentOf(-2.5) },
      revision: 2,
      reason: "Calibrated",
      now: new Date("2027-04-10T12:00:00.000Z"),
    });
    expect(card.unadjusted).toBeDefined();
    expect(replay({ card, chunks, program }).isIdentical).toBe(true);
    const forged = { ...card, adjustment: adjustmentOf(2.5) };
    expect(replay({ card: forged, chunks, program }).isIdentical).toBe(false);
  });
});
