import type { Cadence, Period } from "../calendar/index.ts";
import type { DomainEvent } from "../event/index.ts";
import type { CycleId, PartnerId, ProgramId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import type { CadenceDecision, CadenceOverride } from "./schema.ts";

export interface CadenceKey {
  readonly partnerId: PartnerId;
  readonly programId: ProgramId;
}

export type CadenceEvent = DomainEvent<"cadence.set" | "cadence.ended", CadenceDecision>;

export interface CadenceRepository {
  get(key: CadenceKey): Promise<CadenceOverride | undefined>;
  /** Up to 100 of one program, in no order; partners of whom nothing was ever decided are left out. */
  getMany(programId: ProgramId, partnerIds: readonly PartnerId[]): Promise<CadenceOverride[]>;
  /**
   * State, event, the mark of the cadence at its program and the timers, in one transaction.
   * @param given the cadence that the program has to open cycles of from now on
   * @throws DomainError version-stale
   */
  save(
    next: CadenceOverride,
    event: CadenceEvent,
    opens: { readonly given: Cadence | null; readonly timers: readonly Timer[] },
  ): Promise<void>;
}

export interface CadenceStore {
  readonly cadences: CadenceRepository;
}

/** By which reviews a partner's periods are known. */
export interface ReviewedPeriods {
  readonly reviews: {
    ofPartner(
      partnerId: PartnerId,
      cycleIds: readonly CycleId[],
    ): Promise<readonly { readonly period: Period }[]>;
  };
}
