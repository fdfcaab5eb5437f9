import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, PartnerUserId } from "../id/index.ts";
import type { MemberStore } from "./repository.ts";
import type { PartnerUser } from "./schema.ts";

export interface PartnerUserKey {
  readonly partnerId: PartnerId;
  readonly partnerUserId: PartnerUserId;
}

/** One of another partner answers like a missing one. @throws DomainError permission-denied | partner-user-not-found */
export async function getPartnerUser(
  ctx: RequestContext<MemberStore>,
  { partnerId, partnerUserId }: PartnerUserKey,
): Promise<PartnerUser> {
  const by = requirePermission(ctx.actor, "partner-user:read");
  if (by.kind === "partner-user" && by.partnerId !== partnerId) raise("partner-user-not-found");
  const user = await ctx.store.partnerUsers.get(partnerUserId);
  if (user?.partnerId !== partnerId) raise("partner-user-not-found");
  return user;
}

/** Of a partner that is not the caller's, or not there, the list is empty. @throws DomainError permission-denied */
export async function listPartnerUsers(
  ctx: RequestContext<MemberStore>,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<PartnerUser>> {
  const by = requirePermission(ctx.actor, "partner-user:read");
  if (by.kind === "partner-user" && by.partnerId !== partnerId) return { items: [] };
  return ctx.store.partnerUsers.listOf(partnerId, page);
}
