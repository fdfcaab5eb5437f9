import {
  type Actor,
  type ActorRef,
  type ActorWith,
  holds,
  refOf,
  requireGrant,
  requireTake,
} from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { InvitationId, PersonId } from "../id/index.ts";
import { type EmailAddress, erasedAddress, type MembershipId } from "../person/index.ts";
import type { Invitation, InvitationView, InvitedTo } from "./schema.ts";

export type InvitationEvent =
  | DomainEvent<"invitation.created", { to: InvitedTo }>
  | DomainEvent<"invitation.resent", { generation: number }>
  | DomainEvent<"invitation.revoked", Record<never, never>>
  | DomainEvent<"invitation.accepted", { membershipId: MembershipId }>
  | DomainEvent<"invitation.erased", Record<never, never>>;

interface Change {
  readonly next: Invitation;
  readonly event: InvitationEvent;
}

/** The two clocks of an invitation: events by the business clock, its token by the wall clock. */
export interface Clocks {
  readonly now: Date;
  readonly wallNow: Date;
}

export type Inviter = Exclude<ActorWith<"invitation:manage">, { kind: "system" }>;

const VALID_DAYS = 7;
const DAY_MILLISECONDS = 86_400_000;

const sentBy = (by: Inviter, { wallNow }: Clocks) => ({
  invitedBy: refOf(by),
  sentAt: wallNow.toISOString(),
  validUntil: new Date(wallNow.getTime() + VALID_DAYS * DAY_MILLISECONDS).toISOString(),
});

export const isExpired = ({ validUntil }: Invitation, wallNow: Date): boolean =>
  Date.parse(validUntil) <= wallNow.getTime();

export function viewOf(invitation: Invitation, wallNow: Date): InvitationView {
  const { tokenHash: _hash, generation: _generation, personId: _person, ...view } = invitation;
  const isLate = invitation.status === "pending" && isExpired(invitation, wallNow);
  return { ...view, status: isLate ? "expired" : invitation.status };
}

/** Whether the actor may know of it at all. */
export function isVisibleTo(actor: Actor, { to }: Pick<Invitation, "to">): boolean {
  if (actor.kind === "partner-user") {
    return to.kind === "partner-user" && to.partnerId === actor.partnerId;
  }
  return holds(actor, to.kind === "member" ? "member:invite" : "partner-user:invite");
}

/** @throws DomainError moderator-needs-two | role-not-grantable */
export function invite(
  input: {
    readonly invitationId: InvitationId;
    readonly personId: PersonId;
    readonly email: EmailAddress;
    readonly to: InvitedTo;
    /** Of the token of the first generation. */
    readonly tokenHash: string;
  },
  by: Inviter,
  clocks: Clocks,
): Change {
  requireGrant(by, input.to.roles);
  const at = clocks.now.toISOString();
  return {
    next: {
      ...input,
      ...sentBy(by, clocks),
      status: "pending",
      generation: 1,
      membershipId: null,
      version: 1,
      createdAt: at,
      updatedAt: at,
    },
    event: eventOf("invitation.created", by, clocks.now, { to: input.to }),
  };
}

/** @throws DomainError invitation-accepted | invitation-revoked */
function requirePending({ status }: Invitation): void {
  if (status === "accepted") raise("invitation-accepted");
  if (status === "revoked") raise("invitation-revoked");
}

const changed = (invitation: Invitation, changes: Partial<Invitation>, now: Date): Invitation => ({
  ...invitation,
  ...changes,
  version: invitation.version + 1,
  updatedAt: now.toISOString(),
});

/** A new token for seven more days; every earlier one is useless from now on. An expired one comes back to life. */
export function resend(
  invitation: Invitation,
  tokenHash: string,
  by: Inviter,
  clocks: Clocks,
): Change {
  requireGrant(by, invitation.to.roles);
  requirePending(invitation);
  const generation = invitation.generation + 1;
  return {
    next: changed(invitation, { ...sentBy(by, clocks), generation, tokenHash }, clocks.now),
    event: eventOf("invitation.resent", by, clocks.now, { generation }),
  };
}

/** @throws DomainError role-not-grantable | invitation-accepted | invitation-revoked | invitation-expired */
export function revoke(invitation: Invitation, by: Inviter, { now, wallNow }: Clocks): Change {
  requireTake(by, invitation.to.roles);
  requirePending(invitation);
  if (isExpired(invitation, wallNow)) raise("invitation-expired");
  return {
    next: changed(invitation, { status: "revoked" }, now),
    event: eventOf("invitation.revoked", by, now, {}),
  };
}

/** Takes the address out of it; one that nobody has answered opens nothing any more. */
export function eraseAddress(invitation: Invitation, by: Actor | ActorRef, now: Date): Change {
  const { invitationId, status } = invitation;
  const erased = {
    email: erasedAddress(invitationId),
    status: status === "pending" ? ("revoked" as const) : status,
    erasedAt: now.toISOString(),
  };
  return {
    next: changed(invitation, erased, now),
    event: eventOf("invitation.erased", by, now, {}),
  };
}

/**
 * @param acceptance.email the mailbox that was proven
 * @param acceptance.inviter who sent it, as their membership says now; undefined once it has ended
 * @throws DomainError invitation-not-found of another address | invitation-accepted |
 *   invitation-revoked | invitation-expired | invitation-void
 */
export function accept(
  invitation: Invitation,
  acceptance: {
    readonly email: EmailAddress;
    readonly inviter: Actor | undefined;
    readonly personId: PersonId;
    readonly membershipId: MembershipId;
    readonly by: ActorRef;
  },
  { now, wallNow }: Clocks,
): Change {
  const { email, inviter, personId, membershipId, by } = acceptance;
  if (invitation.email !== email) raise("invitation-not-found");
  requirePending(invitation);
  if (isExpired(invitation, wallNow)) raise("invitation-expired");
  if (!inviter || !mayStillGrant(inviter, invitation)) raise("invitation-void");
  return {
    next: changed(invitation, { status: "accepted", personId, membershipId }, now),
    event: eventOf("invitation.accepted", by, now, { membershipId }),
  };
}

function mayStillGrant(inviter: Actor, invitation: Invitation): boolean {
  if (!isVisibleTo(inviter, invitation)) return false;
  try {
    requireGrant(inviter, invitation.to.roles);
    return true;
  } catch {
    return false;
  }
}
