import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, PartnerUserId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
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

/** Another partner answers like a missing one. @throws DomainError permission-denied | partner-not-found */
export async function listPartnerUsers(
  ctx: RequestContext<MemberStore & PartnerStore>,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<PartnerUser>> {
  const by = requirePermission(ctx.actor, "partner-user:read");
  if (by.kind === "partner-user" && by.partnerId !== partnerId) raise("partner-not-found");
  const users = await ctx.store.partnerUsers.listOf(partnerId, page);
  if (users.items.length === 0 && !(await ctx.store.partners.get(partnerId))) {
    raise("partner-not-found");
  }
  return users;
}
