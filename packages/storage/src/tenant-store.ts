import type { TenantId } from "@concord/core/id";
import type { IdempotencyRepository, RecordAnswer } from "@concord/core/idempotency";
import type { PartnerStore } from "@concord/core/partner";
import type { TenantTable } from "./aggregate.ts";
import type { Table } from "./dynamo-table.ts";
import { dynamoIdempotencyRepository } from "./idempotency/dynamo-idempotency-repository.ts";
import { effectMarker } from "./idempotency/effect-marker.ts";
import { tenantKeys } from "./keys.ts";
import { dynamoPartnerRepository } from "./partner/dynamo-partner-repository.ts";

/** Everything of one tenant. No method below this door has a tenant parameter. */
export interface TenantStore extends PartnerStore {
  readonly idempotency: IdempotencyRepository;
}

/** Opens a tenant. `record` makes the answer that is written with the first effect of a request. */
export function openTenantStore(
  table: Table,
  tenantId: TenantId,
  record?: RecordAnswer,
): TenantStore {
  const tenant: TenantTable = {
    table,
    keys: tenantKeys(tenantId),
    ...(record ? { marker: effectMarker(record) } : {}),
  };
  return {
    idempotency: dynamoIdempotencyRepository(tenant),
    partners: dynamoPartnerRepository(tenant),
  };
}
