import { onlyPartnerOf, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import type { PartnerStore } from "./repository.ts";
import type { Partner } from "./schema.ts";

/** A partner user's list holds their own partner alone. @throws DomainError permission-denied */
export async function listPartners(
  ctx: RequestContext<PartnerStore>,
  page: PageRequest,
): Promise<Page<Partner>> {
  const by = requirePermission(ctx.actor, "partner:read");
  const only = onlyPartnerOf(by);
  if (only === undefined) return ctx.store.partners.list(page);
  const own = await ctx.store.partners.get(only);
  return { items: own ? [own] : [] };
}
