import { describe, expect, it } from "vitest";
import { CycleId } from "../id/index.ts";
import type { ProgramFigure } from "../program/index.ts";
import { scoreCard } from "./card.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { formulaHash } from "./formula-hash.ts";
import { freezeCard } from "./freeze.ts";
import { lateChanges } from "./late-changes.ts";
import { replay } from "./replay.ts";
import type { CardFigure } from "./schema.ts";
import { definitionOf, PARTNER, published, Q1, sumsWith, TEMPLATE } from "./scorecard.fixture.ts";

const collected = {
  suppliedBy: "vendor",
  frequency: "monthly",
  source: "Survey",
  ownerRole: "data-steward",
} as const;
const csat: ProgramFigure = {
  measure: "csat_percent",
  name: "Satisfaction",
  unit: "percent",
  aggregation: "mean",
  ...collected,
};
const leads: ProgramFigure = {
  measure: "leads",
  name: "Leads",
  unit: "count",
  aggregation: "sum",
  ...collected,
  suppliedBy: "partner",
  frequency: "quarterly",
};
const spend: ProgramFigure = {
  measure: "market_spend",
  name: "Spend",
  unit: "money",
  aggregation: "sum",
  ...collected,
};
const unused: ProgramFigure = { ...leads, measure: "unused" };
const costALead = {
  measure: "cost_a_lead",
  name: "Cost a lead",
  unit: "money",
  formula: "market_spend / leads",
} as const;
const definition = definitionOf(
  [
    {
      metricId: "csat",
      measure: "csat_percent",
      parameters: { minimumSample: 5 },
      scale: { kind: "linear", floor: 60, target: 90, cap: 100 },
      weightPercent: 60,
    },
    {
      metricId: "cost",
      measure: "cost_a_lead",
      scale: { kind: "linear", floor: 500, target: 100, cap: 100 },
      weightPercent: 40,
    },
  ],
  { figureMeasures: [csat, leads, spend, unused], formulaMeasures: [costALead] },
);
const program = published(definition);

const figure = (
  measure: string,
  month: string,
  value: number,
  of: number | null = null,
): CardFigure => ({ measure, month, value, of, revision: 1 });
const all = [
  figure("csat_percent", "2027-01", 80, 12),
  figure("csat_percent", "2027-02", 95, 4),
  figure("leads", "2027-02", 20),
  figure("market_spend", "2027-01", 1500.5),
  figure("market_spend", "2027-03", 4499.5),
];
const cardWith = (figures: readonly CardFigure[]) =>
  scoreCard({
    program,
    partnerId: PARTNER,
    ...Q1,
    grounds: { sums: sumsWith({ wonCount: 3 }), figures: [...figures] },
  });
const freeze = (figures: readonly CardFigure[]) =>
  freezeCard({
    program,
    cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
    partnerId: PARTNER,
    ...Q1,
    inputs: [],
    terms: { figures: [...figures] },
    revision: 1,
    reason: null,
    now: new Date("2027-04-08T06:00:00.000Z"),
  });

