import { requirePermission } from "../actor/index.ts";
import { withoutHolder } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerUserKey } from "./get-partner-user.ts";
import { changePartnerUser, endPartnerUser as decideEnd } from "./member.ts";
import type { MemberStore } from "./repository.ts";
import type { PartnerUser, UpdatePartnerUser } from "./schema.ts";

interface Target extends PartnerUserKey {
  readonly ifVersion: number;
}

async function current(
  ctx: RequestContext<MemberStore>,
  { partnerId, partnerUserId, ifVersion }: Target,
): Promise<PartnerUser> {
  const user = await ctx.store.partnerUsers.get(partnerUserId);
  const isSeen = ctx.actor.kind !== "partner-user" || ctx.actor.partnerId === partnerId;
  if (user?.partnerId !== partnerId || !isSeen) raise("partner-user-not-found");
  if (user.version !== ifVersion) raise("version-stale");
  return user;
}

/**
 * Changed roles act on the person's next request.
 * @throws DomainError permission-denied | partner-user-not-found | version-stale | partner-user-ended |
 *   member-is-yourself | role-not-grantable
 */
export async function updatePartnerUser(
  ctx: RequestContext<MemberStore>,
  input: Target & { readonly changes: UpdatePartnerUser },
): Promise<PartnerUser> {
  const by = requirePermission(ctx.actor, "partner-user:update");
  const { next, event } = changePartnerUser(await current(ctx, input), input.changes, by, ctx.now);
  await ctx.store.partnerUsers.save(next, event);
  return next;
}

/**
 * The person is refused from the next request on; what they did stays theirs. Their duties end with it.
 * @throws DomainError permission-denied | partner-user-not-found | version-stale | partner-user-ended |
 *   member-is-yourself | role-not-grantable
 */
export async function endPartnerUser(
  ctx: RequestContext<MemberStore>,
  input: Target,
): Promise<PartnerUser> {
  const by = requirePermission(ctx.actor, "partner-user:update");
  const user = await current(ctx, input);
  const { next, event } = decideEnd(user, by, ctx.now);
  const rosters = withoutHolder(
    await ctx.store.rosters.of(user.duties),
    { kind: "partner-user", partnerUserId: user.partnerUserId },
    by,
    ctx.now,
  );
  await ctx.store.partnerUsers.save(next, event, rosters);
  return next;
}
