import type { ActorWith, MemberRole, PartnerRole } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { MemberId, PartnerId, PartnerUserId, PersonId } from "../id/index.ts";
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
  | DomainEvent<"member.ended", Record<never, never>>;

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
  | DomainEvent<"partner-user.ended", Record<never, never>>;

/** Who must hold one of these to grant or to take away the role; others need the permission alone. */
const guardedRoles: Partial<Record<MemberRole, readonly MemberRole[]>> = {
  owner: ["owner"],
  admin: ["owner", "admin"],
};

type Administrator = ActorWith<"member:create"> | ActorWith<"member:update">;

/** @throws DomainError role-not-grantable */
function mayTouch(by: Administrator, roles: readonly MemberRole[]): void {
  if (by.kind === "system") return;
  const refused = roles.find((role) => {
    const granters = guardedRoles[role];
    return granters && !by.roles.some((own) => granters.includes(own));
  });
  if (refused) raise("role-not-grantable", `You may not grant or take away the role ${refused}`);
}

/** Nobody changes their own rights: it is also what keeps the last owner in place. */
function isNotOneself(by: ActorWith<"member:update">, memberId: MemberId): void {
  if (by.memberId === memberId) raise("member-is-yourself");
}

export function addMember(
  ids: { readonly memberId: MemberId; readonly personId: PersonId },
  { email, displayName, roles }: Omit<AddMember, "initialPassword">,
  by: ActorWith<"member:create">,
  now: Date,
): { next: Member; event: MemberEvent } {
  mayTouch(by, roles);
  const at = now.toISOString();
  return {
    next: {
      ...ids,
      displayName,
      email,
      roles,
      status: "active",
      version: 1,
      createdAt: at,
      updatedAt: at,
    },
    event: eventOf("member.added", by, now, { personId: ids.personId, roles }),
  };
}

export function changeMember(
  member: Member,
  changes: UpdateMember,
  by: ActorWith<"member:update">,
  now: Date,
): { next: Member; event: MemberEvent } {
  const roles = changes.roles ?? member.roles;
  const changed = [...new Set(roles).symmetricDifference(new Set(member.roles))];
  if (changed.length > 0) {
    isNotOneself(by, member.memberId);
    mayTouch(by, changed);
  }
  if (member.status === "ended") raise("member-ended");
  return {
    next: {
      ...member,
      displayName: changes.displayName ?? member.displayName,
      roles,
      version: member.version + 1,
      updatedAt: now.toISOString(),
    },
    event: eventOf("member.changed", by, now, { before: member.roles, roles }),
  };
}

export function endMember(
  member: Member,
  by: ActorWith<"member:update">,
  now: Date,
): { next: Member; event: MemberEvent } {
  isNotOneself(by, member.memberId);
  mayTouch(by, member.roles);
  if (member.status === "ended") raise("member-ended");
  return {
    next: {
      ...member,
      status: "ended",
      version: member.version + 1,
      updatedAt: now.toISOString(),
    },
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
  by: ActorWith<"partner-user:create">,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } {
  const at = now.toISOString();
  return {
    next: {
      ...ids,
      displayName,
      email,
      roles,
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
  return {
    next: {
      ...user,
      displayName: changes.displayName ?? user.displayName,
      roles,
      version: user.version + 1,
      updatedAt: now.toISOString(),
    },
    event: eventOf("partner-user.changed", by, now, { before: user.roles, roles }),
  };
}

export function endPartnerUser(
  user: PartnerUser,
  by: ActorWith<"partner-user:update">,
  now: Date,
): { next: PartnerUser; event: PartnerUserEvent } {
  if (user.status === "ended") raise("partner-user-ended");
  return {
    next: { ...user, status: "ended", version: user.version + 1, updatedAt: now.toISOString() },
    event: eventOf("partner-user.ended", by, now, {}),
  };
}

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
