import type { TenantId } from "@concord/core/id";
import type { RecordAnswer } from "@concord/core/idempotency";
import type { Table } from "./dynamo-table.ts";
import { createMeter, type Usage } from "./meter.ts";
import { openSystemStore, type SystemStore } from "./system-store.ts";
import { openTenantStore, type TenantStore } from "./tenant-store.ts";

/** Both doors of one request, with what went through them. */
export interface RequestStores {
  readonly openTenant: (tenantId: TenantId, record?: RecordAnswer) => TenantStore;
  readonly system: SystemStore;
  usage(): Usage;
}

/** @param requestId named as the cause by every event of the request */
export function openRequestStores(
  table: Table,
  { requestId }: { readonly requestId?: string } = {},
): RequestStores {
  const meter = createMeter();
  const metered = table.metered(meter);
  return {
    openTenant: (tenantId, record) => openTenantStore(metered, tenantId, { record, requestId }),
    system: openSystemStore(metered),
    usage: meter.usage,
  };
}
