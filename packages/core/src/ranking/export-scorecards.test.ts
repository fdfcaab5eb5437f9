import { expect, it } from "vitest";
import { PartnerId } from "../id/index.ts";
import { exportedCardsCsv } from "./export-scorecards.ts";

it("S-17 the cards of a cycle as CSV say where a figure is withheld, and leave a missing one empty", () => {
  const metric = (metricId: string, score: number | null) => ({
    ...{ metricId, unit: "money" as const, score },
  });
  const csv = exportedCardsCsv({
    metricIds: ["revenue", "size", "cycle"],
    cards: [
      {
        partnerId: PartnerId.parse("ptr_00000000000000000000000001"),
        ...{ name: "Northwind", region: "Central", state: "frozen", revision: 1 },
        ...{ score: 71.5, rating: "Good", coveragePercent: 100, unadjustedScore: 74 },
        metrics: [
          metric("revenue", 80),
          { ...metric("size", null), value: null },
          { ...metric("cycle", 60), value: "45" },
        ],
      },
    ],
  });
  expect(csv.trimEnd().split("\r\n")).toEqual([
    "partner_id,partner,region,state,revision,score,rating,coverage_percent,score_before_calibration,revenue,revenue_score,size,size_score,cycle,cycle_score",
    "ptr_00000000000000000000000001,Northwind,Central,frozen,1,71.5,Good,100,74,withheld,80,,,45,60",
  ]);
});
