export { getReScoring } from "./get-re-scoring.ts";
export { reScore } from "./re-score.ts";
export type { ReScoringRepository, ReScoringStore } from "./repository.ts";
export { ReScoring, ReScoringProgress } from "./schema.ts";
