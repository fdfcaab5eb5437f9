import { raise } from "../error/index.ts";
import type { Actor, MemberRole, PartnerRole } from "./actor.ts";

type Role = MemberRole | PartnerRole;

const staff = [
  "program-manager",
  "partner-manager",
  "executive-sponsor",
  "data-steward",
  "viewer",
] as const;
const atPartner = ["partner-exec", "partner-user"] as const;

/**
 * The order of roles: what a role holds is itself and the roles that can do nothing that it cannot.
 * Whoever may give people roles at all gives those that they hold and no others. No role holds
 * `moderator` but itself: it is given by two people together.
 */
export const heldBy: Readonly<Record<Role, readonly Role[]>> = {
  owner: ["owner", "admin", ...staff, ...atPartner],
  admin: ["admin", ...staff, ...atPartner],
  "program-manager": ["program-manager", "partner-manager", "viewer", ...atPartner],
  "partner-manager": ["partner-manager", "viewer", ...atPartner],
  "executive-sponsor": ["executive-sponsor", "viewer"],
  "data-steward": ["data-steward", "viewer"],
  moderator: ["moderator", "viewer"],
  viewer: ["viewer"],
  "partner-exec": atPartner,
  "partner-user": ["partner-user"],
};

/** Whether the actor holds the role, by one of their own. The system holds every role, an API key none. */
export function holdsRole(actor: Actor, role: Role): boolean {
  if (actor.kind === "system") return true;
  if (actor.kind === "api-key") return false;
  return actor.roles.some((own) => heldBy[own].includes(role));
}

/** @throws DomainError moderator-needs-two | role-not-grantable */
export function requireGrant(by: Actor, roles: readonly Role[]): void {
  if (by.kind === "system") return;
  if (roles.includes("moderator")) raise("moderator-needs-two");
  refuseUnheld(by, roles);
}

/** Taking `moderator` away needs one person who could propose it. @throws DomainError role-not-grantable */
export function requireTake(by: Actor, roles: readonly Role[]): void {
  refuseUnheld(
    by,
    roles.filter((role) => role !== "moderator" || !holdsRole(by, "admin")),
  );
}

function refuseUnheld(by: Actor, roles: readonly Role[]): void {
  const refused = roles.find((role) => !holdsRole(by, role));
  if (refused) raise("role-not-grantable", `You may not grant or take away the role ${refused}`);
}
