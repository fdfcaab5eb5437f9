export { type RollupChange, rollupsAfter } from "./change.ts";
export type { RollupRepository, RollupStore } from "./repository.ts";
export {
  accumulate,
  type Contribution,
  type CountedOpportunity,
  contributionOf,
  emptyCounters,
  isZero,
  recount,
} from "./rollup.ts";
export { COUNTERS, type Counter, Counters, MonthRollup } from "./schema.ts";
