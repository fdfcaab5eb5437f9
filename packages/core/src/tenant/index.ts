export { type CreateTenantContext, createTenant } from "./create-tenant.ts";
export { getTenant } from "./get-tenant.ts";
export type { TenantDirectory, TenantProfileStore, TenantRepository } from "./repository.ts";
export { CreateTenant, Tenant, TenantEntry, UpdateTenant } from "./schema.ts";
export { changeEdition, closeTenant, getSubscription, reopenTenant } from "./subscription.ts";
export type { TenantEvent } from "./tenant.ts";
export { updateTenant } from "./update-tenant.ts";
