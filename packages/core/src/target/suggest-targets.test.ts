import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptySums, measurer } from "../metric/index.ts";
import { type ProgramDefinition, resellerTemplate } from "../program/index.ts";
import { suggested } from "./suggest-targets.ts";
import { judged } from "./target-faults.ts";

const template = resellerTemplate("USD");
const metricOf = (metricId: string) => {
  const metric = template.metrics.find((one) => one.metricId === metricId);
  if (!metric) throw new Error(`the template has no ${metricId}`);
  return metric;
};
const suggestion = (
  metricId: string,
  inPeriod: Partial<Record<string, number>>,
  growth: number,
  definition: ProgramDefinition = template,
) => {
  const sums = emptySums();
  Object.assign(sums.inPeriod, inPeriod);
  const from = measurer({ sums }, definition, "USD");
  return suggested(metricOf(metricId), definition, from, growth);
};

describe("S-02 a target from the year before", () => {
  it.each<[string, string, object, number, string | null, string | null]>([
    ["more where more is better", "revenue-won", { wonAmount: 10_000_000 }, 10, "110000", "20000"],
    ["to the cent, rounded up", "revenue-won", { wonAmount: 3_333_333 }, 5, "35000", "20000"],
    ["less where less is better", "sales-cycle", { cycleCount: 2, cycleDays: 80 }, 10, "36", "90"],
    ["whole deals, rounded up", "pipeline-created", { createdCount: 41 }, 5, "44", "30"],
    ["never more than everything", "win-rate", { wonCount: 98, lostCount: 2 }, 5, "100", "45"],
  ])("is %s", (_, metricId, counted, growth, target, floor) => {
    const found = suggestion(metricId, counted, growth);
    expect({ target: found.target, reason: found.reason }).toEqual({ target, reason: null });
    if (metricId !== "sales-cycle") expect(found.floor).toBe(floor);
  });

  it("keeps the program's proportions where the program's own floor lies beyond it", () => {
    // 12,000 of the program's 120,000: a tenth, and so a tenth of its floor of 20,000
    expect(suggestion("revenue-won", { wonAmount: 1_200_000 }, 0)).toMatchObject({
      ...{ value: "12000", target: "12000", floor: "2000" },
    });
  });

  it("is none where there was nothing to measure, or nothing to grow from, and says why", () => {
    expect(suggestion("win-rate", {}, 5)).toMatchObject({ value: null, target: null });
    expect(suggestion("revenue-won", {}, 5)).toMatchObject({
      value: "0",
      target: null,
      reason: "nothing lies between the figure and where a score begins",
    });
  });

  it("is always one that can be proposed, and at least as much better as was asked for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 0, max: 20_000 }).map((hundredths) => hundredths / 100),
        (wonAmount, growth) => {
          const { target, floor } = suggestion("revenue-won", { wonAmount }, growth);
          if (target === null || floor === null) return;
          const one = { metricId: "revenue-won", target: Number(target), floor: Number(floor) };
          expect(judged(one, template)).toHaveProperty("target");
          const wanted = BigInt(wonAmount) * BigInt(Math.round((100 + growth) * 100));
          expect(BigInt(Math.round(Number(target) * 100)) * 10_000n >= wanted).toBe(true);
        },
      ),
    );
  });
});
