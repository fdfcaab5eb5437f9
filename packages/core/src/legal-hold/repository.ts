import type { Page, PageRequest } from "../context/index.ts";
import type { LegalHoldId } from "../id/index.ts";
import type { LegalHoldChange } from "./legal-hold.ts";
import type { HoldsInForce, LegalHold } from "./schema.ts";

export interface LegalHoldRepository {
  get(holdId: LegalHoldId): Promise<LegalHold | undefined>;
  /** The newest first, released ones too. */
  list(page: PageRequest): Promise<Page<LegalHold>>;
  inForce(): Promise<HoldsInForce>;
  /** The hold, its event and what is in force in one transaction. @throws DomainError version-stale */
  save(change: LegalHoldChange): Promise<void>;
}

export interface LegalHoldStore {
  readonly legalHolds: LegalHoldRepository;
}
