import type { Page, PageRequest } from "../context/index.ts";
import type { CycleId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import type { CycleEvent } from "./cycle.ts";
import type { Cycle, CycleChunk, CycleMessage } from "./schema.ts";

export interface CycleRepository {
  get(cycleId: CycleId): Promise<Cycle | undefined>;
  /** The cycle opened last first. An index read. */
  list(page: PageRequest): Promise<Page<Cycle>>;
  /** State, event and timers in one transaction. @throws DomainError cycle-exists | version-stale */
  save(next: Cycle, event: CycleEvent, timers?: readonly Timer[]): Promise<void>;
  /**
   * New cycles of one boundary in one transaction, with their timers and those of cadences that nobody has.
   * @returns false where one of them, or one that is to be absent, is there already
   */
  openTogether(
    openings: readonly {
      readonly next: Cycle;
      readonly event: CycleEvent;
      readonly timers: readonly Timer[];
    }[],
    beside: { readonly absent: readonly CycleId[]; readonly timers: readonly Timer[] },
  ): Promise<boolean>;
  chunk(cycleId: CycleId, chunk: number): Promise<CycleChunk | undefined>;
  /** By number, read consistently. */
  chunks(cycleId: CycleId): AsyncIterable<CycleChunk>;
  /**
   * Appends to the list of a cycle whose list is not fixed, which is one at `cycle.version`.
   * @returns false where that number is taken or the list was fixed meanwhile
   */
  addChunk(cycle: Cycle, chunk: CycleChunk): Promise<boolean>;
  /** @returns false where somebody else changed it first */
  saveChunk(next: CycleChunk): Promise<boolean>;
}

export interface CycleStore {
  readonly cycles: CycleRepository;
}

/** Hands work to whoever is free. A message may be lost or delivered several times. */
export interface CycleQueue {
  send(messages: readonly CycleMessage[]): Promise<void>;
}
