import { describe, expect, it } from "vitest";
import { CycleId, MemberId, PartnerId } from "../id/index.ts";
import { groupsOf } from "./calibration.ts";
import type { CalibratedCard } from "./schema.ts";

const manager = (last: string) => MemberId.parse(`mem_${last.padStart(26, "0")}`);
let partners = 0;
const cardOf = (
  region: string,
  partnerManagerId: MemberId | null,
  score: number | null,
  before?: number,
): CalibratedCard => {
  partners += 1;
  const rating =
    score === null
      ? { status: "insufficient-data" as const, reasons: ["no data"] }
      : { status: "rated" as const, ratingId: "strong", name: "Strong", cappedBy: [] };
  return {
    cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
    partnerId: PartnerId.parse(`ptr_${String(partners).padStart(26, "0")}`),
    partnerName: `Partner ${partners}`,
    ...{
      region,
      partnerManagerId,
      revision: 1,
      score,
      shownScore: score === null ? null : String(score),
    },
    ...{ rating, coveragePercent: 100 },
    ...(before === undefined
      ? {}
      : { unadjusted: { score: before, shownScore: String(before), rating } }),
  };
};

describe("G-13 the groups of a calibration", () => {
  const [harsh, lenient] = [manager("A"), manager("B")];
  const groups = groupsOf([
    cardOf("North", harsh, 40),
    cardOf("North", harsh, 50),
    cardOf("South", harsh, 60, 57),
    cardOf("South", lenient, 80),
    cardOf("South", lenient, 90),
    cardOf("South", lenient, 85),
    cardOf("South", lenient, null),
    cardOf("West", null, 70),
  ]);

  it("show a harsh and a lenient reviewer by the mean of what they gave, against the whole cycle", () => {
    // (40 + 50 + 57 + 80 + 90 + 85 + 70) / 7 = 67.4286; with the adjustment 475 / 7 = 67.8571.
    expect(groups.cycle).toMatchObject({
      cards: 8,
      rated: 7,
      mean: 67.4286,
      adjustedMean: 67.8571,
    });
    expect(groups.managers).toMatchObject([
      { partnerManagerId: null, rated: 1, mean: null, spread: null, aboveCycle: null },
      // Mean 49 of 40, 50, 57: √((81 + 1 + 64) / 3) = 6.9761.
      { partnerManagerId: harsh, mean: 49, spread: 6.9761, adjustedMean: 50, aboveCycle: -18.4286 },
      {
        partnerManagerId: lenient,
        cards: 4,
        rated: 3,
        mean: 85,
        spread: 4.0825,
        aboveCycle: 17.5714,
      },
    ]);
  });

  it("have no mean below three rated cards", () => {
    expect(groups.regions).toMatchObject([
      { region: "North", cards: 2, mean: null, adjustedMean: null },
      // 57, 80, 90 and 85 before the adjustment.
      { region: "South", cards: 5, rated: 4, mean: 78 },
      { region: "West", cards: 1, mean: null },
    ]);
    expect(groupsOf([]).cycle).toMatchObject({ cards: 0, mean: null });
  });
});
