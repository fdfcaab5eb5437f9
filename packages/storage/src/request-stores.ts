import type { TenantId } from "@concord/core/id";
import type { RecordAnswer } from "@concord/core/idempotency";
import type { Table } from "./dynamo-table/contract.ts";
import { createMeter, type Usage } from "./dynamo-table/meter.ts";
import { type PinnableTable, pinnableTable } from "./isolation/pinnable-table.ts";
import { openSystemStore, type SystemStore } from "./system-store.ts";
import { openTenantStore, type TenantStore } from "./tenant-store.ts";

/**
 * Both doors of one request, with what went through them. Before `pin` they serve log-ins, which belong
 * to no tenant; from `pin` on nothing of another tenant passes, whatever a door opens. What works for
 * one person in several tenants opens one such set for each.
 */
export interface RequestStores extends Omit<PinnableTable, "table"> {
  readonly openTenant: (tenantId: TenantId, record?: RecordAnswer) => TenantStore;
  readonly system: SystemStore;
  usage(): Usage;
}

/**
 * @param requestId named as the cause by every event of the request
 * @param tableOf the connection with one tenant's own credentials, where the stage has them
 */
export function openRequestStores(
  table: Table,
  {
    requestId,
    tableOf = () => table,
  }: {
    readonly requestId?: string;
    readonly tableOf?: ((tenantId: TenantId) => Table) | undefined;
  } = {},
): RequestStores {
  const meter = createMeter();
  const { table: pinnable, ...pin } = pinnableTable(table.metered(meter), (tenantId) =>
    tableOf(tenantId).metered(meter),
  );
  // Who asks, how much and as what is looked up before the route runs: one opening serves all of it.
  const opened = new Map<TenantId, TenantStore>();
  return {
    openTenant(tenantId, record) {
      if (record) return openTenantStore(pinnable, tenantId, { record, requestId });
      const known = opened.get(tenantId) ?? openTenantStore(pinnable, tenantId, { requestId });
      opened.set(tenantId, known);
      return known;
    },
    system: openSystemStore(pinnable),
    usage: meter.usage,
    ...pin,
  };
}
