import { describe, expect, it } from "vitest";
import { changesBetween } from "./program-changes.ts";
import { resellerTemplate } from "./reseller-template.ts";
import { ProgramDefinition, type ProgramMetric } from "./schema.ts";

const template = ProgramDefinition.parse({
  ...resellerTemplate("USD"),
  tiers: [
    { tierId: "member", name: "Member" },
    {
      tierId: "gold",
      name: "Gold",
      minimumScore: 60,
      minimumRatingId: "strong",
      minimumPeriods: 2,
    },
  ],
  formulaMeasures: [
    { measure: "lost_share", name: "Share lost", unit: "percent", formula: "deals_lost * 100" },
  ],
  indicators: [
    {
      indicatorId: "collaborate",
      name: "Collaborates",
      anchors: ["never", "seldom", "often", "mostly", "always"],
      raters: ["vendor", "partner"],
      minimumRaters: 2,
      namesRaters: true,
    },
  ],
  segments: [
    {
      segmentId: "young-resellers",
      name: "Young resellers",
      partnerTypes: ["reseller"],
      lifecycleStages: ["onboarding", "growing"],
      depth: "light",
      focus: ["enablement", "market-entry"],
      cadence: "monthly",
      template: [
        {
          metricId: "pipeline-created",
          weightPercent: 60,
          scale: { kind: "linear", floor: 10, target: 50 },
          critical: true,
          redFlagFloor: 5,
        },
        { metricId: "revenue-won", weightPercent: 40, redFlagFloor: null },
      ],
    },
  ],
  figureMeasures: [
    {
      measure: "csat_percent",
      name: "Customer satisfaction",
      unit: "percent",
      aggregation: "mean",
      suppliedBy: "vendor",
      frequency: "quarterly",
      source: "Survey after each project",
      ownerRole: "data-steward",
    },
  ],
});
const textsOf = (changed: ProgramDefinition): string[] =>
  changesBetween(template, changed).map(({ text }) => text);
const withMetric = (metricId: string, changes: Partial<ProgramMetric>): ProgramDefinition => ({
  ...template,
  metrics: template.metrics.map((one) =>
    one.metricId === metricId ? { ...one, ...changes } : one,
  ),
});

describe("S-03 what a new version changes", () => {
  it("is nothing where nothing changed", () => {
    expect(changesBetween(template, structuredClone(template))).toEqual([]);
  });

  it.each<[string, ProgramDefinition, string[]]>([
    [
      "a weight",
      withMetric("win-rate", { weightPercent: 25 }),
      ["The weight of Win rate rises from 15 % to 25 %"],
    ],
    [
      "a target",
      withMetric("average-deal-size", {
        scale: { kind: "linear", floor: 1000, target: 4000, cap: 100 },
      }),
      [
        "Average deal size: target at least 4,000 USD, nothing up to 1,000 USD; before: target at least 3,500 USD, nothing up to 1,000 USD",
      ],
    ],
    [
      "bands in place of a line",
      withMetric("win-rate", {
        scale: {
          kind: "bands",
          bands: [
            { from: null, to: 50, score: 0 },
            { from: 50, to: null, score: 100 },
          ],
        },
      }),
      [
        "Win rate: … to 50 % scores 0; 50 % to … scores 100; before: target at least 75 %, nothing up to 45 %",
      ],
    ],
    [
      "a metric that goes",
      { ...template, metrics: template.metrics.filter(({ metricId }) => metricId !== "win-rate") },
      ["Win rate no longer counts; it had weight 15 %, target at least 75 %, nothing up to 45 %"],
    ],
    [
      "a rule",
      { ...template, minimumCoveragePercent: 75 },
      ["A rating needs data for 75 % of the weight instead of 60 %"],
    ],
    [
      "a window",
      { ...template, windows: { ...template.windows, dataWindowDays: 10 } },
      ["The data window closes 10 days after the end of the period instead of 7"],
    ],
    [
      "a formula",
      {
        ...template,
        formulaMeasures: [
          {
            measure: "lost_share",
            name: "Share lost",
            unit: "percent",
            formula: "deals_lost * 50",
          },
        ],
      },
      ["Share lost (percent) is now deals_lost * 50; before (percent): deals_lost * 100"],
    ],
  ])("tells %s in words", (_, changed, texts) => {
    expect(textsOf(changed)).toEqual(texts);
  });

  it("names what comes and goes by its id, so that a reader can look it up", () => {
    const [objective] = template.objectives;
    if (!objective) throw new Error("the template has objectives");
    const changed = {
      ...template,
      objectives: [
        ...template.objectives,
        { ...objective, objectiveId: "go-abroad", name: "Go abroad" },
      ],
    };
    expect(changesBetween(template, changed)).toEqual([
      { about: "objective", id: "go-abroad", kind: "added", text: "New objective: Go abroad" },
    ]);
  });

  /** Every place of a definition, with something else in it. */
  function* altered(
    value: unknown,
    path: readonly (string | number)[] = [],
  ): Generator<{
    path: string;
    definition: ProgramDefinition;
  }> {
    const put = (other: unknown) => {
      const definition = structuredClone(template) as unknown;
      let at = definition as Record<string | number, unknown>;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
      at[path.at(-1) ?? ""] = other;
      return { path: path.join("."), definition: definition as ProgramDefinition };
    };
    if (Array.isArray(value)) {
      yield put(value.slice(1));
      for (const [index, one] of value.entries()) yield* altered(one, [...path, index]);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, one] of Object.entries(value)) yield* altered(one, [...path, key]);
    } else if (typeof value === "number") yield put(value + 1);
    else if (typeof value === "boolean") yield put(!value);
    else yield put(value === null ? "another" : `${value}-another`);
  }

  it("leaves no field of a program out", () => {
    // One value of each is possible, or the rest of the scale changes with it.
    const fixed = /^currency$|scale\.kind$/;
    const silent: string[] = [];
    let places = 0;
    for (const { path, definition } of altered(template)) {
      places += 1;
      if (fixed.test(path)) continue;
      if (changesBetween(template, definition).length === 0) silent.push(path);
    }
    expect(places).toBeGreaterThan(150);
    expect(silent).toEqual([]);
  });
});
