import { describe, expect, it } from "vitest";
import { CycleId } from "../id/index.ts";
import { faultsOf, warningsOf } from "../program/index.ts";
import { compareCards } from "./compare-cards.ts";
import { explain } from "./explain.ts";
import { formulaHash } from "./formula-hash.ts";
import { freezeCard } from "./freeze.ts";
import type { CardInput } from "./frozen.ts";
import { replay } from "./replay.ts";
import { Card } from "./schema.ts";
import {
  CHECK_SUMS,
  cardOf,
  definitionOf,
  fact,
  metric,
  PARTNER,
  published,
  Q1,
  sumsWith,
  TEMPLATE,
} from "./scorecard.fixture.ts";

const linear = (floor: number, target: number) =>
  ({ kind: "linear", floor, target, cap: 100 }) as const;
const lostShare = {
  measure: "lost_share",
  name: "Share of deals lost",
  unit: "percent",
  formula: "deals_lost / (deals_won + deals_lost) * 100",
} as const;
const revenueALoss = {
  measure: "revenue_a_loss",
  name: "Revenue for each deal lost",
  unit: "money",
  formula: "revenue_won / deals_lost",
} as const;

const byFormula = definitionOf(
  [
    // 60 / 156 = 38.4615 %; on a scale from 50 down to 25: 46.1538
    { metricId: "losses", measure: "lost_share", scale: linear(50, 25), weightPercent: 40 },
    // 310,075 / 60 = 5,167.9167; from 0 to 10,000: 51.6792
    {
      metricId: "per-loss",
      measure: "revenue_a_loss",
      scale: linear(0, 10_000),
      weightPercent: 40,
    },
    {
      metricId: "pace",
      measure: "deals_won",
      // 100 − 38.4615 + 24 = 85.5385
      scale: { kind: "formula", formula: "100 - lost_share + deals_won / 4" },
      weightPercent: 20,
    },
  ],
  { formulaMeasures: [lostShare, revenueALoss] },
);

