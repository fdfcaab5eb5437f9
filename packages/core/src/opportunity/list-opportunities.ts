import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { OpportunityId, PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { OpportunityStore } from "./repository.ts";
import type { Opportunity } from "./schema.ts";

type Context = RequestContext<OpportunityStore & PartnerStore>;

/** The facts behind a partner's numbers. @throws DomainError permission-denied | partner-not-found */
export async function listOpportunities(
  ctx: Context,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<Opportunity>> {
  const by = requirePermission(ctx.actor, "opportunity:read");
  if (isOtherPartner(by, partnerId)) raise("partner-not-found");
  if (!(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  return ctx.store.opportunities.list(partnerId, page);
}

/** @throws DomainError permission-denied | opportunity-not-found, also for a partner user's eye on another partner */
export async function getOpportunity(
  ctx: RequestContext<OpportunityStore>,
  { partnerId, opportunityId }: { partnerId: PartnerId; opportunityId: OpportunityId },
): Promise<Opportunity> {
  const by = requirePermission(ctx.actor, "opportunity:read");
  if (isOtherPartner(by, partnerId)) raise("opportunity-not-found");
  return (
    (await ctx.store.opportunities.get(partnerId, opportunityId)) ?? raise("opportunity-not-found")
  );
}
