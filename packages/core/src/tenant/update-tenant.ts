import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { TenantProfileStore } from "./repository.ts";
import type { Tenant, UpdateTenant } from "./schema.ts";
import { update } from "./tenant.ts";

/** @throws DomainError permission-denied | tenant-not-found | version-stale */
export async function updateTenant(
  ctx: RequestContext<TenantProfileStore>,
  input: { readonly ifVersion: number; readonly changes: UpdateTenant },
): Promise<Tenant> {
  const by = requirePermission(ctx.actor, "tenant:update");
  const current = (await ctx.store.tenant.get()) ?? raise("tenant-not-found");
  if (current.version !== input.ifVersion) raise("version-stale");
  const { next, event } = update(current, input.changes, by, ctx.now);
  await ctx.store.tenant.save(next, event);
  return next;
}
