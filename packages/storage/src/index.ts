export { auditedEntities, auditSourceOf } from "./audit/audit-rows.ts";
export { connectTable } from "./connect-table.ts";
export { dynamoTable, type Item, type Table, type TableOptions } from "./dynamo-table.ts";
export { tenantIdOf } from "./keys/index.ts";
export { createMeter, type Meter, type Usage } from "./meter.ts";
export { openRequestStores, type RequestStores } from "./request-stores.ts";
export { openPinnedStore, systemContexts } from "./system-contexts.ts";
export { openSystemStore, type SystemStore } from "./system-store.ts";
export { openTenantStore, type TenantStore } from "./tenant-store.ts";
export {
  type AssumeTenantRole,
  type SessionCredentials,
  tenantTables,
} from "./tenant-tables.ts";
