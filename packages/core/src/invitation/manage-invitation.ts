import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { InvitationId, PartnerId } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { resend as decideResend, revoke as decideRevoke, isVisibleTo } from "./invitation.ts";
import { hashOf, type InvitationContext } from "./invite.ts";
import type { InvitationStore } from "./repository.ts";
import type { Invitation } from "./schema.ts";

interface Target {
  readonly invitationId: InvitationId;
  readonly ifVersion: number;
}

async function current(
  ctx: RequestContext<InvitationStore>,
  invitationId: InvitationId,
): Promise<Invitation> {
  const found = await ctx.store.invitations.get(invitationId);
  if (!found || !isVisibleTo(ctx.actor, found)) raise("invitation-not-found");
  return found;
}

/** @throws DomainError permission-denied | invitation-not-found */
export async function getInvitation(
  ctx: RequestContext<InvitationStore>,
  invitationId: InvitationId,
): Promise<Invitation> {
  requirePermission(ctx.actor, "invitation:read");
  return current(ctx, invitationId);
}

/** Those to roles of the tenant, ended ones too, the newest first. @throws DomainError permission-denied */
export async function listInvitations(
  ctx: RequestContext<InvitationStore>,
  page: PageRequest,
): Promise<Page<Invitation>> {
  requirePermission(ctx.actor, "member:invite");
  return ctx.store.invitations.list(page);
}

/** Those to one partner. @throws DomainError permission-denied | partner-not-found */
export async function listPartnerInvitations(
  ctx: RequestContext<InvitationStore & PartnerStore>,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<Invitation>> {
  const by = requirePermission(ctx.actor, "invitation:read");
  if (by.kind === "partner-user" && by.partnerId !== partnerId) raise("partner-not-found");
  const found = await ctx.store.invitations.listOf(partnerId, page);
  if (found.items.length === 0 && !(await ctx.store.partners.get(partnerId))) {
    raise("partner-not-found");
  }
  return found;
}

/**
 * Mails a new token, and makes the earlier ones useless.
 * @throws DomainError permission-denied | invitation-not-found | version-stale | role-not-grantable |
 *   invitation-accepted | invitation-revoked | invitation-exists
 */
export async function resendInvitation(
  ctx: InvitationContext,
  { invitationId, ifVersion }: Target,
): Promise<Invitation> {
  const by = requirePermission(ctx.actor, "invitation:manage");
  const invitation = await current(ctx, invitationId);
  if (invitation.version !== ifVersion) raise("version-stale");
  const hash = hashOf(ctx, invitationId, invitation.generation + 1);
  const { next, event } = decideResend(invitation, hash, by, ctx);
  await ctx.store.invitations.save(next, event);
  return next;
}

/**
 * @throws DomainError permission-denied | invitation-not-found | version-stale | role-not-grantable |
 *   invitation-accepted | invitation-revoked | invitation-expired
 */
export async function revokeInvitation(
  ctx: InvitationContext,
  { invitationId, ifVersion }: Target,
): Promise<Invitation> {
  const by = requirePermission(ctx.actor, "invitation:manage");
  const invitation = await current(ctx, invitationId);
  if (invitation.version !== ifVersion) raise("version-stale");
  const { next, event } = decideRevoke(invitation, by, ctx);
  await ctx.store.invitations.save(next, event);
  return next;
}
