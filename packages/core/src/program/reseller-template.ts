import type { Currency } from "../money/index.ts";
import { ProgramDefinition } from "./schema.ts";
import { TEMPLATE_RATINGS, templateRights } from "./template-parts.ts";

const COUNTED_ON = "Opportunities of the connected CRM";
const CHECK_LIST =
  "Open the inputs of the card: every deal counted is listed with its dates and amounts";

/**
 * A program for partners who resell, to start from. Amounts are in whole units of `currency` and fit a
 * business of some dozens of deals a quarter at a few thousand each. The figures that are never
 * without data weigh less than 60 together, so that a partner without deals is not rated.
 */
export const resellerTemplate = (
  currency: Currency,
  name = "Reseller program",
): ProgramDefinition =>
  ProgramDefinition.parse({
    name,
    description: "Quarterly review of resellers: what they sell, how they sell, what is coming",
    currency,
    objectives: [
      {
        objectiveId: "grow-revenue",
        name: "Grow revenue together",
        description: "More and larger deals won through partners",
      },
      {
        objectiveId: "sell-well",
        name: "Sell well",
        description: "Win what is pursued, at the right price and without delay",
      },
      {
        objectiveId: "build-pipeline",
        name: "Build tomorrow's pipeline",
        description: "Enough new opportunities to carry the coming quarters",
      },
    ],
    metrics: [
      {
        metricId: "revenue-won",
        name: "Revenue won",
        measure: "revenue_won",
        objectiveIds: ["grow-revenue"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 20_000, target: 120_000 },
        weightPercent: 20,
        pairedMetricId: "discount-discipline",
        source: COUNTED_ON,
        ownerRole: "partner-manager",
        verification: CHECK_LIST,
      },
      {
        metricId: "win-rate",
        name: "Win rate",
        measure: "win_rate_percent",
        objectiveIds: ["sell-well"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 45, target: 75 },
        weightPercent: 15,
        source: COUNTED_ON,
        ownerRole: "partner-manager",
        verification: CHECK_LIST,
      },
      {
        metricId: "average-deal-size",
        name: "Average deal size",
        measure: "average_deal_size",
        objectiveIds: ["grow-revenue"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 1000, target: 3500 },
        weightPercent: 10,
        source: COUNTED_ON,
        ownerRole: "partner-manager",
        verification: CHECK_LIST,
      },
      {
        metricId: "sales-cycle",
        name: "Sales cycle",
        measure: "sales_cycle_days",
        objectiveIds: ["sell-well"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 75, target: 35 },
        weightPercent: 15,
        source: COUNTED_ON,
        ownerRole: "partner-manager",
        verification: CHECK_LIST,
      },
      {
        metricId: "discount-discipline",
        name: "Discount discipline",
        measure: "discount_discipline_percent",
        parameters: { limitPercent: 10 },
        objectiveIds: ["sell-well"],
        layer: "behaviour",
        timing: "lagging",
        scale: { kind: "linear", floor: 65, target: 95 },
        weightPercent: 15,
        critical: true,
        redFlagFloor: 60,
        source: `${COUNTED_ON}; list prices of the price list`,
        ownerRole: "program-manager",
        verification: "Compare each won deal of the inputs with its list amount",
      },
      {
        metricId: "pricing-alignment",
        name: "Pricing alignment",
        measure: "pricing_alignment_percent",
        parameters: { limitPercent: 10 },
        objectiveIds: ["sell-well"],
        layer: "behaviour",
        timing: "lagging",
        scale: { kind: "linear", floor: 50, target: 80 },
        weightPercent: 10,
        source: `${COUNTED_ON}; list prices of the price list`,
        ownerRole: "program-manager",
        verification: "Compare each won deal of the inputs with its list amount",
      },
      {
        metricId: "pipeline-created",
        name: "Opportunities created",
        measure: "pipeline_created_count",
        objectiveIds: ["build-pipeline"],
        layer: "development",
        timing: "leading",
        scale: { kind: "linear", floor: 30, target: 110 },
        weightPercent: 10,
        pairedMetricId: "win-rate",
        source: COUNTED_ON,
        ownerRole: "partner-manager",
        verification: CHECK_LIST,
      },
      {
        metricId: "pipeline-velocity",
        name: "Pipeline velocity",
        measure: "pipeline_velocity_per_day",
        objectiveIds: ["build-pipeline", "grow-revenue"],
        layer: "development",
        timing: "leading",
        scale: { kind: "linear", floor: 400, target: 3500 },
        weightPercent: 5,
        source: COUNTED_ON,
        ownerRole: "partner-manager",
        verification: "Recompute it from the four figures the explanation names",
      },
    ],
    ratingBands: TEMPLATE_RATINGS,
    redFlagRatingId: "performing",
    decisionRights: templateRights(currency),
  });
