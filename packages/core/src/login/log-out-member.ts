import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import {
  logOutMember as decideMember,
  logOutPartnerUser as decidePartnerUser,
  type Member,
  type MemberStore,
  type PartnerUser,
  type PartnerUserKey,
} from "../member/index.ts";
import type { LoginSessionStore } from "./repository.ts";

type LogOutContext = RequestContext<MemberStore & LoginSessionStore>;

/**
 * Ends every login session that a member has in this tenant; what they are logged in to elsewhere
 * is not the tenant's business.
 * @throws DomainError permission-denied | member-not-found | version-stale
 */
export async function logOutMember(ctx: LogOutContext, memberId: MemberId): Promise<Member> {
  const by = requirePermission(ctx.actor, "member:log-out");
  const member = (await ctx.store.members.get(memberId)) ?? raise("member-not-found");
  const { next, event } = decideMember(member, by, ctx.now);
  await ctx.store.members.save(next, event);
  await ctx.store.loginSessions.endAllOf(memberId);
  return next;
}

/** The same of a person of a partner. @throws DomainError permission-denied | partner-user-not-found | version-stale */
export async function logOutPartnerUser(
  ctx: LogOutContext,
  { partnerId, partnerUserId }: PartnerUserKey,
): Promise<PartnerUser> {
  const by = requirePermission(ctx.actor, "partner-user:log-out");
  const user = await ctx.store.partnerUsers.get(partnerUserId);
  if (user?.partnerId !== partnerId) raise("partner-user-not-found");
  const { next, event } = decidePartnerUser(user, by, ctx.now);
  await ctx.store.partnerUsers.save(next, event);
  await ctx.store.loginSessions.endAllOf(partnerUserId);
  return next;
}
