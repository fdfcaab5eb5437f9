import { Tenant, TenantEntry, type TenantRepository } from "@concord/core/tenant";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import { exists, isNew } from "../dynamo-table/condition.ts";
import { newSubscriptionWrites } from "../edition/subscription-rows.ts";
import { type Entity, toItem } from "../entity.ts";
import { systemKeys, type TenantKeys } from "../keys/index.ts";
import { newMemberWrites } from "../member/member-rows.ts";

export const tenantAggregate = (keys: TenantKeys): Aggregate<Tenant> => ({
  name: "Tenant",
  schema: Tenant,
  schemaVersion: 1,
  id: ({ tenantId }) => tenantId,
  key: () => keys.tenant(),
});

export const tenantEntryEntity: Entity<TenantEntry> = {
  name: "TenantEntry",
  schema: TenantEntry,
  schemaVersion: 1,
  key: ({ tenantId }) => systemKeys.tenantEntry(tenantId),
};

export function dynamoTenantRepository(tenant: TenantTable): TenantRepository {
  const tenants = tenantAggregate(tenant.keys);
  const entryOf = (next: Tenant) => toItem(tenantEntryEntity, TenantEntry.parse(next));

  return {
    /** AP-32 */
    get: () => load(tenant, tenants, tenant.keys.tenant()),

    /** AP-33 */
    create: (next, event, owner, subscription) =>
      save(tenant, tenants, next, event, {
        taken: "tenant-exists",
        also: [
          { write: { put: entryOf(next), condition: isNew }, otherwise: "tenant-exists" },
          ...newMemberWrites(tenant, owner),
          ...(subscription ? newSubscriptionWrites(tenant, subscription) : []),
        ],
      }),

    /** AP-34 */
    save: (next, event) =>
      save(tenant, tenants, next, event, {
        also: [{ write: { put: entryOf(next), condition: exists }, otherwise: "tenant-not-found" }],
      }),
  };
}
