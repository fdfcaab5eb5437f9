import { OpportunityId, PartnerId, ProgramId, SourceId } from "../id/index.ts";
import { emptySums, type Input, type MeasureSums } from "../metric/index.ts";
import type { Opportunity } from "../opportunity/index.ts";
import {
  type ProgramDefinition,
  type ProgramMetric,
  type PublishedProgram,
  resellerTemplate,
} from "../program/index.ts";
import { scoreCard } from "./card.ts";
import type { Card } from "./schema.ts";

export const PARTNER = PartnerId.parse("ptr_0000000000000000000000000A");
export const Q1 = { period: "2027-Q1", span: { from: "2027-01-01", to: "2027-03-31" } };

type Sum = Exclude<Input, "nextRevenueTarget">;

export const sumsWith = (given: Partial<Record<Sum, number>>): MeasureSums => {
  const sums = emptySums();
  for (const [name, value] of Object.entries(given) as [Sum, number][]) {
    if (name === "openCount" || name === "openAmount") sums.atEnd[name] = value;
    else sums.inPeriod[name] = value;
  }
  return sums;
};

/** The sums of a real quarter: 96 won, 60 lost, 310,075 USD, 4,609 days, 164 created, 85 open. */
export const CHECK_SUMS = sumsWith({
  wonCount: 96,
  lostCount: 60,
  wonAmount: 31_007_500,
  cycleCount: 96,
  cycleDays: 4_609,
  listedCount: 96,
  "wonWithinBp.1000": 82,
  "wonAlignedBp.1000": 68,
  createdCount: 164,
  openCount: 85,
});

export const published = (definition: ProgramDefinition, version = 1): PublishedProgram => ({
  programId: ProgramId.parse("pgm_0000000000000000000000000A"),
  version,
  effectiveFrom: "2027-Q1",
  definition,
  warnings: [],
  publishedAt: "2027-01-02T09:00:00.000Z",
  publishedBy: { kind: "system", name: "bootstrap" },
});

export const TEMPLATE = resellerTemplate("USD");

const [anyMetric] = TEMPLATE.metrics;

export const metric = (changes: Partial<ProgramMetric>): ProgramMetric => {
  if (!anyMetric) throw new Error("the template has metrics");
  return { ...anyMetric, pairedMetricId: null, metricId: changes.measure ?? "any", ...changes };
};

/** A program of these metrics and nothing that gets in their way. */
export const definitionOf = (
  metrics: readonly Partial<ProgramMetric>[],
  changes: Partial<ProgramDefinition> = {},
): ProgramDefinition => ({
  ...TEMPLATE,
  metrics: metrics.map(metric),
  minimumCoveragePercent: 0,
  redFlagRatingId: null,
  ...changes,
});

export const cardOf = (definition: ProgramDefinition, sums: MeasureSums, version = 1): Card =>
  scoreCard({
    program: published(definition, version),
    partnerId: PARTNER,
    ...Q1,
    grounds: { sums },
  });

/** A fact of the partner in the first quarter, won on its list price. */
export const fact = (number: number, changes: Partial<Opportunity> = {}): Opportunity => ({
  opportunityId: OpportunityId.parse(`opp_${String(number).padStart(26, "0")}`),
  partnerId: PARTNER,
  sourceId: SourceId.parse("src_0000000000000000000000000A"),
  externalId: `E-${number}`,
  customerAccount: "Northwind",
  product: "Alpha",
  stage: "Won",
  stageHistory: [],
  outcome: "won",
  engagedOn: "2027-01-10",
  closedOn: "2027-02-20",
  currency: "USD",
  amountMinor: 300_000,
  listAmountMinor: 310_000,
  defects: [],
  corrected: [],
  importId: null,
  row: null,
  revision: 1,
  receivedAt: "2027-02-21T00:00:00.000Z",
  changedAt: "2027-02-21T00:00:00.000Z",
  ...changes,
});

/** A quarter of work: some dozen deals of each outcome. */
export const facts = (count = 60): Opportunity[] =>
  Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    if (index % 5 === 3) return fact(number, { outcome: "lost", stage: "Lost", amountMinor: 0 });
    if (index % 5 === 4) {
      return fact(number, { outcome: "open", stage: "Open", closedOn: null, amountMinor: null });
    }
    return fact(number, { amountMinor: 250_000 + index * 1_000 });
  });
