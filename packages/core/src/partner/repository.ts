import type { Page, PageRequest } from "../context/index.ts";
import type { UsageStore } from "../edition/index.ts";
import type { MemberId, PartnerId } from "../id/index.ts";
import type { PartnerEvent } from "./partner.ts";
import type { Partner } from "./schema.ts";

export interface PartnerRepository {
  get(partnerId: PartnerId): Promise<Partner | undefined>;
  /** Up to 100, in no order; missing ones are left out. */
  getMany(partnerIds: readonly PartnerId[]): Promise<Partner[]>;
  /** By name, then id. An index read: a partner saved a moment ago may be missing. */
  list(page: PageRequest): Promise<Page<Partner>>;
  /** Of which the member is the partner manager; by name, then id. An index read. */
  managedBy(memberId: MemberId, page: PageRequest): Promise<Page<Partner>>;
  /**
   * State, event and the claim on the name in one transaction.
   * @throws DomainError version-stale | partner-name-taken
   */
  save(next: Partner, event: PartnerEvent, previous?: Partner): Promise<void>;
}

export interface NamedMembers {
  /** Those of them who are no active members of the tenant. */
  strangersAmong(memberIds: readonly MemberId[]): Promise<MemberId[]>;
}

export interface PartnerStore extends UsageStore {
  readonly partners: PartnerRepository;
  readonly namedMembers: NamedMembers;
}
