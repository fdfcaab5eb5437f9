import { describe, expect, it } from "vitest";
import { ProgramId } from "../id/index.ts";
import { criteriaOf } from "./criteria.ts";
import { resellerTemplate } from "./reseller-template.ts";
import type { ProgramDefinition } from "./schema.ts";

const published = (definition: ProgramDefinition) =>
  criteriaOf({
    programId: ProgramId.parse("pgm_0000000000000000000000000A"),
    version: 3,
    effectiveFrom: "2027-Q2",
    definition,
    warnings: [],
    publishedAt: "2027-02-01T09:00:00.000Z",
    publishedBy: { kind: "system", name: "bootstrap" },
  });

describe("S-98 the published criteria", () => {
  const template = resellerTemplate("USD");
  const page = published(template);

  it("tell of each metric what is counted, what it takes, how much it weighs and how to check it", () => {
    expect(page.criteria.find(({ metricId }) => metricId === "win-rate")).toEqual({
      metricId: "win-rate",
      name: "Win rate",
      objectives: ["Sell well"],
      weightPercent: 15,
      layer: "results",
      timing: "lagging",
      measured: "100 × won / (won + lost)",
      scored: "target at least 75 %, nothing up to 45 %",
      source: "Opportunities of the connected CRM",
      ownerRole: "partner-manager",
      verification:
        "Open the inputs of the card: every deal counted is listed with its dates and amounts",
      rules: ["Left out with fewer than 10 deals behind it"],
    });
    expect(page.criteria.reduce((sum, { weightPercent }) => sum + weightPercent, 0)).toBe(100);
  });

  it("tell how a rating comes about, and what missing data does", () => {
    expect(page.rating).toContain("With data for less than 60 % of the weight there is no rating");
    expect(page.rating.some((rule) => rule.includes("neither as 0 nor as 100"))).toBe(true);
    expect(page.ratings.map(({ name, from }) => `${name} ${from}`)).toEqual([
      "At risk 0",
      "Developing 40",
      "Performing 50",
      "Strong 60",
      "Leading 70",
    ]);
  });

  it("tell how plans are approved, in the roles and days of this program", () => {
    const rights = {
      ...template.decisionRights,
      planBudgetLimit: { amount: "12500.00", currency: "USD" },
      substitutes: ["program-manager" as const, "owner" as const],
      reminderDays: 2,
      escalationDays: 5,
      approvalStepDays: 9,
    };
    expect(published({ ...template, decisionRights: rights }).planApproval).toEqual([
      "A plan is written by both sides and accepted by the partner's executive",
      "Then the partner manager decides; above a budget of 12,500.00 USD the executive sponsor decides after them",
      "Where signatories are assigned to the partner or the program, one of them decides each step",
      "Nobody decides on a plan they wrote: a program manager, else an owner stands in",
      "Who has not decided is reminded after 2 days; after 5 it is escalated, after 9 the step ends",
    ]);
  });

  it("tell of red flags, pairs and measures of the program's own", () => {
    const [revenue, ...others] = template.metrics;
    if (!revenue) throw new Error("the template has metrics");
    const definition: ProgramDefinition = {
      ...template,
      redFlagRatingId: "developing",
      formulaMeasures: [
        { measure: "net_wins", name: "Net wins", unit: "count", formula: "deals_won - deals_lost" },
      ],
      metrics: [
        {
          ...revenue,
          measure: "net_wins",
          critical: true,
          redFlagFloor: 5,
          pairedMetricId: "win-rate",
        },
        ...others,
      ],
    };
    const { criteria, rating } = published(definition);
    expect(criteria[0]).toMatchObject({
      measured: "deals_won - deals_lost",
      rules: [
        "Critical: without its data there is no rating",
        "A red flag on the wrong side of 5",
        "Watched together with Win rate: one must not rise at the other's cost",
      ],
    });
    expect(rating.at(-1)).toBe("With a red flag the rating is Developing at best");
  });
});
