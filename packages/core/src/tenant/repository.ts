import type { Page, PageRequest } from "../context/index.ts";
import type { SubscriptionChange } from "../edition/index.ts";
import type { TenantId } from "../id/index.ts";
import type { NewMember } from "../member/index.ts";
import type { Tenant, TenantEntry } from "./schema.ts";
import type { TenantEvent } from "./tenant.ts";

export interface TenantRepository {
  /** Undefined only before the tenant is created. */
  get(): Promise<Tenant | undefined>;
  /**
   * Tenant, directory entry, first owner and subscription with their events in one transaction.
   * Without a subscription the tenant has the standing that is given without one.
   * @throws DomainError tenant-exists | address-busy
   */
  create(
    next: Tenant,
    event: TenantEvent,
    owner: NewMember,
    subscription?: SubscriptionChange,
  ): Promise<void>;
  /** The directory follows a new name in the same transaction. @throws DomainError version-stale */
  save(next: Tenant, event: TenantEvent): Promise<void>;
}

/** `tenant` is the opened tenant itself. */
export interface TenantProfileStore {
  readonly tenant: TenantRepository;
}

/** Which tenants there are; for log-ins and for what acts on schedule. */
export interface TenantDirectory {
  /** By id. */
  list(page: PageRequest): Promise<Page<TenantEntry>>;
  /** Those of them that exist, in no order. */
  find(tenantIds: readonly TenantId[]): Promise<readonly TenantEntry[]>;
}
