import { describe, expect, it } from "vitest";
import { changesBetween, type PublishedProgram, programFor } from "../program/index.ts";
import { scoreCard } from "./card.ts";
import { CHECK_SUMS, PARTNER, published, TEMPLATE } from "./scorecard.fixture.ts";

/** The same program without one metric, whose weight another one takes over, and with a new one. */
const { metrics } = TEMPLATE;
const retired = "pipeline-velocity";
const next = {
  ...TEMPLATE,
  metrics: metrics.flatMap((metric) =>
    metric.metricId === retired
      ? [{ ...metric, metricId: "deals-won", name: "Deals won", measure: "deals_won" }]
      : [metric],
  ),
};
const versions: readonly PublishedProgram[] = [
  { ...published(TEMPLATE, 1), effectiveFrom: "2027-Q1", publishedAt: "2026-12-01T09:00:00.000Z" },
  { ...published(next, 2), effectiveFrom: "2027-Q3", publishedAt: "2027-02-01T09:00:00.000Z" },
];
const rules = { calendar: { timeZone: "America/Chicago", fiscalYearStartMonth: 1 }, versions };

describe("S-27 a set of metrics that is looked over", () => {
  it.each([
    ["2027-Q1", 1, true],
    ["2027-Q2", 1, true],
    ["2027-Q3", 2, false],
    ["2028-Q1", 2, false],
  ])(
    "S-27 in %s is that of version %d: older quarters keep the metric that is retired",
    (period, version, hasRetired) => {
      const program = programFor(rules, { period });
      expect(program?.version).toBe(version);
      if (!program) throw new Error("a version is in effect");
      const span = { from: "2027-01-01", to: "2027-03-31" };
      const card = scoreCard({
        program,
        partnerId: PARTNER,
        period,
        span,
        grounds: { sums: CHECK_SUMS },
      });
      const ids = card.metrics.map(({ metricId }) => metricId);
      expect([ids.includes(retired), ids.includes("deals-won")]).toEqual([hasRetired, !hasRetired]);
      expect(card.coveragePercent).toBeGreaterThan(90);
    },
  );

  it("S-27 tells partners what is retired and what is new, with the quarter it begins in", () => {
    const changes = changesBetween(TEMPLATE, next);
    expect(changes.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual([
      "added deals-won",
      `removed ${retired}`,
    ]);
    expect(versions[1]?.effectiveFrom).toBe("2027-Q3");
  });
});
