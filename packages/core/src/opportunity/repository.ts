import type { Page, PageRequest } from "../context/index.ts";
import type { OpportunityId, PartnerId } from "../id/index.ts";
import type { Opportunity } from "./schema.ts";

export interface OpportunityRepository {
  get(partnerId: PartnerId, opportunityId: OpportunityId): Promise<Opportunity | undefined>;
  /** Every fact of a partner, by id, read consistently. */
  ofPartner(partnerId: PartnerId): AsyncIterable<Opportunity>;
  /** By id. */
  list(partnerId: PartnerId, page: PageRequest): Promise<Page<Opportunity>>;
}

export interface OpportunityStore {
  readonly opportunities: OpportunityRepository;
}
