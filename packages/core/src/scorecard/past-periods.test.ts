import { describe, expect, it } from "vitest";
import type { Cadence, Period } from "../calendar/index.ts";
import { cycleIdOf } from "../id/index.ts";
import type { FrozenCard } from "./frozen.ts";
import { ownPeriods } from "./past-periods.ts";
import { PARTNER, published, TEMPLATE } from "./scorecard.fixture.ts";

const program = published(TEMPLATE);
const { programId } = program;

/** Cards and reviews of the partner in these periods, and how many requests they took. */
function scorecardsOf(frozen: readonly Period[], reviewed: readonly Period[] = []) {
  const asked: string[] = [];
  const isIn = (periods: readonly Period[], cycleId: string) =>
    periods.find((period) => cycleIdOf(programId, period) === cycleId);
  return {
    asked,
    latest: ({ cycleId }: { readonly cycleId: string }) => {
      asked.push(cycleId);
      const period = isIn(frozen, cycleId);
      return Promise.resolve(period ? ({ period } as FrozenCard) : undefined);
    },
    placement: ({ cycleId }: { readonly cycleId: string }) => {
      asked.push(cycleId);
      return Promise.resolve({ isReviewed: isIn(reviewed, cycleId) !== undefined });
    },
  };
}
const rulesWith = (...given: Cadence[]) => ({
  versions: [program],
  overridden: new Map([[programId, given]]),
});
const periodsOf = async (
  scorecards: ReturnType<typeof scorecardsOf>,
  period: Period,
  count: number,
  rules = rulesWith("monthly", "biannual"),
) =>
  (await ownPeriods(scorecards, { rules, programId, partnerId: PARTNER, period }, count)).map(
    (one) => one.period,
  );

describe("the periods a standing looks back on", () => {
  it.each<[string, Period, Period[], Period[]]>([
    ["quarters after months", "2027-Q4", ["2027-M09", "2027-M08"], ["2027-M09", "2027-M08"]],
    ["months after quarters", "2027-M05", ["2027-M04", "2027-Q1"], ["2027-M04", "2027-Q1"]],
    ["a half after quarters", "2027-H2", ["2027-Q2", "2027-Q1"], ["2027-Q2", "2027-Q1"]],
    ["quarters after a half", "2027-Q3", ["2027-H1", "2026-H2"], ["2027-H1", "2026-H2"]],
  ])("are the partner's own: %s", async (_, period, frozen, before) => {
    expect(await periodsOf(scorecardsOf(frozen), period, 3)).toEqual([period, ...before]);
  });

  it("know one that is not frozen yet by its review, and go on as long as the newest without any", async () => {
    const scorecards = scorecardsOf(["2026-Q4"], ["2027-Q1"]);
    expect(await periodsOf(scorecards, "2027-M04", 3)).toEqual(["2027-M04", "2027-Q1", "2026-Q4"]);
    expect(await periodsOf(scorecardsOf([]), "2027-M04", 3)).toEqual([
      ...["2027-M04", "2027-M03", "2027-M02"],
    ]);
  });

  it("cost nothing where everybody has always been scored by the quarter", async () => {
    const scorecards = scorecardsOf([]);
    const plain = { versions: [program], overridden: new Map() };
    expect(await periodsOf(scorecards, "2027-Q1", 3, plain)).toEqual([
      ...["2027-Q1", "2026-Q4", "2026-Q3"],
    ]);
    expect(scorecards.asked).toEqual([]);
  });
});
