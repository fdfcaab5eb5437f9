import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { withinLimit } from "../edition/index.ts";
import { MemberId } from "../id/index.ts";
import { newMembership, type PasswordHashing } from "../person/index.ts";
import { addMember as decide } from "./member.ts";
import type { MemberStore } from "./repository.ts";
import type { AddMember, Member } from "./schema.ts";

/**
 * Adds a person to the tenant; one person may be added to several tenants.
 * @throws DomainError permission-denied | role-not-grantable | member-exists | address-busy |
 *   edition-limit-reached
 */
export async function addMember(
  ctx: RequestContext<MemberStore> & PasswordHashing,
  { initialPassword, ...input }: AddMember,
): Promise<Member> {
  const by = requirePermission(ctx.actor, "member:create");
  const memberId = ctx.mint(MemberId);
  const entry = await newMembership(ctx, {
    membershipId: memberId,
    partnerId: null,
    email: input.email,
    password: initialPassword,
  });
  const { personId } = entry.membership;
  const { next, event } = decide({ memberId, personId }, input, by, ctx.now);
  await withinLimit(ctx, "members", () => ctx.store.members.add({ ...entry, member: next, event }));
  return next;
}
