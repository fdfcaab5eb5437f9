export { auditedEntities, auditSourceOf } from "./audit/audit-rows.ts";
export { connectTable } from "./dynamo-table/connect-table.ts";
export type { Table } from "./dynamo-table/contract.ts";
export { dynamoTable, type TableOptions } from "./dynamo-table/dynamo-table.ts";
export type { Item } from "./dynamo-table/item.ts";
export { createMeter, type Meter, type Usage } from "./dynamo-table/meter.ts";
export {
  type AssumeTenantRole,
  type SessionCredentials,
  tenantTables,
} from "./isolation/tenant-tables.ts";
export { tenantIdOf } from "./keys/index.ts";
export { openRequestStores, type RequestStores } from "./request-stores.ts";
export { openPinnedStore, systemContexts } from "./system-contexts.ts";
export { openSystemStore, type SystemStore } from "./system-store.ts";
export { openTenantStore, type TenantStore } from "./tenant-store.ts";
