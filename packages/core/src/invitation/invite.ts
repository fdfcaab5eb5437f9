import { type Actor, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { InvitationId, type PartnerId, PersonId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";
import { oneTimeToken, tokenHash } from "../one-time-token/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { invite as decide, type Inviter } from "./invitation.ts";
import type { InvitationStore } from "./repository.ts";
import type { Invitation, InvitedTo, InviteMember, InvitePartnerUser } from "./schema.ts";

export interface InvitationContext extends RequestContext<InvitationStore & MemberStore> {
  /** Invitations expire by it. */
  readonly wallNow: Date;
  /** One-time tokens are derived from it. */
  readonly tokenSecret: Uint8Array;
}

/** Nobody writes to more strangers than this at once. */
const MAX_PENDING = 500;

/**
 * The person joins only when they accept with what is mailed to this address.
 * @throws DomainError permission-denied | moderator-needs-two | role-not-grantable | member-exists |
 *   invitation-exists | invitations-too-many
 */
export async function inviteMember(
  ctx: InvitationContext,
  { email, roles }: InviteMember,
): Promise<Invitation> {
  const by = requirePermission(ctx.actor, "member:invite");
  return invite(ctx, by, email, { kind: "member", roles });
}

/**
 * The tenant's people invite to any partner, an executive of a partner to their own.
 * @throws DomainError permission-denied | role-not-grantable | partner-not-found |
 *   partner-user-exists | invitation-exists | invitations-too-many
 */
export async function invitePartnerUser(
  ctx: InvitationContext & RequestContext<InvitationStore & MemberStore & PartnerStore>,
  { partnerId, email, roles }: InvitePartnerUser & { readonly partnerId: PartnerId },
): Promise<Invitation> {
  const by = requirePermission(ctx.actor, "partner-user:invite");
  if (by.kind === "partner-user" && by.partnerId !== partnerId) raise("partner-not-found");
  if (!(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  return invite(ctx, by, email, { kind: "partner-user", partnerId, roles });
}

async function invite(
  ctx: InvitationContext,
  by: Exclude<Actor, { kind: "system" }> & Inviter,
  email: string,
  to: InvitedTo,
): Promise<Invitation> {
  const invitationId = ctx.mint(InvitationId);
  const known = await ctx.store.people.findPersonId(email);
  const personId = known ?? ctx.mint(PersonId);
  const { next, event } = decide(
    { invitationId, personId, email, to, tokenHash: hashOf(ctx, invitationId, 1) },
    by,
    ctx,
  );
  // As many reads for an address that nobody knows: an invitation tells nothing of other tenants.
  const partnerId = to.kind === "partner-user" ? to.partnerId : null;
  if (await ctx.store.people.hasWayIn(personId, partnerId)) {
    raise(partnerId ? "partner-user-exists" : "member-exists");
  }
  const pending = await ctx.store.invitations.countPending(ctx.wallNow, MAX_PENDING);
  if (pending >= MAX_PENDING) {
    raise("invitations-too-many", `${MAX_PENDING} invitations are open, which is the limit`);
  }
  await ctx.store.invitations.save(next, event);
  return next;
}

/** What is stored of the token that the mail of this generation carries. */
export const hashOf = (
  { tokenSecret }: Pick<InvitationContext, "tokenSecret">,
  invitationId: InvitationId,
  generation: number,
): string => tokenHash(oneTimeToken(tokenSecret, "invitation", invitationId, generation));
