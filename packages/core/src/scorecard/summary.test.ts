import { describe, expect, it } from "vitest";
import { DisputeId } from "../id/index.ts";
import { scoreCard } from "./card.ts";
import { CHECK_SUMS, definitionOf, PARTNER, published, Q1, sumsWith } from "./scorecard.fixture.ts";
import { summarize } from "./summary.ts";

const linear = (floor: number, target: number) =>
  ({ kind: "linear", floor, target, cap: 100 }) as const;
const definition = definitionOf(
  [
    {
      metricId: "won",
      name: "Deals won",
      measure: "deals_won",
      scale: linear(0, 10),
      weightPercent: 50,
    },
    {
      metricId: "lost",
      name: "Deals lost",
      measure: "deals_lost",
      scale: linear(10, 0),
      weightPercent: 30,
      critical: true,
      redFlagFloor: 8,
    },
    {
      metricId: "cycle",
      name: "Sales cycle",
      measure: "sales_cycle_days",
      scale: linear(90, 30),
      weightPercent: 20,
    },
  ],
  { redFlagRatingId: "developing" },
);
const program = published(definition);
const card = (sums: Parameters<typeof sumsWith>[0], period = "2027-Q1", more = {}) =>
  scoreCard({
    program,
    partnerId: PARTNER,
    ...Q1,
    period,
    grounds: { sums: sumsWith(sums), ...more },
  });
const { metrics } = definition;
const of = (current: ReturnType<typeof card>, previous?: ReturnType<typeof card>) =>
  summarize(current, { previous, metrics, revision: 2 });

describe("S-29 a card at one look", () => {
  // won 80, lost 60, no cycle: (50·80 + 30·60) / 80 = 72.5
  const now = card({ wonCount: 8, lostCount: 4 });
  // won 40, lost 90: (50·40 + 30·90) / 80 = 58.75
  const before = card({ wonCount: 4, lostCount: 1 }, "2026-Q4");

  it("S-29 says score, rating, trend, what moved it, and where points come from and go", () => {
    const summary = of(now, before);
    expect(summary).toMatchObject({
      status: "frozen",
      revision: 2,
      headline: "2027-Q1: 72.5, Leading; up 13.75 points since 2026-Q4",
      score: 72.5,
      coveragePercent: 80,
      flags: [],
      next: null,
      trend: { previousPeriod: "2026-Q4", previousScore: 58.75, change: 13.75, direction: "up" },
    });
    // 50/80 · 40 = 25 and 30/80 · 30 = 11.25
    expect(summary.trend?.gains).toEqual([
      {
        metricId: "won",
        name: "Deals won",
        points: 25,
        text: "Deals won from 4 to 8 brought 25 points",
      },
    ]);
    expect(summary.trend?.losses).toMatchObject([{ metricId: "lost", points: 11.25 }]);
    expect(summary.strongest.map(({ metricId, points }) => [metricId, points])).toEqual([
      ["won", 50],
      ["lost", 22.5],
    ]);
    expect(summary.weakest.map(({ metricId, points }) => [metricId, points])).toEqual([
      ["lost", 15],
      ["won", 12.5],
    ]);
    expect(summary.missing).toMatchObject([{ metricId: "cycle", weightPercent: 20 }]);
  });

  it("tells the way to the next rating and what stands in it", () => {
    const flagged = of(card({ wonCount: 6, lostCount: 9 }));
    // won 60, lost 10: (50·60 + 30·10) / 80 = 41.25; held at Developing, which it is anyway
    expect(flagged.next).toMatchObject({ name: "Performing", pointsMissing: 8.75 });
    expect(flagged.next?.text).toBe(
      "Performing begins at 50: 8.75 points are missing; first the red flag of Deals lost has to go",
    );
    expect(flagged.next?.ways[0]).toMatchObject({
      metricId: "won",
      text: "Deals won from 6 to 8 would do alone",
    });
    expect(flagged.flags).toEqual([
      { kind: "red-flag", metricId: "lost", text: "Deals lost is 9, on the wrong side of 8" },
    ]);
    expect(flagged.trend).toBeNull();
  });

  it("names a dispute's decision, a falling score, and a card without a rating", () => {
    const disputeId = DisputeId.parse("dsp_0000000000000000000000000A");
    const overrides = [{ kind: "excluded", metricId: "lost", disputeId }];
    const disputed = of(card({ wonCount: 2 }, "2027-Q1", { overrides }), before);
    expect(disputed.trend?.direction).toBe("down");
    expect(disputed.flags).toMatchObject([
      { kind: "no-rating", metricId: null },
      { kind: "overridden", metricId: "lost" },
    ]);
    const other = published(definitionOf(metrics, { minimumCoveragePercent: 90 }));
    const thin = scoreCard({
      program: other,
      partnerId: PARTNER,
      ...Q1,
      grounds: { sums: sumsWith({ wonCount: 3 }) },
    });
    expect(of(thin)).toMatchObject({
      headline: "2027-Q1: 56.3, no rating: insufficient data",
      flags: [{ kind: "no-rating", metricId: null }],
    });
  });

  it("never names more than three of a kind, the greatest first", () => {
    const full = summarize(
      scoreCard({
        program: published(definitionOf(many)),
        partnerId: PARTNER,
        ...Q1,
        grounds: { sums: CHECK_SUMS },
      }),
      { previous: undefined, metrics: [], revision: null },
    );
    expect(full.status).toBe("live");
    expect(full.strongest.map(({ metricId }) => metricId)).toEqual(["d", "c", "b"]);
  });
  const many = [10, 20, 30, 40].map((weightPercent, index) => ({
    metricId: ["a", "b", "c", "d"][index] ?? "",
    measure: "deals_won",
    scale: linear(0, 10),
    weightPercent,
  }));
});
