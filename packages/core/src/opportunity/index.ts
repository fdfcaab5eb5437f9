export { Defect, DefectCode } from "../source/index.ts";
export { assess, type FactValues, isSameFact, stageHistoryAfter } from "./assess.ts";
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
export type {
  FactChange,
  FactDecision,
  OpportunityEvent,
  OpportunityRepository,
  OpportunityStore,
} from "./repository.ts";
export * from "./schema.ts";
