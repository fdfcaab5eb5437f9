import { type Actor, type ActorWith, requirePermission } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import type { LoginSessionId, PersonId } from "../id/index.ts";
import type { Membership } from "../person/index.ts";
import { securityEvent } from "../security-event/index.ts";
import { choiceOf, type LoginContext, tenantsOf } from "./enter.ts";
import { isOpen, provesPerson } from "./login-session.ts";
import type { LoginChoice, LoginSession, LoginSessionView } from "./schema.ts";

/** A person who acts over their own memberships, with the session they act in. */
export interface OwnContext
  extends Pick<LoginContext, "people" | "tenants" | "openTenant" | "securityEvents" | "wallNow"> {
  readonly actor: Actor;
  readonly session: LoginSession;
}

/** Those that the session of this person reaches: a tenant's own provider proves its tenant alone. */
export async function reachedBy(
  { people, session }: Pick<OwnContext, "people" | "session">,
  by: ActorWith<"me:read">,
): Promise<readonly Membership[]> {
  const { memberships } = await people.load(by.personId);
  return reachableIn(session, memberships);
}

export const reachableIn = (
  session: LoginSession,
  memberships: readonly Membership[],
): readonly Membership[] =>
  provesPerson(session)
    ? memberships
    : memberships.filter(({ membershipId }) => membershipId === session.membershipId);

/** @throws DomainError permission-denied */
export async function listOwnMemberships(
  ctx: OwnContext,
): Promise<readonly (LoginChoice & { readonly isCurrent: boolean })[]> {
  const by = requirePermission(ctx.actor, "me:read");
  const memberships = await reachedBy(ctx, by);
  const tenantOf = await tenantsOf(ctx, memberships);
  return memberships.map((one) => ({
    ...choiceOf(one, tenantOf),
    isCurrent: one.membershipId === ctx.session.membershipId,
  }));
}

interface Located {
  readonly membership: Membership;
  readonly session: LoginSession;
}

async function openSessions(ctx: OwnContext, by: ActorWith<"me:read">): Promise<Located[]> {
  const memberships = await reachedBy(ctx, by);
  const perMembership = await Promise.all(
    memberships.map(async (membership) => {
      const { loginSessions } = ctx.openTenant(membership.tenantId);
      const sessions = await loginSessions.listOf(membership.membershipId);
      return sessions.map((session) => ({ membership, session }));
    }),
  );
  return perMembership.flat().filter(({ session }) => isOpen(session, ctx.wallNow));
}

/** Where and how the person is logged in, the last used first. @throws DomainError permission-denied */
export async function listOwnLoginSessions(ctx: OwnContext): Promise<readonly LoginSessionView[]> {
  const by = requirePermission(ctx.actor, "me:read");
  const found = await openSessions(ctx, by);
  const tenantOf = await tenantsOf(
    ctx,
    found.map(({ membership }) => membership),
  );
  return found
    .map(({ membership, session }) => ({
      ...choiceOf(membership, tenantOf),
      sessionId: session.sessionId,
      method: session.method,
      client: session.client,
      createdAt: session.createdAt,
      lastUsedAt: session.lastUsedAt,
      expiresAt: new Date(session.expiresAt * 1000).toISOString(),
      isCurrent: session.sessionId === ctx.session.sessionId,
    }))
    .sort((a, b) => (`${b.lastUsedAt}${b.sessionId}` < `${a.lastUsedAt}${a.sessionId}` ? -1 : 1));
}

/** @throws DomainError permission-denied | login-session-not-found */
export async function endOwnLoginSession(
  ctx: OwnContext,
  sessionId: LoginSessionId,
): Promise<void> {
  const by = requirePermission(ctx.actor, "login-session:end");
  const found =
    (await openSessions(ctx, by)).find(({ session }) => session.sessionId === sessionId) ??
    raise("login-session-not-found");
  const { tenantId, membershipId } = found.membership;
  const where = { ...found.session, tenantId };
  // Told first: whoever ended it, and was cut off, cannot ask for it again.
  await ctx.securityEvents.add(securityEvent("session-ended", where, ctx.wallNow, sessionId));
  await ctx.openTenant(tenantId).loginSessions.end(membershipId, sessionId);
}

/** The one that asks too. @throws DomainError permission-denied */
export async function endOwnLoginSessions(ctx: OwnContext): Promise<void> {
  const by = requirePermission(ctx.actor, "login-session:end");
  const reached = await reachedBy(ctx, by);
  // Told first: whoever ended them all, and was cut off, cannot ask for it again.
  await ctx.securityEvents.add(securityEvent("all-sessions-ended", ctx.session, ctx.wallNow));
  await endEverySession(ctx, reached);
}

/** The one that asks last, so that whoever is cut off can ask again. @param memberships of the person */
export async function endEverySession(
  ctx: Pick<OwnContext, "openTenant" | "session">,
  memberships: readonly Membership[],
): Promise<void> {
  await endOtherSessions(ctx, memberships);
  const { membershipId, sessionId } = ctx.session;
  const here = memberships.find((one) => one.membershipId === membershipId);
  if (here) await ctx.openTenant(here.tenantId).loginSessions.end(membershipId, sessionId);
}

/**
 * Ends every login session of a person, in every tenant: they act on no request from here on. For
 * whatever makes the proof they logged in with worthless, such as a new password.
 */
export async function endSessionsOf(
  ctx: Pick<LoginContext, "people" | "openTenant">,
  personId: PersonId,
): Promise<void> {
  const { memberships } = await ctx.people.load(personId);
  for (const { tenantId, membershipId } of memberships) {
    await ctx.openTenant(tenantId).loginSessions.endAllOf(membershipId);
  }
}

/**
 * Ends sessions around a write that makes what they were opened with worthless. Before it too: whoever is cut off in
 * between has used up what they asked with, and cannot ask again.
 */
export async function endingSessions<T>(
  end: () => Promise<void>,
  write: () => Promise<T>,
): Promise<T> {
  await end();
  const written = await write();
  // Those that were opened with it meanwhile.
  await end();
  return written;
}

/** All but the one that asks. @param memberships of the person */
export async function endOtherSessions(
  { openTenant, session }: Pick<OwnContext, "openTenant" | "session">,
  memberships: readonly Membership[],
): Promise<void> {
  for (const { tenantId, membershipId } of memberships) {
    const { loginSessions } = openTenant(tenantId);
    for (const { sessionId } of await loginSessions.listOf(membershipId)) {
      if (sessionId !== session.sessionId) await loginSessions.end(membershipId, sessionId);
    }
  }
}
