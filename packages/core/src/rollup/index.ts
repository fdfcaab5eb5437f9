export { handedIn, type RollupChange, rollupsAfter, withFigures, withVoice } from "./change.ts";
export type { RollupRepository, RollupStore } from "./repository.ts";
export {
  accumulate,
  type Contribution,
  type CountedOpportunity,
  contributionOf,
  countFact,
  emptyCounters,
  isZero,
  recount,
} from "./rollup.ts";
export {
  COUNTERS,
  type Counter,
  Counters,
  MonthRollup,
  RolledFigure,
  RolledVoice,
} from "./schema.ts";
