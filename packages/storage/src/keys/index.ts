/** The only folder that spells a key of the table. */
export type { Key } from "./key.ts";
export { systemKeys } from "./system-keys.ts";
export { type TenantKeys, tenantIdOf, tenantKeys, withinTenant } from "./tenant-keys.ts";
