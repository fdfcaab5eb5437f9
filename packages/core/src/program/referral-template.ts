import type { Currency } from "../money/index.ts";
import { ProgramDefinition } from "./schema.ts";
import { ownFigure, standardFigure, TEMPLATE_RATINGS, templateRights } from "./template-parts.ts";

const REGISTER = "Referral register of the vendor";
const ATTRIBUTION = "Attribution report of the vendor's marketing";
const TICKETS = "Inquiries to the partner with the time of the first answer";
const SURVEY = "Survey of referred customers";

/** A program for partners who refer and do not transact, to start from. */
export const referralTemplate = (
  currency: Currency,
  name = "Referral program",
): ProgramDefinition =>
  ProgramDefinition.parse({
    name,
    description:
      "Quarterly review of partners who refer customers: how many, how good, how they are treated",
    currency,
    objectives: [
      { objectiveId: "open-doors", name: "Open doors", description: "Referrals worth pursuing" },
      { objectiveId: "keep-trust", name: "Keep the customers' trust" },
    ],
    figureMeasures: [
      ownFigure(
        {
          measure: "referrals_accepted",
          name: "Referrals accepted",
          unit: "count",
          aggregation: "sum",
        },
        {
          suppliedBy: "vendor",
          frequency: "monthly",
          source: REGISTER,
          ownerRole: "partner-manager",
        },
      ),
      ownFigure(
        { measure: "referrals_won", name: "Referrals won", unit: "count", aggregation: "sum" },
        {
          suppliedBy: "vendor",
          frequency: "monthly",
          source: REGISTER,
          ownerRole: "partner-manager",
        },
      ),
      ownFigure(
        {
          measure: "influenced_revenue",
          name: "Influenced revenue",
          unit: "money",
          aggregation: "sum",
        },
        {
          suppliedBy: "vendor",
          frequency: "monthly",
          source: ATTRIBUTION,
          ownerRole: "data-steward",
        },
      ),
      standardFigure("responsiveness_hours", {
        suppliedBy: "partner",
        frequency: "monthly",
        source: TICKETS,
        ownerRole: "partner-manager",
      }),
      standardFigure("csat_percent", {
        suppliedBy: "vendor",
        frequency: "quarterly",
        source: SURVEY,
        ownerRole: "data-steward",
      }),
    ],
    formulaMeasures: [
      {
        measure: "referral_conversion_percent",
        name: "Referral conversion",
        unit: "percent",
        formula: "100 * referrals_won / referrals_accepted",
      },
    ],
    metrics: [
      {
        metricId: "referrals",
        name: "Referrals accepted",
        measure: "referrals_accepted",
        objectiveIds: ["open-doors"],
        layer: "development",
        timing: "leading",
        scale: { kind: "linear", floor: 2, target: 15 },
        weightPercent: 25,
        pairedMetricId: "conversion",
        source: REGISTER,
        ownerRole: "partner-manager",
        verification: "Compare with the register of the quarter",
      },
      {
        metricId: "conversion",
        name: "Referral conversion",
        measure: "referral_conversion_percent",
        objectiveIds: ["open-doors"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 5, target: 30 },
        weightPercent: 25,
        source: REGISTER,
        ownerRole: "partner-manager",
        verification: "Divide the referrals won by those accepted",
      },
      {
        metricId: "influenced-revenue",
        name: "Influenced revenue",
        measure: "influenced_revenue",
        objectiveIds: ["open-doors"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 10_000, target: 150_000 },
        weightPercent: 20,
        source: ATTRIBUTION,
        ownerRole: "data-steward",
        verification: "Compare with the attribution report",
      },
      {
        metricId: "responsiveness",
        name: "Time to first answer",
        measure: "responsiveness_hours",
        objectiveIds: ["keep-trust"],
        layer: "behaviour",
        timing: "leading",
        scale: { kind: "linear", floor: 48, target: 8 },
        weightPercent: 15,
        source: TICKETS,
        ownerRole: "partner-manager",
        verification: "Draw ten inquiries and compare the times",
      },
      {
        metricId: "satisfaction",
        name: "Satisfaction of referred customers",
        measure: "csat_percent",
        parameters: { minimumSample: 5 },
        objectiveIds: ["keep-trust"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 60, target: 90 },
        weightPercent: 15,
        source: SURVEY,
        ownerRole: "data-steward",
        verification: "Compare with the export of the survey",
      },
    ],
    ratingBands: TEMPLATE_RATINGS,
    decisionRights: templateRights(currency),
  });
