export { dynamoTable, type Item, type Table, type TableOptions } from "./dynamo-table.ts";
export { createMeter, type Meter, type Usage } from "./meter.ts";
export { openTenantStore, type TenantStore } from "./tenant-store.ts";
