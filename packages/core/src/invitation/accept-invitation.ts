import type { Actor, ActorRef } from "../actor/index.ts";
import { requireStanding, type SubscriptionStore, withinLimit } from "../edition/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { MemberId, type MintId, PartnerUserId, type PersonId, type TenantId } from "../id/index.ts";
import { firstMember, firstPartnerUser, type MemberStore } from "../member/index.ts";
import { isTokenOf } from "../one-time-token/index.ts";
import {
  type EmailAddress,
  type HashPassword,
  type IsCommonPassword,
  type Membership,
  type NewMembership,
  type Person,
  type PersonRepository,
  requireGoodPassword,
} from "../person/index.ts";
import { accept as decide } from "./invitation.ts";
import { fromMailed } from "./mailed-token.ts";
import type { InvitationStore, Joining } from "./repository.ts";
import type { AcceptInvitation, Invitation } from "./schema.ts";

/** What an acceptance needs; nobody acts yet who could hold a permission. */
export interface AcceptanceContext {
  readonly people: PersonRepository;
  readonly openTenant: (tenantId: TenantId) => InvitationStore & MemberStore & SubscriptionStore;
  readonly hashPassword: HashPassword;
  readonly isCommonPassword: IsCommonPassword;
  readonly mint: MintId;
  readonly now: Date;
  readonly wallNow: Date;
}

/** Who accepts, and what they have proven. */
export interface Invitee {
  /** The mailbox that was proven: by the mailed token, or by the tenant's single sign-on. */
  readonly email: EmailAddress;
  readonly displayName: string;
  /** For who has none yet. */
  readonly password?: string | undefined;
  /** Not where single sign-on lets them in without one. */
  readonly needsPassword: boolean;
}

/**
 * Joins who shows the mailed token: it proves the mailbox, and asks no more of a person whom we know.
 * An unknown invitation, a wrong token and one that a later mail replaced fail alike.
 * @throws DomainError invitation-not-found | and as acceptInvitation
 */
export async function acceptByToken(
  ctx: AcceptanceContext,
  { token, displayName, password }: AcceptInvitation,
): Promise<Membership> {
  const mailed = fromMailed(token) ?? raise("invitation-not-found");
  const { invitations } = ctx.openTenant(mailed.tenantId);
  const invitation = await invitations.get(mailed.invitationId);
  if (!invitation || !isTokenOf(invitation.tokenHash, mailed.token)) raise("invitation-not-found");
  const { email } = invitation;
  return acceptInvitation(ctx, mailed, { email, displayName, password, needsPassword: true });
}

/**
 * Makes the invitee a member, or a person of the partner; of two acceptances at once one succeeds.
 * @throws DomainError invitation-not-found | invitation-accepted | invitation-revoked |
 *   invitation-expired | invitation-void | password-needed | password-unsuitable | member-exists | partner-user-exists |
 *   partner-not-found | address-busy | edition-limit-reached | tenant-suspended | tenant-closed
 */
export async function acceptInvitation(
  ctx: AcceptanceContext,
  at: { readonly tenantId: TenantId; readonly invitationId: Invitation["invitationId"] },
  invitee: Invitee,
): Promise<Membership> {
  const store = ctx.openTenant(at.tenantId);
  const attempt = async (): Promise<Membership> => {
    const invitation = await store.invitations.get(at.invitationId);
    if (!invitation) raise("invitation-not-found");
    return join(ctx, store, at.tenantId, invitation, invitee);
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "version-stale") throw error;
    // Something of it changed meanwhile: the second look names what.
    return attempt();
  }
}

