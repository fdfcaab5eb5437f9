import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, ProgramId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { TierStore } from "./repository.ts";
import type { PartnerTier } from "./schema.ts";

/** @throws DomainError permission-denied | tier-not-found */
export async function getTier(
  ctx: RequestContext<TierStore>,
  { partnerId, programId }: { readonly partnerId: PartnerId; readonly programId: ProgramId },
): Promise<PartnerTier> {
  requirePermission(ctx.actor, "tier:read");
  if (isOtherPartner(ctx.actor, partnerId)) raise("tier-not-found");
  return (await ctx.store.tiers.get(partnerId, programId)) ?? raise("tier-not-found");
}

/** One for each program. @throws DomainError permission-denied | partner-not-found */
export async function listTiers(
  ctx: RequestContext<PartnerStore & TierStore>,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<PartnerTier>> {
  requirePermission(ctx.actor, "tier:read");
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  if (!(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  return ctx.store.tiers.ofPartner(partnerId, page);
}

/** What waits for a decision, the longest first. @throws DomainError permission-denied */
export async function listWaitingTiers(
  ctx: RequestContext<TierStore>,
  page: PageRequest,
): Promise<Page<PartnerTier>> {
  requirePermission(ctx.actor, "tier:decide");
  return ctx.store.tiers.waiting(page);
}
