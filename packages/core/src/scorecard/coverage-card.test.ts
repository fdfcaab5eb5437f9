import { describe, expect, it } from "vitest";
import { CycleId, type ProgramId } from "../id/index.ts";
import type { TargetSet } from "../target/index.ts";
import { scoreCard } from "./card.ts";
import { explain } from "./explain.ts";
import { freezeCard } from "./freeze.ts";
import { FrozenCard } from "./frozen.ts";
import { inputsOf } from "./inputs.ts";
import { replay } from "./replay.ts";
import { definitionOf, facts, PARTNER, published, Q1, sumsWith } from "./scorecard.fixture.ts";
import { targetTerms } from "./target-terms.ts";

const line = (floor: number, target: number) =>
  ({ kind: "linear", floor, target, cap: 100 }) as const;
const coverage = {
  ...{ measure: "pipeline_coverage", name: "Coverage", weightPercent: 60 },
  scale: line(1, 3),
};
const revenue = {
  ...{ measure: "revenue_won", name: "Revenue", weightPercent: 40 },
  scale: line(0, 50_000),
};
const program = published(definitionOf([coverage, revenue]));
/** 90,000 USD are open, 25,000 were won. */
const sums = sumsWith({ openCount: 9, openAmount: 9_000_000, wonCount: 5, wonAmount: 2_500_000 });

const agreed = (
  from: string,
  target: number,
  { programId = program.programId, isAgreed = true } = {},
): TargetSet => {
  const targets = [{ metricId: "revenue_won", measure: "revenue_won", target, floor: 0 }];
  return {
    ...{ partnerId: PARTNER, programId, from, version: 1 },
    agreed: isAgreed ? { number: 1, targets } : null,
  } as unknown as TargetSet;
};
const cardWith = (sets: readonly TargetSet[], of = program) =>
  scoreCard({
    program: of,
    partnerId: PARTNER,
    ...Q1,
    grounds: { sums, ...targetTerms(sets, of, Q1.period, {}) },
  });
const coverageOf = (card: ReturnType<typeof cardWith>) => card.metrics[0];

describe("a card that counts the coverage of what is to come", () => {
  it("S-20 divides the open pipeline by the revenue target of the next period, the program's own first", () => {
    // 90,000 of 50,000 are 1.8, on a line from 1 to 3 that is 40; 25,000 of 50,000 are 50.
    const card = cardWith([]);
    expect(card).toMatchObject({ nextRevenueTarget: 5_000_000, score: 44, coveragePercent: 100 });
    expect(coverageOf(card)).toMatchObject({ value: "1.8", score: 40, sample: 9 });
    expect(explain(card).metrics[0]?.steps[0]).toBe(
      "open pipeline / revenue target of the period that follows = 1.8 with openAmount 90,000 USD, nextRevenueTarget 50,000 USD",
    );
  });

  it("takes what was agreed for the next quarter, not for this one, of this program and by both sides", () => {
    const next = cardWith([agreed("2027-Q2", 30_000)]);
    expect(next).toMatchObject({ nextRevenueTarget: 3_000_000 });
    expect(next).not.toHaveProperty("agreedTargets");
    expect(coverageOf(next)).toMatchObject({ value: "3", score: 100 });
    expect(coverageOf(cardWith([agreed("2027-Q3", 30_000)]))).toMatchObject({ value: "1.8" });
    const other = { programId: "pgm_0000000000000000000000000B" as ProgramId };
    expect(coverageOf(cardWith([agreed("2027-Q2", 30_000, other)]))).toMatchObject({
      value: "1.8",
    });
    const proposed = agreed("2027-Q2", 30_000, { isAgreed: false });
    expect(coverageOf(cardWith([proposed]))).toMatchObject({ value: "1.8" });
    // What was agreed earlier still stands in the next quarter.
    const both = cardWith([agreed("2026-Q4", 45_000), agreed("2027-Q2", 60_000)]);
    expect(coverageOf(both)).toMatchObject({ value: "1.5" });
    expect(both).toMatchObject({ agreedTargets: { from: "2026-Q4" } });
  });

  it("takes as much of a quarter's target as the period is long", () => {
    const of = (period: string) => targetTerms([], program, period, {}).nextRevenueTarget;
    expect([of("2027-M02"), of("2027-Q1"), of("2027-H1")]).toEqual([
      1_666_667, 5_000_000, 10_000_000,
    ]);
  });

  it("G-17 has no data where nobody set a target, and says why", () => {
    const alone = published(definitionOf([{ ...coverage, weightPercent: 100 }]));
    const card = cardWith([], alone);
    expect(card).not.toHaveProperty("nextRevenueTarget");
    expect(coverageOf(card)).toMatchObject({
      score: null,
      noData: {
        code: "nothing-to-measure",
        detail: "nobody set a revenue target for the period that follows",
      },
    });
  });

  it("costs a program that does not count it nothing: its cards stay as they were", () => {
    const plain = published(definitionOf([{ ...revenue, weightPercent: 100 }]));
    expect(targetTerms([agreed("2027-Q2", 30_000)], plain, Q1.period, {})).toEqual({});
  });

  it("replays from itself, whatever is agreed afterwards", () => {
    const inputs = inputsOf(facts(), Q1.span);
    const { card, chunks } = freezeCard({
      ...{ program, partnerId: PARTNER, ...Q1, inputs, revision: 1, reason: null },
      cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
      terms: targetTerms([agreed("2027-Q2", 20_000)], program, Q1.period, {}),
      now: new Date("2027-04-08T06:00:00Z"),
    });
    const stored = FrozenCard.parse(JSON.parse(JSON.stringify(card)));
    expect(stored.nextRevenueTarget).toBe(2_000_000);
    expect(replay({ card: stored, chunks, program })).toMatchObject({ isIdentical: true });
    const { nextRevenueTarget: _, ...without } = stored;
    expect(replay({ card: without, chunks, program })).toMatchObject({ isIdentical: false });
  });
});