describe("a program with measures of its own", () => {
  const card = cardOf(byFormula, CHECK_SUMS);

  it("can be published", () => {
    expect(faultsOf({ ...TEMPLATE, ...byFormula, metrics: complete(byFormula.metrics) })).toEqual(
      [],
    );
  });

  it.each([
    ["losses", "38.4615", 46.1538],
    ["per-loss", "5167.9167", 51.6792],
    ["pace", "96", 85.5385],
  ])("scores %s with %s as %d", (metricId, value, score) => {
    expect(card.metrics.find((one) => one.metricId === metricId)).toMatchObject({ value, score });
  });

  it("scores 56.2409 in all, and survives storage unchanged", () => {
    // 0.4 × 46.1538 + 0.4 × 51.6792 + 0.2 × 85.5385, unrounded
    expect(card.score).toBe(56.2409);
    expect(Card.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });

  it("G-01 explains a formula step by step, from the integers up", () => {
    const { metrics } = explain(card);
    expect(metrics[0]).toMatchObject({
      definition: "deals_lost / (deals_won + deals_lost) * 100",
      inputs: [
        { name: "lostCount", value: 60, unit: "count" },
        { name: "wonCount", value: 96, unit: "count" },
      ],
      steps: [
        "deals_lost: opportunities lost that closed in the period = 60 with lostCount 60",
        "deals_won: opportunities won that closed in the period = 96 with wonCount 96",
        "deals_won + deals_lost = 156",
        "deals_lost / (deals_won + deals_lost) = 0.384615",
        "(deals_lost / (deals_won + deals_lost)) * 100 = 38.461538",
        "lost_share = 38.4615 %",
        "deals_lost / (deals_won + deals_lost) * 100 = 38.4615 % with lostCount 60, wonCount 96",
        "100 × (38.4615 − 50) / -25, at least 0 and at most 100 = 46.1538",
        "weight 40 of 100 with data: 18.4615 points, 21.5385 lost",
      ],
    });
    expect(metrics[2]?.steps).toEqual([
      "deals_lost: opportunities lost that closed in the period = 60 with lostCount 60",
      "deals_won + deals_lost = 156",
      "deals_lost / (deals_won + deals_lost) = 0.384615",
      "(deals_lost / (deals_won + deals_lost)) * 100 = 38.461538",
      "lost_share = 38.4615 %",
      "100 - lost_share = 61.5385",
      "deals_won / 4 = 24",
      "(100 - lost_share) + (deals_won / 4) = 85.5385",
      "opportunities won that closed in the period = 96 with wonCount 96",
      "100 - lost_share + deals_won / 4, at least 0 and at most 100 = 85.5385",
      "weight 20 of 100 with data: 17.1077 points, 2.8923 lost",
    ]);
  });

  it("G-17 has no data where its formula has none, says why, and the rest of the card stands", () => {
    const winsOnly = cardOf(byFormula, sumsWith({ wonCount: 4, wonAmount: 100_000 }));
    expect(winsOnly.metrics.map(({ score, noData }) => [score, noData?.detail ?? null])).toEqual([
      [100, null],
      [null, "division by zero in revenue_won / deals_lost"],
      [100, null],
    ]);
    expect(winsOnly).toMatchObject({ score: 100, coveragePercent: 60 });
    const nothing = cardOf(byFormula, sumsWith({}));
    expect(nothing.score).toBeNull();
    expect(nothing.metrics[2]?.noData).toEqual({
      code: "formula-without-data",
      detail: "lost_share has no data: division by zero in deals_lost / (deals_won + deals_lost)",
    });
  });

  it("G-02 is replayed bit for bit, and an altered formula is found", () => {
    const inputs = [1, 2, 3].map((number): CardInput => fact(number));
    const program = published(byFormula);
    const { card: frozen, chunks } = freezeCard({
      program,
      cycleId: CycleId.parse("cyc_0000000000000000000000000A"),
      partnerId: PARTNER,
      ...Q1,
      inputs,
      terms: {},
      revision: 1,
      reason: null,
      now: new Date("2027-04-08T06:00:00.000Z"),
    });
    const stored = JSON.parse(JSON.stringify(frozen));
    expect(replay({ card: stored, chunks, program }).isIdentical).toBe(true);
    const [first, ...others] = stored.formulaMeasures;
    const altered = {
      ...stored,
      formulaMeasures: [{ ...first, formula: "deals_lost" }, ...others],
    };
    expect(replay({ card: altered, chunks, program }).differences.map(({ at }) => at)).toEqual([
      "/formulaMeasures/0/formula",
      "/cardDigest",
    ]);
  });

  it("keeps the hash of programs without formulas, and changes with a formula", () => {
    expect(formulaHash({ ...TEMPLATE, formulaMeasures: [] })).toBe(formulaHash(TEMPLATE));
    const other = {
      ...byFormula,
      formulaMeasures: [{ ...lostShare, formula: "deals_lost" }, revenueALoss],
    };
    expect(formulaHash(other)).not.toBe(formulaHash(byFormula));
  });

  it("adds what moved up to the change exactly, a change of formula apart from a change of facts", () => {
    const strict = {
      ...byFormula,
      formulaMeasures: [{ ...lostShare, formula: "deals_lost / deals_won * 100" }, revenueALoss],
    };
    const previous = cardOf(byFormula, CHECK_SUMS);
    const { moves, change, fromCap } = compareCards(cardOf(strict, CHECK_SUMS), previous);
    const parts = moves.flatMap((one) => [
      one.fromMeasure,
      one.fromTarget,
      one.fromWeight,
      one.fromCoverage,
    ]);
    const steps = [...parts, fromCap].reduce((sum, part) => sum + Math.round(part * 10_000), 0);
    expect(steps).toBe(Math.round((change ?? 0) * 10_000));
    expect(moves.every(({ fromMeasure }) => fromMeasure === 0)).toBe(true);
  });
});

const complete = (metrics: typeof byFormula.metrics) =>
  metrics.map((one) => ({ ...metric({}), ...one, objectiveIds: ["grow-revenue"] }));

describe("publishing formulas", () => {
  const withFormulas = (...formulas: readonly [measure: string, formula: string][]) => ({
    ...TEMPLATE,
    formulaMeasures: formulas.map(([measure, formula]) => ({
      measure,
      formula,
      name: measure,
      unit: "number" as const,
    })),
  });

  it.each<[string, [string, string][], string[]]>([
    ["one that cannot be read", [["a", "deals_won +"]], ["/formulaMeasures/0/formula"]],
    ["one over an unknown measure", [["a", "nothing_like_it * 2"]], ["/formulaMeasures/0/formula"]],
    ["one that names no measure", [["a", "1 + 1"]], ["/formulaMeasures/0/formula"]],
    ["a name that is built in", [["deals_won", "deals_lost"]], ["/formulaMeasures/0/measure"]],
    ["a word of the language", [["min", "deals_lost"]], ["/formulaMeasures/0/measure"]],
    [
      "a name twice",
      [
        ["a", "deals_lost"],
        ["a", "deals_won"],
      ],
      ["/formulaMeasures/1/measure"],
    ],
    ["one over itself", [["a", "a + 1"]], ["/formulaMeasures/0/formula"]],
    [
      "a circle of three",
      [
        ["a", "b + 1"],
        ["b", "c + 1"],
        ["c", "a + deals_won"],
      ],
      ["/formulaMeasures/0/formula", "/formulaMeasures/1/formula", "/formulaMeasures/2/formula"],
    ],
    [
      "one six deep",
      [
        ["a", "deals_won"],
        ["b", "a"],
        ["c", "b"],
        ["d", "c"],
        ["e", "d"],
        ["f", "e"],
      ],
      ["/formulaMeasures/5/formula"],
    ],
  ])("refuses %s", (_, formulas, pointers) => {
    expect(faultsOf(withFormulas(...formulas)).map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it("names the way round a circle", () => {
    const [fault] = faultsOf(withFormulas(["a", "b"], ["b", "a + deals_won"]));
    expect(fault?.detail).toBe("goes round in a circle: a → b → a");
  });

  it("refuses thirty formulas that each name all the others before anybody waits", () => {
    const names = Array.from({ length: 30 }, (_, index) => `m${index}`);
    const formulas = names.map((name, index): [string, string] => [
      name,
      [...names.slice(index + 1), "deals_won"].join(" + ").slice(0, 500),
    ]);
    expect(faultsOf(withFormulas(...formulas)).length).toBeGreaterThan(0);
  });

  it("refuses a metric over an unknown measure, and a red flag without a direction", () => {
    const [first, ...others] = TEMPLATE.metrics;
    if (!first) throw new Error("the template has metrics");
    const of = (changes: object) => ({
      ...TEMPLATE,
      metrics: [{ ...first, ...changes }, ...others],
    });
    expect(faultsOf(of({ measure: "unheard_of" }))).toEqual([
      { pointer: "/metrics/0/measure", detail: "there is no measure unheard_of" },
    ]);
    const scale = { kind: "formula", formula: "deals_won" };
    expect(
      faultsOf(of({ scale, critical: true, redFlagFloor: 1 })).map((one) => one.pointer),
    ).toContain("/metrics/0/redFlagFloor");
    expect(faultsOf(of({ scale: { kind: "formula", formula: "x +" } }))).toMatchObject([
      { pointer: "/metrics/0/scale/formula" },
    ]);
  });

  it("warns of a measure that nothing uses", () => {
    expect(warningsOf(withFormulas(["spare", "deals_won * 2"]))).toEqual([
      "Nothing uses the measure spare",
    ]);
  });
});
