export { Defect, DefectCode } from "../source/index.ts";
export { assess, type FactValues, isSameFact, stageHistoryAfter } from "./assess.ts";
export { correctOpportunity, reattributeOpportunity } from "./change-opportunity.ts";
export { CorrectOpportunity, ReattributeOpportunity } from "./correction.ts";
export {
  CORRECTABLE,
  type Correctable,
  type FactRules,
  type FedRow,
  factFromFeed,
  factOf,
  indexEntryOf,
  opportunityIdOf,
} from "./fact.ts";
export { FactReport, ReportFact, ResolveFactReport } from "./fact-report.ts";
export { getOpportunity, listOpportunities } from "./list-opportunities.ts";
export type { OpportunityEvent } from "./opportunity.ts";
export { reassignFactReport } from "./reassign-fact-report.ts";
export { repairRollup } from "./repair-rollup.ts";
export {
  listFactReports,
  listFactReportWork,
  reportFact,
  resolveFactReport,
} from "./report-fact.ts";
export type {
  FactChange,
  FactDecision,
  FactReportEvent,
  OpportunityRepository,
  OpportunityStore,
} from "./repository.ts";
export * from "./schema.ts";
