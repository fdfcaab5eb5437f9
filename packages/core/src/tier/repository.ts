import type { Page, PageRequest } from "../context/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerTier } from "./schema.ts";
import type { TierEvent } from "./tier.ts";

export interface TierRepository {
  get(partnerId: PartnerId, programId: ProgramId): Promise<PartnerTier | undefined>;
  /** One for each program, by program. */
  ofPartner(partnerId: PartnerId, page: PageRequest): Promise<Page<PartnerTier>>;
  /** Those with a recommendation that waits for a decision, the longest first. An index read. */
  waiting(page: PageRequest): Promise<Page<PartnerTier>>;
  /** @throws DomainError version-stale */
  save(next: PartnerTier, event: TierEvent): Promise<void>;
}

export interface TierStore {
  readonly tiers: TierRepository;
}
