import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { MemberId } from "../id/index.ts";
import type { MemberStore } from "./repository.ts";
import type { Member } from "./schema.ts";

/** @throws DomainError permission-denied | member-not-found */
export async function getMember(
  ctx: RequestContext<MemberStore>,
  memberId: MemberId,
): Promise<Member> {
  requirePermission(ctx.actor, "member:read");
  return (await ctx.store.members.get(memberId)) ?? raise("member-not-found");
}
