import { requirePermission } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import {
  type IsCommonPassword,
  isPasswordOf,
  type Person,
  requireGoodPassword,
} from "../person/index.ts";
import { securityEvent } from "../security-event/index.ts";
import type { LoginContext } from "./enter.ts";
import { provesPerson } from "./login-session.ts";
import { endingSessions, endOtherSessions, type OwnContext } from "./own-login-sessions.ts";
import type { ChangePassword, LoginSession } from "./schema.ts";

export interface PasswordContext extends OwnContext, Pick<LoginContext, "hashPassword"> {
  readonly isCommonPassword: IsCommonPassword;
}

/** A link is proof of the mailbox for as long as the link itself was good. */
const FRESH_MILLISECONDS = 15 * 60_000;

/**
 * Sets the person's password and ends all their other login sessions, in every tenant. Asks for the
 * current one, unless the session was just opened by an e-mailed link.
 * @throws DomainError permission-denied | login-proves-one-tenant | password-wrong |
 *   password-unsuitable | version-stale
 */
export async function changePassword(ctx: PasswordContext, input: ChangePassword): Promise<void> {
  const { personId } = requirePermission(ctx.actor, "me:read");
  if (!provesPerson(ctx.session)) raise("login-proves-one-tenant");
  const { person, memberships } = await ctx.people.load(personId);
  if (!person) raise("unauthenticated");
  await requirePassword(ctx, person, input.currentPassword);
  const tenants = await ctx.tenants.find([...new Set(memberships.map((one) => one.tenantId))]);
  const names = tenants.map(({ name }) => name);
  await requireGoodPassword(ctx.isCommonPassword, input.newPassword, {
    email: person.email,
    names,
  });
  const passwordHash = await ctx.hashPassword(input.newPassword, personId);
  const event = securityEvent("password-changed", ctx.session, ctx.wallNow);
  await endingSessions(
    () => endOtherSessions(ctx, memberships),
    () => ctx.people.save({ ...person, passwordHash, version: person.version + 1 }, event),
  );
}

/**
 * That it is the person who asks, and not whoever found their session.
 * @throws DomainError password-wrong
 */
export async function requirePassword(
  ctx: Pick<PasswordContext, "hashPassword" | "session" | "wallNow">,
  person: Person,
  currentPassword: string | undefined,
): Promise<void> {
  if (isFreshLink(ctx.session, ctx.wallNow)) return;
  if (currentPassword === undefined) raise("password-wrong");
  const given = await ctx.hashPassword(currentPassword, person.personId);
  if (!isPasswordOf(person, given)) raise("password-wrong");
}

const isFreshLink = ({ method, createdAt }: LoginSession, wallNow: Date): boolean =>
  method === "link" && wallNow.getTime() - Date.parse(createdAt) < FRESH_MILLISECONDS;
