import {
  type Actor,
  type ActorRef,
  type ActorWith,
  type MemberRole,
  type PartnerRole,
  requireGrant,
  requireTake,
} from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { MemberId, PartnerId, PartnerUserId, PersonId } from "../id/index.ts";
import { ERASED_NAME, erasedAddress } from "../person/index.ts";
import type {
  AddMember,
  AddPartnerUser,
  Member,
  PartnerUser,
  UpdateMember,
  UpdatePartnerUser,
} from "./schema.ts";

/** Events name no address and no name: the audit trail outlives the person's data. */
export type MemberEvent =
  | DomainEvent<"member.added", { personId: PersonId; roles: readonly MemberRole[] }>
  | DomainEvent<"member.changed", { before: readonly MemberRole[]; roles: readonly MemberRole[] }>
  | DomainEvent<"member.logged-out", Record<never, never>>
  | DomainEvent<"member.ended", Record<never, never>>
  | DomainEvent<"member.erased", Record<never, never>>;

export type PartnerUserEvent =
  | DomainEvent<
      "partner-user.added",
      { personId: PersonId; partnerId: PartnerId; roles: readonly PartnerRole[] }
    >
  | DomainEvent<
      "partner-user.changed",
      { before: readonly PartnerRole[]; roles: readonly PartnerRole[] }
    >
  | DomainEvent<"partner-user.logged-out", Record<never, never>>
  | DomainEvent<"partner-user.ended", Record<never, never>>
  | DomainEvent<"partner-user.erased", Record<never, never>>;

type Role = MemberRole | PartnerRole;

/** Nobody changes their own rights: it is also what keeps the last owner in place. */
function requireAnother(by: Actor, id: MemberId | PartnerUserId): void {
  const own = by.kind === "member" ? by.memberId : by.kind === "partner-user" && by.partnerUserId;
  if (own === id) raise("member-is-yourself");
}

/** @throws DomainError member-is-yourself | moderator-needs-two | role-not-grantable */
function requireChange(
  by: Actor,
  id: MemberId | PartnerUserId,
  { before, after }: { readonly before: readonly Role[]; readonly after: readonly Role[] },
): void {
  const given = after.filter((role) => !before.includes(role));
  const taken = before.filter((role) => !after.includes(role));
  if (given.length + taken.length === 0) return;
  requireAnother(by, id);
  requireGrant(by, given);
  requireTake(by, taken);
}

/** The right to do so is whose who invites, or the system's. */
export function addMember(
  ids: { readonly memberId: MemberId; readonly personId: PersonId },
  { email, displayName, roles }: Omit<AddMember, "initialPassword">,
  by: Actor | ActorRef,
  now: Date,
): { next: Member; event: MemberEvent } {
  const at = now.toISOString();
  return {
    next: {
      ...ids,
      displayName,
      email,
      roles,
      duties: [],
      status: "active",
      version: 1,
      createdAt: at,
      updatedAt: at,
    },
    event: eventOf("member.added", by, now, { personId: ids.personId, roles }),
  };
}

/** Whoever has left has no duty. */
const ENDED = { status: "ended", duties: [] } satisfies Partial<Member & PartnerUser>;

/** The next version of somebody. */
const nextOf = <T extends Member | PartnerUser>(row: T, changes: Partial<T>, now: Date): T => ({
  ...row,
  ...changes,
  version: row.version + 1,
  updatedAt: now.toISOString(),
});

export function changeMember(
  member: Member,
  changes: UpdateMember,
  by: ActorWith<"member:update">,
  now: Date,
): { next: Member; event: MemberEvent } {
  const roles = changes.roles ?? member.roles;
  requireChange(by, member.memberId, { before: member.roles, after: roles });
  if (member.status === "ended") raise("member-ended");
  return {
    next: nextOf(member, { displayName: changes.displayName ?? member.displayName, roles }, now),
    event: eventOf("member.changed", by, now, { before: member.roles, roles }),
  };
}

