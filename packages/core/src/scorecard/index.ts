export { AdjustedPoints, type CardAdjustment } from "./adjustment.ts";
export { isRated, ratingAt, scoreCard, termsOf } from "./card.ts";
export { cardCsv } from "./card-csv.ts";
export { CardComparison, compareCards, MetricMove } from "./compare-cards.ts";
export { Explanation, explain } from "./explain.ts";
export { groundsOfMonths } from "./figures.ts";
export { formulaHash } from "./formula-hash.ts";
export { freezeCard, type RollupDifference } from "./freeze.ts";
export { type FrozenScorecard, freezeScorecard } from "./freeze-scorecard.ts";
export { CardInput, FrozenCard, InputChunk, ReviseScorecard } from "./frozen.ts";
export {
  getFrozenScorecard,
  getLateChanges,
  listScorecardInputs,
  listScorecardRevisions,
  replayScorecard,
} from "./get-frozen-scorecard.ts";
export {
  getScorecard,
  getScorecardChanges,
  getScorecardSummary,
  getStanding,
  Scorecard,
  ScorecardChanges,
} from "./get-scorecard.ts";
export { LateChange, LateChanges, LateFigure, lateChanges } from "./late-changes.ts";
export { NextRating, nextRating, WayUp } from "./next-rating.ts";
export {
  CardOverride,
  Decimal,
  measureOverride,
  waiverOf,
  withOverride,
  withoutOverride,
} from "./override.ts";
export { ownPeriods } from "./past-periods.ts";
export { type FactStore, readInputs } from "./read-inputs.ts";
export { Replay, ReplayDifference, replay } from "./replay.ts";
export type {
  LiveNumbers,
  LiveNumbersRepository,
  Placement,
  ScorecardEvent,
  ScorecardKey,
  ScorecardRepository,
  ScorecardStore,
} from "./repository.ts";
export {
  commitRevision,
  hasSameInputs,
  type NextRevision,
  nextRevision,
  reviseScorecard,
} from "./revise-scorecard.ts";
export {
  Card,
  CardFigure,
  CardMetric,
  type CardTerms,
  MissingFigure,
  Rating,
  Subtotal,
} from "./schema.ts";
export { segmentOf, segmentToday } from "./segment-of.ts";
export { PartnerStanding, periodsIn, standingOf } from "./standing.ts";
export { ScorecardSummary } from "./summary.ts";
export { targetTerms } from "./target-terms.ts";
