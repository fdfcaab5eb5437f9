import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import { requireMembers } from "./named-members.ts";
import { update } from "./partner.ts";
import type { PartnerStore } from "./repository.ts";
import type { Partner, UpdatePartner } from "./schema.ts";

/** @throws DomainError permission-denied | partner-not-found | version-stale | partner-name-taken | member-unknown */
export async function updatePartner(
  ctx: RequestContext<PartnerStore>,
  input: { partnerId: PartnerId; ifVersion: number; changes: UpdatePartner },
): Promise<Partner> {
  const by = requirePermission(ctx.actor, "partner:update");
  if (isOtherPartner(by, input.partnerId)) raise("partner-not-found");
  const current = (await ctx.store.partners.get(input.partnerId)) ?? raise("partner-not-found");
  if (current.version !== input.ifVersion) raise("version-stale");
  const { partnerManagerId, executiveSponsorId, dataStewardId } = input.changes;
  await requireMembers(ctx, { partnerManagerId, executiveSponsorId, dataStewardId });
  const { next, event } = update(current, input.changes, by, ctx.now);
  await ctx.store.partners.save(next, event, current);
  return next;
}