export function endMember(
  member: Member,
  by: ActorWith<"member:update">,
  now: Date,
): { next: Member; event: MemberEvent } {
  requireAnother(by, member.memberId);
  requireTake(by, member.roles);
  if (member.status === "ended") raise("member-ended");
  return {
    next: nextOf(member, ENDED, now),
    event: eventOf("member.ended", by, now, {}),
  };
}

export function addPartnerUser(
  ids: {
    readonly partnerUserId: PartnerUserId;
    readonly personId: PersonId;
    readonly partnerId: PartnerId;
  },
  { email, displayName, roles }: Omit<AddPartnerUser, "initialPassword">,
  by: Actor | ActorRef,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } {
  const at = now.toISOString();
  return {
    next: {
      ...ids,
      displayName,
      email,
      roles,
      duties: [],
      status: "active",
      version: 1,
      createdAt: at,
      updatedAt: at,
    },
    event: eventOf("partner-user.added", by, now, {
      personId: ids.personId,
      partnerId: ids.partnerId,
      roles,
    }),
  };
}

export function changePartnerUser(
  user: PartnerUser,
  changes: UpdatePartnerUser,
  by: ActorWith<"partner-user:update">,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } {
  if (user.status === "ended") raise("partner-user-ended");
  const roles = changes.roles ?? user.roles;
  requireChange(by, user.partnerUserId, { before: user.roles, after: roles });
  return {
    next: nextOf(user, { displayName: changes.displayName ?? user.displayName, roles }, now),
    event: eventOf("partner-user.changed", by, now, { before: user.roles, roles }),
  };
}

export function endPartnerUser(
  user: PartnerUser,
  by: ActorWith<"partner-user:update">,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } {
  requireAnother(by, user.partnerUserId);
  requireTake(by, user.roles);
  if (user.status === "ended") raise("partner-user-ended");
  return {
    next: nextOf(user, ENDED, now),
    event: eventOf("partner-user.ended", by, now, {}),
  };
}

/** An administrator erases somebody of the tenant; oneself one erases as a person. */
export function requireErasure(by: ActorWith<"member:erase">, row: Member | PartnerUser): void {
  requireAnother(by, "memberId" in row ? row.memberId : row.partnerUserId);
  requireTake(by, row.roles);
}

const withoutPerson = (id: MemberId | PartnerUserId, version: number, now: Date) => ({
  displayName: ERASED_NAME,
  email: erasedAddress(id),
  status: "ended" as const,
  duties: [],
  version: version + 1,
  updatedAt: now.toISOString(),
  erasedAt: now.toISOString(),
});

/** Ends the membership, where it had not, and takes name and address out of it. What they did stays. */
export const eraseMember = (
  member: Member,
  by: Actor | ActorRef,
  now: Date,
): { next: Member; event: MemberEvent } => ({
  next: { ...member, ...withoutPerson(member.memberId, member.version, now) },
  event: eventOf("member.erased", by, now, {}),
});

export const erasePartnerUser = (
  user: PartnerUser,
  by: Actor | ActorRef,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } => ({
  next: { ...user, ...withoutPerson(user.partnerUserId, user.version, now) },
  event: eventOf("partner-user.erased", by, now, {}),
});

/** An administrator ends every login session of the membership; it stays as it is otherwise. */
export function logOutMember(
  member: Member,
  by: ActorWith<"member:log-out">,
  now: Date,
): { next: Member; event: MemberEvent } {
  return {
    next: { ...member, version: member.version + 1, updatedAt: now.toISOString() },
    event: eventOf("member.logged-out", by, now, {}),
  };
}

export function logOutPartnerUser(
  user: PartnerUser,
  by: ActorWith<"partner-user:log-out">,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } {
  return {
    next: { ...user, version: user.version + 1, updatedAt: now.toISOString() },
    event: eventOf("partner-user.logged-out", by, now, {}),
  };
}
