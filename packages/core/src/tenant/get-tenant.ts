import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { TenantProfileStore } from "./repository.ts";
import type { Tenant } from "./schema.ts";

/** @throws DomainError permission-denied | tenant-not-found */
export async function getTenant(ctx: RequestContext<TenantProfileStore>): Promise<Tenant> {
  requirePermission(ctx.actor, "tenant:read");
  return (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
}
