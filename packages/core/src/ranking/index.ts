export { exportRanking, rankingCsv } from "./export-ranking.ts";
export { ExportedCards, exportedCardsCsv, exportScorecards } from "./export-scorecards.ts";
export { getRankingPosition } from "./get-ranking-position.ts";
export { getRankingSummary } from "./get-ranking-summary.ts";
export { listRanking } from "./list-ranking.ts";
export { livePeriods } from "./live-periods.ts";
export { type ProjectionStore, projectRanking } from "./project-ranking.ts";
export type { PlacedEntry, RankingRepository, RankingStore } from "./repository.ts";
export {
  type PeerGroup,
  RankedPartner,
  RankingEntry,
  RankingFilter,
  RankingPosition,
  RankingSummary,
  RankingSummaryPart,
  Segment,
} from "./schema.ts";
