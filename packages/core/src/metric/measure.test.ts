import { describe, expect, it } from "vitest";
import type { CountedOpportunity } from "../rollup/index.ts";
import { type BuiltInMeasure, measure, measures } from "./measure.ts";
import { countsIn, emptySums, type Input, type MeasureSums, sumsOfFacts } from "./sums.ts";
import { storedMeasure } from "./unit.ts";

type Sum = Exclude<Input, "nextRevenueTarget">;

const sumsWith = (given: Partial<Record<Sum, number>>): MeasureSums => {
  const sums = emptySums();
  for (const [name, value] of Object.entries(given) as [Sum, number][]) {
    if (name === "openCount" || name === "openAmount") sums.atEnd[name] = value;
    else sums.inPeriod[name] = value;
  }
  return sums;
};

const stored = (name: BuiltInMeasure, sums: MeasureSums, minimumSample = 0): string | null => {
  const { value } = measure(name, { sums }, minimumSample);
  return value && storedMeasure(value, measures[name].unit, "USD");
};

/** Written down from the check value of a real quarter: 96 won, 60 lost, 310,075 USD, 4,609 days, 85 open. */
const checkQuarter = sumsWith({
  wonCount: 96,
  lostCount: 60,
  wonAmount: 31_007_500,
  cycleCount: 96,
  cycleDays: 4_609,
  listedCount: 96,
  listedAmount: 31_007_500,
  listedListAmount: 31_222_600,
  "wonWithinBp.1000": 82,
  "wonAlignedBp.1000": 68,
  createdCount: 164,
  createdAmount: 40_000_000,
  openCount: 85,
  openAmount: 18_925_400,
});

describe("S-20, S-26 built-in measures", () => {
  it.each<[BuiltInMeasure, string]>([
    ["deals_won", "96"],
    ["deals_lost", "60"],
    ["revenue_won", "310075"],
    ["win_rate_percent", "61.5385"],
    ["average_deal_size", "3229.9479"],
    ["sales_cycle_days", "48.0104"],
    ["pipeline_created_count", "164"],
    ["pipeline_created_amount", "400000"],
    ["open_pipeline_count", "85"],
    ["open_pipeline_amount", "189254"],
    // 85 × (96/156) × (310075/96) / (4609/96)
    ["pipeline_velocity_per_day", "3519.0514"],
    // 100 × (1 − 310075/312226)
    ["discount_percent", "0.6889"],
    ["discount_discipline_percent", "85.4167"],
    ["pricing_alignment_percent", "70.8333"],
  ])("%s of the check quarter is %s", (name, expected) => {
    expect(stored(name, checkQuarter)).toBe(expected);
  });

  it.each<[BuiltInMeasure, string | null]>([
    ["deals_won", "0"],
    ["deals_lost", "0"],
    ["revenue_won", "0"],
    ["pipeline_created_count", "0"],
    ["pipeline_created_amount", "0"],
    ["open_pipeline_count", "0"],
    ["open_pipeline_amount", "0"],
    ["win_rate_percent", null],
    ["average_deal_size", null],
    ["sales_cycle_days", null],
    ["pipeline_velocity_per_day", null],
    ["discount_percent", null],
    ["discount_discipline_percent", null],
    ["pricing_alignment_percent", null],
  ])("%s of a quarter without deals is %s: counts are 0, ratios have no data", (name, expected) => {
    expect(stored(name, emptySums())).toBe(expected);
  });

  it("say why there is no data", () => {
    for (const name of Object.keys(measures) as BuiltInMeasure[]) {
      const { value, noData } = measure(name, { sums: emptySums() });
      if (value === null) expect(noData?.detail).not.toBe("");
      else expect(noData).toBeNull();
    }
  });

  it("have no data below the minimum sample, and have it exactly there", () => {
    const nine = sumsWith({ wonCount: 4, lostCount: 5 });
    expect(measure("win_rate_percent", { sums: nine }, 10)).toMatchObject({
      sample: 9,
      value: null,
      noData: { code: "below-minimum-sample" },
    });
    expect(stored("win_rate_percent", nine)).toBe("44.4444");
    expect(stored("win_rate_percent", sumsWith({ wonCount: 4, lostCount: 6 }), 10)).toBe("40");
  });

  it("count a partner who only lost as a win rate of 0, not as missing", () => {
    expect(stored("win_rate_percent", sumsWith({ lostCount: 12 }), 10)).toBe("0");
  });

  it("have no velocity where the cycle is 0 days", () => {
    const sums = sumsWith({ wonCount: 1, wonAmount: 100, cycleCount: 1, openCount: 1 });
    expect(measure("pipeline_velocity_per_day", { sums }).noData?.code).toBe("nothing-to-measure");
  });

  it("let a discount be negative where deals are sold above the list", () => {
    const sums = sumsWith({ listedCount: 1, listedAmount: 110_00, listedListAmount: 100_00 });
    expect(stored("discount_percent", sums)).toBe("-10");
  });

  it("store money without minor units as whole units", () => {
    const { value } = measure("average_deal_size", {
      sums: sumsWith({ wonCount: 3, wonAmount: 1_000 }),
    });
    expect(value && storedMeasure(value, "money", "JPY")).toBe("333.3333");
    expect(value && storedMeasure(value, "money", "USD")).toBe("3.3333");
  });
});

describe("sums of facts", () => {
  const span = { from: "2027-01-01", to: "2027-03-31" };
  const fact = (given: Partial<CountedOpportunity>): CountedOpportunity => ({
    outcome: "open",
    engagedOn: "2027-01-10",
    closedOn: null,
    amountMinor: null,
    listAmountMinor: 500_00,
    ...given,
  });

  it.each([
    { name: "open at the end", given: {}, open: 1, created: 1 },
    {
      name: "closed on the last day",
      given: { outcome: "lost" as const, closedOn: "2027-03-31" },
      open: 0,
      created: 1,
    },
    {
      name: "closed the day after",
      given: { outcome: "lost" as const, closedOn: "2027-04-01" },
      open: 1,
      created: 1,
    },
    { name: "engaged long before", given: { engagedOn: "2025-06-01" }, open: 1, created: 0 },
    { name: "engaged the day after", given: { engagedOn: "2027-04-01" }, open: 0, created: 0 },
    { name: "without an engagement date", given: { engagedOn: null }, open: 0, created: 0 },
  ])("$name", ({ given, open, created }) => {
    const sums = sumsOfFacts([fact(given)], span);
    expect(sums.atEnd.openCount).toBe(open);
    expect(sums.inPeriod.createdCount).toBe(created);
  });

  it("need only the facts that move them", () => {
    const old = fact({ engagedOn: "2025-06-01", closedOn: "2025-07-01", outcome: "won" });
    expect(countsIn(old, span)).toBe(false);
    expect(countsIn(fact({ engagedOn: "2025-06-01" }), span)).toBe(true);
    expect(countsIn(fact({ engagedOn: "2027-04-01" }), span)).toBe(false);
  });
});
