import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { PartnerStore } from "./repository.ts";
import type { Partner } from "./schema.ts";

/** A partner user sees their own partner; any other answers like a missing one. @throws DomainError partner-not-found */
export async function getPartner(
  ctx: RequestContext<PartnerStore>,
  partnerId: PartnerId,
): Promise<Partner> {
  const by = requirePermission(ctx.actor, "partner:read");
  if (isOtherPartner(by, partnerId)) raise("partner-not-found");
  return (await ctx.store.partners.get(partnerId)) ?? raise("partner-not-found");
}
