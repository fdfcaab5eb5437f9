import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { type PartnerId, PartnerUserId } from "../id/index.ts";
import { newMembership, type PasswordHashing } from "../person/index.ts";
import { addPartnerUser as decide } from "./member.ts";
import type { MemberStore } from "./repository.ts";
import type { AddPartnerUser, PartnerUser } from "./schema.ts";

/**
 * Adds a person to a partner; one person may belong to several partners and tenants.
 * @throws DomainError permission-denied | partner-not-found | partner-user-exists | address-busy
 */
export async function addPartnerUser(
  ctx: RequestContext<MemberStore> & PasswordHashing,
  { partnerId, initialPassword, ...input }: AddPartnerUser & { readonly partnerId: PartnerId },
): Promise<PartnerUser> {
  const by = requirePermission(ctx.actor, "partner-user:create");
  const partnerUserId = ctx.mint(PartnerUserId);
  const entry = await newMembership(ctx, {
    membershipId: partnerUserId,
    partnerId,
    email: input.email,
    password: initialPassword,
  });
  const { personId } = entry.membership;
  const { next, event } = decide({ partnerUserId, personId, partnerId }, input, by, ctx.now);
  await ctx.store.partnerUsers.add({ ...entry, partnerUser: next, event });
  return next;
}
