import { describe, expect, it } from "vitest";
import { PartnerId, ProgramId } from "../id/index.ts";
import { emptyCounters } from "../rollup/index.ts";
import { groundsOfMonths, scoreCard } from "../scorecard/index.ts";
import { faultsOfFigures, figuresReadOtherwise } from "./figure-faults.ts";
import { faultsOf, warningsOf } from "./publication.ts";
import type { ProgramDefinition, ProgramFigure, PublishedProgram } from "./schema.ts";
import { programTemplates } from "./templates.ts";

const figure = (changes: Partial<ProgramFigure> = {}): ProgramFigure => ({
  measure: "csat_percent",
  name: "Satisfaction",
  unit: "percent",
  aggregation: "mean",
  suppliedBy: "vendor",
  frequency: "monthly",
  source: "Survey",
  ownerRole: "data-steward",
  ...changes,
});
const handedIn = (...figureMeasures: ProgramFigure[]) => ({ figureMeasures, formulaMeasures: [] });

const published = (definition: ProgramDefinition): PublishedProgram => ({
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version: 3,
  effectiveFrom: "2026-Q1",
  definition,
  warnings: [],
  publishedAt: "2026-01-05T12:00:00.000Z",
  publishedBy: { kind: "system", name: "test" },
});

describe("measures whose figures are handed in", () => {
  it.each<[string, ProgramFigure, string]>([
    ["a standard one of another unit", figure({ unit: "number" }), "/figureMeasures/0/unit"],
    [
      "a standard one put together otherwise",
      figure({ aggregation: "last" }),
      "/figureMeasures/0/aggregation",
    ],
    ["one that facts give", figure({ measure: "win_rate_percent" }), "/figureMeasures/0/measure"],
    ["a word of the formula language", figure({ measure: "clamp" }), "/figureMeasures/0/measure"],
    [
      "a share in hours",
      figure({ measure: "own_share", aggregation: "share", unit: "hours" }),
      "/figureMeasures/0/unit",
    ],
  ])("refuse %s", (_, given, pointer) => {
    expect(faultsOfFigures(handedIn(given)).map((fault) => fault.pointer)).toContain(pointer);
  });

  it("refuse a name twice, also where a formula has it", () => {
    const twice = handedIn(figure(), figure());
    expect(faultsOfFigures(twice)).toMatchObject([{ pointer: "/figureMeasures/1/measure" }]);
    const formula = {
      measure: "csat_percent",
      name: "CSAT",
      unit: "percent",
      formula: "deals_won",
    } as const;
    expect(
      faultsOfFigures({ figureMeasures: [figure()], formulaMeasures: [formula] }),
    ).toMatchObject([
      { pointer: "/figureMeasures/0/measure", detail: "csat_percent is a formula already" },
    ]);
  });

  it("are read the same in every program: the figures are handed in once for all", () => {
    const own = figure({ measure: "net_promoters", unit: "number" });
    const other = { ...programTemplates["referral-template"]("USD"), figureMeasures: [own] };
    const changed = { ...own, aggregation: "last" as const };
    expect(figuresReadOtherwise(handedIn(own), [published(other)])).toEqual([]);
    expect(figuresReadOtherwise(handedIn(changed), [published(other)])).toMatchObject([
      {
        pointer: "/figureMeasures/0/aggregation",
        detail: expect.stringContaining("as in version 3 of Referral program"),
      },
    ]);
  });
});

/** What a healthy partner of the kind hands in each month; `of` for means and shares. */
const healthy: Readonly<Record<string, { value: number; of: number | null }>> = {
  plan_attainment_percent: { value: 3, of: 4 },
  certified_people: { value: 8, of: null },
  participation_density_percent: { value: 2, of: 4 },
  csat_percent: { value: 80, of: 6 },
  behaviour_collaborate: { value: 70, of: 4 },
  referrals_accepted: { value: 4, of: null },
  referrals_won: { value: 1, of: null },
  influenced_revenue: { value: 30_000, of: null },
  responsiveness_hours: { value: 20, of: 9 },
  recurring_revenue: { value: 22_000.5, of: null },
  renewal_rate_percent: { value: 9, of: 10 },
  service_level_percent: { value: 93, of: 100 },
  training_completion_percent: { value: 7, of: 10 },
};
const counters = {
  ...emptyCounters(),
  wonCount: 12,
  lostCount: 8,
  wonAmount: 9_000_000,
  cycleCount: 12,
  cycleDays: 600,
  listedCount: 12,
  listedAmount: 9_000_000,
  listedListAmount: 9_500_000,
  "wonWithinBp.1000": 11,
  "wonAlignedBp.1000": 10,
  createdCount: 30,
  createdAmount: 12_000_000,
  enteredCount: 30,
  leftCount: 20,
};

describe("the templates", () => {
  const names = Object.keys(programTemplates) as (keyof typeof programTemplates)[];

  it.each(names)("%s can be published as it is, without a warning", (name) => {
    const template = programTemplates[name]("EUR");
    expect(faultsOf(template)).toEqual([]);
    expect(warningsOf(template)).toEqual([]);
  });

  it.each(names)("%s scores a partner of its kind with the sources it names", (name) => {
    const template = programTemplates[name]("EUR");
    const figures = Object.fromEntries(
      template.figureMeasures.map(({ measure }) => {
        const given = healthy[measure];
        if (!given) throw new Error(`nothing healthy for ${measure}`);
        return [measure, { ...given, revision: 1 }];
      }),
    );
    const months = ["2026-01", "2026-02", "2026-03"].map((month) => ({
      partnerId: PartnerId.parse("ptr_0000000000000000000000000A"),
      month,
      counters,
      figures,
      version: 1,
      changedAt: "2026-04-01T00:00:00.000Z",
    }));
    const span = { from: "2026-01-01", to: "2026-03-31" };
    const card = (of: typeof months) =>
      scoreCard({
        program: published(template),
        partnerId: PartnerId.parse("ptr_0000000000000000000000000A"),
        period: "2026-Q1",
        span,
        grounds: groundsOfMonths(of, span),
      });
    const full = card(months);
    expect(full.coveragePercent).toBe(100);
    expect(full.rating.status).toBe("rated");
    expect(full.missingFigures).toBeUndefined();
    expect(full.score).toBeGreaterThan(30);
    expect(full.score).toBeLessThan(95);

    // Nothing from anywhere is neither good nor bad.
    const empty = card([]);
    expect(empty.rating.status).toBe("insufficient-data");
    expect(empty.coveragePercent).toBeLessThan(template.minimumCoveragePercent);
  });
});
