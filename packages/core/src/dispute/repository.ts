import type { Page, PageRequest } from "../context/index.ts";
import type { CycleId, DisputeId } from "../id/index.ts";
import type { FrozenCard, ScorecardEvent, ScorecardKey } from "../scorecard/index.ts";
import type { Timer } from "../timer/index.ts";
import type { Closing, DisputeEvent } from "./dispute.ts";
import type { Dispute, DisputedSubject, DisputeSubject, OpenDispute } from "./schema.ts";

/** Where an entry of the audit trail says that a dispute is. */
export interface DisputeTold {
  readonly object: { readonly id: string };
  readonly row: { readonly partition: string };
}

export interface DisputeRepository {
  get(key: ScorecardKey, disputeId: DisputeId): Promise<Dispute | undefined>;
  /** How one matter of a card stands; undefined where nobody ever disputed it. */
  subject(key: ScorecardKey, subject: DisputeSubject): Promise<DisputedSubject | undefined>;
  /** Oldest first. */
  ofCard(key: ScorecardKey, page: PageRequest): Promise<Page<Dispute>>;
  /** Of every partner of a cycle, in the order they were filed. An index read. */
  ofCycle(cycleId: CycleId, page: PageRequest): Promise<Page<Dispute>>;
  /** The open ones of the tenant, by the last day to decide. An index read. */
  open(page: PageRequest): Promise<Page<Dispute>>;
  /** With its first timer. @throws DomainError dispute-exists where the matter is disputed or settled */
  file(next: OpenDispute, event: DisputeEvent, timer: Timer): Promise<void>;
  /** @throws DomainError version-stale */
  save(next: OpenDispute, event: DisputeEvent): Promise<void>;
  /**
   * A decision or a withdrawal; with the revision that it makes in one transaction.
   * @param settledRevision up to which the matter is decided @throws DomainError version-stale
   */
  close(
    closing: Closing,
    settledRevision: number,
    revision?: { readonly card: FrozenCard; readonly event: ScorecardEvent },
  ): Promise<void>;
  /** Those that entries of the audit trail tell of, up to a hundred. */
  toldBy(entries: readonly DisputeTold[]): Promise<readonly Dispute[]>;
}

export interface DisputeStore {
  readonly disputes: DisputeRepository;
}
