import type { UsageStore } from "../edition/index.ts";
import type { ProgramId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import type { ProgramEvent } from "./program.ts";
import type { OpeningRules, Program, PublishedProgram, ScoringRules } from "./schema.ts";

export interface ProgramRepository {
  get(programId: ProgramId): Promise<Program | undefined>;
  /** Every program of the tenant, oldest first; a tenant has a handful. */
  list(): Promise<Program[]>;
  /** Oldest first. */
  versions(programId: ProgramId): Promise<PublishedProgram[]>;
  /** Of every program, by program and version, as the table has them now. */
  everyVersion(): Promise<PublishedProgram[]>;
  version(programId: ProgramId, version: number): Promise<PublishedProgram | undefined>;
  /** The versions of a program and the cadences its partners were given, as the table has them now. */
  openingRules(programId: ProgramId): Promise<OpeningRules>;
  /**
   * What every card of the tenant is scored with. Versions never change, so the answer may be remembered
   * for a minute: what was published elsewhere may be missing for that long.
   * @throws DomainError tenant-not-found
   */
  scoringRules(now: Date): Promise<ScoringRules>;
  /**
   * State, event and, if given, the new version and the timers it wants, in one transaction.
   * @throws DomainError version-stale
   */
  save(next: Program, event: ProgramEvent, publication?: Publication): Promise<void>;
}

export interface Publication {
  readonly published: PublishedProgram;
  readonly timers: readonly Timer[];
}

export interface ProgramStore extends UsageStore {
  readonly programs: ProgramRepository;
}
