import { requirePermission } from "../actor/index.ts";
import { withoutHolder } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import { changeMember, endMember as decideEnd } from "./member.ts";
import type { MemberStore } from "./repository.ts";
import type { Member, UpdateMember } from "./schema.ts";

interface Target {
  readonly memberId: MemberId;
  readonly ifVersion: number;
}

async function current(ctx: RequestContext<MemberStore>, target: Target): Promise<Member> {
  const member = (await ctx.store.members.get(target.memberId)) ?? raise("member-not-found");
  if (member.version !== target.ifVersion) raise("version-stale");
  return member;
}

/**
 * Changed roles act on the member's next request.
 * @throws DomainError permission-denied | member-not-found | version-stale | role-not-grantable |
 *   member-is-yourself | member-ended
 */
export async function updateMember(
  ctx: RequestContext<MemberStore>,
  input: Target & { readonly changes: UpdateMember },
): Promise<Member> {
  const by = requirePermission(ctx.actor, "member:update");
  const member = await current(ctx, input);
  const { next, event } = changeMember(member, input.changes, by, ctx.now);
  const losesOwner = member.roles.includes("owner") && !next.roles.includes("owner");
  await ctx.store.members.save(next, event, { whileOwner: losesOwner ? by.memberId : undefined });
  return next;
}

/**
 * The member is refused from the next request on; what they did stays theirs. Their duties end with it,
 * also while a plan waits for them: its step is escalated, or handed over.
 * @throws DomainError permission-denied | member-not-found | version-stale | role-not-grantable |
 *   member-is-yourself | member-ended
 */
export async function endMember(ctx: RequestContext<MemberStore>, input: Target): Promise<Member> {
  const by = requirePermission(ctx.actor, "member:update");
  const member = await current(ctx, input);
  const { next, event } = decideEnd(member, by, ctx.now);
  const rosters = withoutHolder(
    await ctx.store.rosters.of(member.duties),
    { kind: "member", memberId: member.memberId },
    by,
    ctx.now,
  );
  const whileOwner = member.roles.includes("owner") ? by.memberId : undefined;
  await ctx.store.members.save(next, event, { whileOwner, rosters });
  return next;
}