async function join(
  ctx: AcceptanceContext,
  store: InvitationStore & MemberStore & SubscriptionStore,
  tenantId: TenantId,
  invitation: Invitation,
  invitee: Invitee,
): Promise<Membership> {
  requireStanding(await store.subscriptions.state(ctx.now), "write");
  const { to } = invitation;
  const { email } = invitee;
  const known = await ctx.people.findPersonId(invitation.email);
  const personId = known ?? invitation.personId;
  const membershipId = ctx.mint(to.kind === "member" ? MemberId : PartnerUserId);
  const by: ActorRef =
    to.kind === "member"
      ? { kind: "member", memberId: MemberId.parse(membershipId) }
      : {
          kind: "partner-user",
          partnerUserId: PartnerUserId.parse(membershipId),
          partnerId: to.partnerId,
        };
  const inviter = await inviterOf(store, invitation.invitedBy);
  const { next, event } = decide(
    invitation,
    { email, inviter: inviter?.actor, personId, membershipId, by },
    ctx,
  );
  if (!inviter) raise("invitation-void");
  const partnerId = to.kind === "partner-user" ? to.partnerId : null;
  const membership = { personId, membershipId, partnerId };
  const person = await personOf(ctx, { ...invitee, known, personId });
  const entry = entryOf(invitation, { membership, ...person }, invitee.displayName, by, ctx.now);
  await withinLimit({ store }, "members", () =>
    store.invitations.accept(next, event, { entry, inviter }),
  );
  return { ...membership, tenantId };
}

/** The person as they are to be written: made, given their first password, or left alone. */
async function personOf(
  ctx: AcceptanceContext,
  who: Invitee & { readonly known: PersonId | undefined; readonly personId: PersonId },
): Promise<Pick<NewMembership, "newPerson" | "withPassword">> {
  const { email, known, personId, password, needsPassword } = who;
  const { person } = known ? await ctx.people.load(known) : { person: undefined };
  if (person?.passwordHash) return { newPerson: undefined };
  if (needsPassword && password === undefined) {
    raise("password-needed", undefined, [{ pointer: "/password", detail: "is needed" }]);
  }
  if (password !== undefined) {
    await requireGoodPassword(ctx.isCommonPassword, password, { email, names: [who.displayName] });
  }
  const passwordHash = password === undefined ? null : await ctx.hashPassword(password, personId);
  if (person) {
    const changed: Person = { ...person, passwordHash, version: person.version + 1 };
    return { newPerson: undefined, ...(passwordHash === null ? {} : { withPassword: changed }) };
  }
  const createdAt = ctx.now.toISOString();
  return { newPerson: { personId, email, passwordHash, version: 1, createdAt } };
}

/** Who sent it, as their membership says now; undefined once it has ended. */
async function inviterOf(
  { members, partnerUsers }: MemberStore,
  ref: ActorRef,
): Promise<(Joining["inviter"] & { readonly actor: Actor }) | undefined> {
  if (ref.kind === "member") {
    const member = await members.get(ref.memberId);
    if (member?.status !== "active") return undefined;
    const { personId, memberId, roles, version } = member;
    return { id: memberId, version, actor: { kind: "member", personId, memberId, roles } };
  }
  if (ref.kind !== "partner-user") return undefined;
  const user = await partnerUsers.get(ref.partnerUserId);
  if (user?.status !== "active") return undefined;
  const { personId, partnerUserId, partnerId, roles, version } = user;
  const actor = { kind: "partner-user" as const, personId, partnerUserId, partnerId, roles };
  return { id: partnerUserId, version, actor };
}

function entryOf(
  { to, email }: Invitation,
  way: NewMembership,
  displayName: string,
  by: ActorRef,
  now: Date,
): Joining["entry"] {
  const { personId, membershipId } = way.membership;
  if (to.kind === "member") {
    const memberId = MemberId.parse(membershipId);
    const { roles } = to;
    const made = firstMember({ memberId, personId }, { email, displayName, roles }, by, now);
    return { kind: "member", ...way, member: made.next, event: made.event };
  }
  const { partnerId, roles } = to;
  const partnerUserId = PartnerUserId.parse(membershipId);
  const ids = { partnerUserId, personId, partnerId };
  const made = firstPartnerUser(ids, { email, displayName, roles }, by, now);
  return { kind: "partner-user", ...way, partnerUser: made.next, event: made.event };
}
