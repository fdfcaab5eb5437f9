import type { ProgramId } from "../id/index.ts";
import type { ReScoring } from "./schema.ts";

export interface ReScoringRepository {
  get(programId: ProgramId, version: number): Promise<ReScoring | undefined>;
  /** @returns false where another run was faster and nothing was written */
  save(next: ReScoring): Promise<boolean>;
}

export interface ReScoringStore {
  readonly reScorings: ReScoringRepository;
}
