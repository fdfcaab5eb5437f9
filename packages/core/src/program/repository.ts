import type { ProgramId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import type { ProgramEvent } from "./program.ts";
import type { Program, PublishedProgram } from "./schema.ts";

export interface ProgramRepository {
  get(programId: ProgramId): Promise<Program | undefined>;
  /** Every program of the tenant, oldest first; a tenant has a handful. */
  list(): Promise<Program[]>;
  /** Oldest first. */
  versions(programId: ProgramId): Promise<PublishedProgram[]>;
  version(programId: ProgramId, version: number): Promise<PublishedProgram | undefined>;
  /**
   * Every published version of every program, by program and version. Versions never change, so the
   * answer may be remembered for a short while: a version published elsewhere may be missing for that long.
   */
  published(): Promise<readonly PublishedProgram[]>;
  /**
   * State, event and, if given, the new version and the timers it wants in one transaction.
   * @throws DomainError version-stale
   */
  save(
    next: Program,
    event: ProgramEvent,
    published?: PublishedProgram,
    timers?: readonly Timer[],
  ): Promise<void>;
}

export interface ProgramStore {
  readonly programs: ProgramRepository;
}
