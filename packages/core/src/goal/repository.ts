import type { ActionOwner } from "../action-item/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import type { GoalId, PartnerId } from "../id/index.ts";
import type { GoalChange } from "./goal.ts";
import type { Goal, GoalDuty, GoalNote, GoalStatus } from "./schema.ts";

/** Where an entry of the audit trail says that a note is. */
export interface GoalTold {
  readonly object: { readonly id: string; readonly version: number };
}

export interface GoalRepository {
  get(goalId: GoalId): Promise<Goal | undefined>;
  /** Of one partner, by status and last day; with a status those alone. An index read. */
  ofPartner(
    partnerId: PartnerId,
    status: GoalStatus | undefined,
    page: PageRequest,
  ): Promise<Page<Goal>>;
  /** What one person answers for and has not ended, by last day. An index read. */
  workOf(owner: ActionOwner, page: PageRequest): Promise<Page<GoalDuty>>;
  /** @throws DomainError version-stale */
  save(change: GoalChange, note?: GoalNote): Promise<void>;
  /** The newest first. */
  notes(goalId: GoalId, page: PageRequest): Promise<Page<GoalNote>>;
  /** Goals and notes that entries of the audit trail tell of, up to fifty. */
  toldBy(
    entries: readonly GoalTold[],
  ): Promise<{ readonly goals: readonly Goal[]; readonly notes: readonly GoalNote[] }>;
}

export interface GoalStore {
  readonly goals: GoalRepository;
}