describe("a card that counts handed-in figures", () => {
  it("S-19 scores them, alone and in formulas, to the last digit", () => {
    const card = cardWith(all);
    // csat (80·12 + 95·4) / 16 = 83.75 → (83.75 − 60) / 30 = 79.1667; cost 6000 / 20 = 300 → 50
    expect(card.metrics.map(({ value, score, sample }) => [value, score, sample])).toEqual([
      ["83.75", 79.1667, 16],
      ["300", 50, 1],
    ]);
    // 0.6 · 79.1666… + 0.4 · 50
    expect(card.score).toBe(67.5);
    expect(card.figures).toEqual(all);
    expect(card.figureMeasures?.map(({ measure }) => measure)).toEqual([
      "csat_percent",
      "leads",
      "market_spend",
    ]);
  });

  it("G-17 names what is missing and from whom, and counts it neither as 0 nor as 100", () => {
    const card = cardWith(all.filter(({ measure }) => measure !== "leads"));
    expect(card.metrics[1]).toMatchObject({
      score: null,
      noData: { code: "formula-without-data" },
    });
    expect(card.metrics[1]?.noData?.detail).toContain(
      "no figure of the period came from the partner",
    );
    expect(card).toMatchObject({ score: 79.1667, coveragePercent: 60 });
    expect(card.missingFigures).toEqual([
      { measure: "csat_percent", name: "Satisfaction", suppliedBy: "vendor", months: ["2027-03"] },
      { measure: "leads", name: "Leads", suppliedBy: "partner", months: ["2027-03"] },
      { measure: "market_spend", name: "Spend", suppliedBy: "vendor", months: ["2027-02"] },
    ]);
    expect(cardWith([]).metrics[0]?.noData).toEqual({
      code: "figure-missing",
      detail: "no figure of the period came from the vendor",
    });
  });

  it("has no data below the minimum group, which it counts in cases", () => {
    const card = cardWith([figure("csat_percent", "2027-01", 100, 4)]);
    expect(card.metrics[0]).toMatchObject({
      score: null,
      sample: 4,
      noData: {
        code: "below-minimum-sample",
        detail: "4 of the 5 cases that a fair figure needs",
      },
    });
  });

  it("G-01 explains them with the figures themselves", () => {
    const [first, second] = explain(cardWith(all)).metrics;
    expect(first?.figures).toEqual(all.slice(0, 2));
    expect(first?.steps[0]).toBe(
      "mean of the survey answers, each on a scale of 0 to 100 = 83.75 % with 2027-01 80 of 12, 2027-02 95 of 4",
    );
    expect(second?.figures).toEqual([all[3], all[4], all[2]]);
    expect(second?.steps.join("\n")).toContain("market_spend / leads = 300");
    const missing = explain(cardWith(all.slice(0, 2))).total.join("\n");
    expect(missing).toContain("Leads: nothing from the partner for 2027-03");
  });

  it("G-02 is replayed bit for bit, and an altered figure is found", () => {
    const { card, chunks } = freeze(all);
    const stored = JSON.parse(JSON.stringify(card));
    expect(replay({ card: stored, chunks, program }).isIdentical).toBe(true);
    const [first, ...others] = stored.figures;
    const altered = { ...stored, figures: [{ ...first, value: 81 }, ...others] };
    const { isIdentical, differences } = replay({ card: altered, chunks, program });
    expect(isIdentical).toBe(false);
    expect(differences.map(({ at }) => at)).toEqual(
      expect.arrayContaining(["/metrics/0/value", "/score", "/cardDigest"]),
    );
  });

  it("G-04 shows what was handed in or corrected after the freeze, with the effect of each", () => {
    const { card } = freeze(all);
    const today = [
      figure("csat_percent", "2027-01", 70, 12),
      ...all.slice(1, 3),
      ...all.slice(4),
      figure("csat_percent", "2027-03", 60, 4),
      figure("unused", "2027-03", 1),
    ];
    const late = lateChanges(card, program, [], {
      inputs: [],
      handedIn: { figures: today, voices: [] },
    });
    expect(
      late.figures.map(({ measure, month, before, after }) => [
        measure,
        month,
        before?.value ?? null,
        after?.value ?? null,
      ]),
    ).toEqual([
      ["csat_percent", "2027-01", 80, 70],
      ["csat_percent", "2027-03", null, 60],
      ["market_spend", "2027-01", 1500.5, null],
    ]);
    // Alone: csat (70·12 + 95·4) / 16 = 76.25 → 54.1667 · 0.6 + 20 = 52.5
    expect(late.figures[0]?.scoreChange).toBe(-15);
    // Together: csat (840 + 380 + 240) / 20 = 73 → 43.3333; cost 4499.5 / 20 = 224.975 → 68.7563
    expect(late.scoreAfter).toBe(53.5025);
    const unchanged = { inputs: [], handedIn: { figures: all, voices: [] } };
    expect(lateChanges(card, program, [], unchanged).figures).toEqual([]);
  });

  it("is compared with the period before by its figures", () => {
    const before = cardWith(all.with(0, figure("csat_percent", "2027-01", 65, 12)));
    const { change, moves } = compareCards(cardWith(all), before);
    // csat before (780 + 380) / 16 = 72.5 → 41.6667 · 0.6: 45 then, 67.5 now
    expect(change).toBe(22.5);
    expect(moves[0]).toMatchObject({ fromMeasure: 22.5, fromTarget: 0 });
  });

  it("leaves cards and hashes of programs without figures as they were", () => {
    expect(formulaHash({ ...TEMPLATE, figureMeasures: [] })).toBe(formulaHash(TEMPLATE));
    const other = {
      ...definition,
      figureMeasures: [csat, leads, { ...spend, frequency: "quarterly" as const }],
    };
    expect(formulaHash(other)).not.toBe(formulaHash(definition));
    const plain = scoreCard({
      program: published(TEMPLATE),
      partnerId: PARTNER,
      ...Q1,
      grounds: { sums: sumsWith({ wonCount: 3 }), figures: [...all] },
    });
    expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(["figures"]));
    expect(plain).not.toHaveProperty("figureMeasures");
    expect(plain).not.toHaveProperty("missingFigures");
  });
});
