import type { Currency } from "../money/index.ts";
import { ProgramDefinition } from "./schema.ts";
import { ownFigure, standardFigure, TEMPLATE_RATINGS, templateRights } from "./template-parts.ts";

const BILLING = "Billing system of the vendor";
const RENEWALS = "Contracts of the partner's customers that were due";
const TICKETS = "Service desk of the partner: tickets with their agreed times";
const SURVEY = "Survey of the partner's customers";
const ACADEMY = "Training platform of the vendor";

/** A program for partners who run services for their customers, to start from. */
export const managedServiceTemplate = (
  currency: Currency,
  name = "Managed service program",
): ProgramDefinition =>
  ProgramDefinition.parse({
    name,
    description:
      "Quarterly review of managed-service partners: what runs, how well, and whether it stays",
    currency,
    objectives: [
      { objectiveId: "keep-customers", name: "Keep customers" },
      { objectiveId: "serve-well", name: "Serve well", description: "What was agreed, in time" },
      { objectiveId: "grow", name: "Grow the base" },
    ],
    figureMeasures: [
      ownFigure(
        {
          measure: "recurring_revenue",
          name: "Monthly recurring revenue",
          unit: "money",
          aggregation: "last",
        },
        { suppliedBy: "vendor", frequency: "monthly", source: BILLING, ownerRole: "data-steward" },
      ),
      standardFigure("renewal_rate_percent", {
        suppliedBy: "vendor",
        frequency: "monthly",
        source: RENEWALS,
        ownerRole: "data-steward",
      }),
      ownFigure(
        {
          measure: "service_level_percent",
          name: "Tickets within the agreed time",
          unit: "percent",
          aggregation: "share",
        },
        {
          suppliedBy: "partner",
          frequency: "monthly",
          source: TICKETS,
          ownerRole: "partner-manager",
        },
      ),
      standardFigure("csat_percent", {
        suppliedBy: "vendor",
        frequency: "quarterly",
        source: SURVEY,
        ownerRole: "data-steward",
      }),
      standardFigure("training_completion_percent", {
        suppliedBy: "vendor",
        frequency: "quarterly",
        source: ACADEMY,
        ownerRole: "partner-manager",
      }),
    ],
    metrics: [
      {
        metricId: "renewals",
        name: "Renewal rate",
        measure: "renewal_rate_percent",
        objectiveIds: ["keep-customers"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 70, target: 95 },
        weightPercent: 25,
        critical: true,
        redFlagFloor: 70,
        source: RENEWALS,
        ownerRole: "data-steward",
        verification: "Compare with the contracts that were due in the quarter",
      },
      {
        metricId: "recurring-revenue",
        name: "Monthly recurring revenue",
        measure: "recurring_revenue",
        objectiveIds: ["grow"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 5_000, target: 40_000 },
        weightPercent: 20,
        pairedMetricId: "service-level",
        source: BILLING,
        ownerRole: "data-steward",
        verification: "Compare with the last invoice run of the quarter",
      },
      {
        metricId: "service-level",
        name: "Tickets within the agreed time",
        measure: "service_level_percent",
        objectiveIds: ["serve-well"],
        layer: "behaviour",
        timing: "leading",
        scale: { kind: "linear", floor: 80, target: 98 },
        weightPercent: 20,
        source: TICKETS,
        ownerRole: "partner-manager",
        verification: "Draw twenty tickets and compare their times",
      },
      {
        metricId: "satisfaction",
        name: "Satisfaction of the customers",
        measure: "csat_percent",
        parameters: { minimumSample: 5 },
        objectiveIds: ["serve-well", "keep-customers"],
        layer: "results",
        timing: "lagging",
        scale: { kind: "linear", floor: 60, target: 90 },
        weightPercent: 15,
        source: SURVEY,
        ownerRole: "data-steward",
        verification: "Compare with the export of the survey",
      },
      {
        metricId: "training",
        name: "Trainings completed",
        measure: "training_completion_percent",
        objectiveIds: ["serve-well"],
        layer: "development",
        timing: "leading",
        scale: { kind: "linear", floor: 40, target: 90 },
        weightPercent: 10,
        source: ACADEMY,
        ownerRole: "partner-manager",
        verification: "Compare with the list of the training platform",
      },
      {
        metricId: "new-business",
        name: "Opportunities created",
        measure: "pipeline_created_count",
        objectiveIds: ["grow"],
        layer: "development",
        timing: "leading",
        scale: { kind: "linear", floor: 2, target: 20 },
        weightPercent: 10,
        source: "Opportunities of the connected CRM",
        ownerRole: "partner-manager",
        verification: "Open the inputs of the card: every opportunity counted is listed",
      },
    ],
    ratingBands: TEMPLATE_RATINGS,
    redFlagRatingId: "performing",
    decisionRights: templateRights(currency),
  });
