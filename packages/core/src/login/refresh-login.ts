import { raise } from "../error/index.ts";
import type { TenantId } from "../id/index.ts";
import { isTokenOf, tokenHash } from "../one-time-token/index.ts";
import { securityEvent } from "../security-event/index.ts";
import { mayGoOn } from "../single-sign-on/index.ts";
import { isHeldBy, type LoginContext, tokensOf } from "./enter.ts";
import { decideRefresh, isOpen, owesSecondFactor } from "./login-session.ts";
import { parseRefreshToken, type RefreshToken, refreshTokenText } from "./refresh-token.ts";
import type { Holder, LoginSession, SessionFactor, TokenAnswer } from "./schema.ts";

type RefreshContext = Pick<
  LoginContext,
  "issueToken" | "openTenant" | "securityEvents" | "tenants" | "tokenSecret" | "wallNow"
>;

/** A twin may come first once; what it left is decided on anew. */
const ATTEMPTS = 4;

/**
 * Exchanges a refresh token for a new pair. Of those who show the same token at once one rotates, by
 * a conditional write, and all get the same successor; a token from before ends the whole family.
 * @throws DomainError refresh-token-invalid
 */
export async function refreshLogin(ctx: RefreshContext, text: string): Promise<TokenAnswer> {
  const token = parseRefreshToken(ctx.tokenSecret, text) ?? raise("refresh-token-invalid");
  const { tenantId, membershipId, sessionId } = token;
  const { loginSessions, singleSignOn } = ctx.openTenant(tenantId);
  const successorOf = (one: RefreshToken) =>
    refreshTokenText(ctx.tokenSecret, { ...one, generation: one.generation + 1 });

  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { holder, session } = await loginSessions.find(membershipId, sessionId);
    if (!session || !isOpen(session, ctx.wallNow)) raise("refresh-token-invalid");
    if (!holder || !isHeldBy(holder, session.personId)) raise("refresh-token-invalid");
    if (!mayGoOn(await singleSignOn.get(), holder, session.method)) {
      await loginSessions.end(membershipId, sessionId);
      raise("refresh-token-invalid");
    }
    const decision = decideRefresh(session, token.generation, ctx.wallNow);
    const successor = successorOf(token);
    switch (decision.kind) {
      case "repeat":
        return tokensOf(ctx, tenantId, holder, session, successor);
      case "replayed":
        // Who showed a good token and was overtaken while waiting is late, not a thief.
        if (attempt === 0) {
          await loginSessions.end(membershipId, sessionId);
          const where = { ...session, tenantId };
          const event = securityEvent("refresh-token-reused", where, ctx.wallNow, sessionId);
          await ctx.securityEvents.add(event);
        }
        raise("refresh-token-invalid");
        break;
      case "rotate": {
        if (!isTokenOf(session.refreshHash, text)) raise("refresh-token-invalid");
        const secondFactor = await factorOf(ctx, tenantId, holder, session);
        const next = { ...decision.next(tokenHash(successor)), secondFactor };
        if (await loginSessions.rotate(next)) {
          return tokensOf(ctx, tenantId, holder, next, successor);
        }
      }
    }
  }
  raise("refresh-token-invalid");
}

/** A tenant that has begun to ask for a second factor, or no longer does, is followed at the next refresh. */
async function factorOf(
  { tenants }: RefreshContext,
  tenantId: TenantId,
  holder: Holder,
  { secondFactor, method }: LoginSession,
): Promise<SessionFactor> {
  if (secondFactor === "shown" || holder.kind !== "member") return secondFactor;
  const [tenant] = await tenants.find([tenantId]);
  if (!tenant) return secondFactor;
  return owesSecondFactor(tenant, holder, method) ? "owed" : "absent";
}

/** Ends the session of a refresh token, whichever of its tokens it is; one that is no token of ours changes nothing. */
export async function logOut(
  ctx: Pick<LoginContext, "openTenant" | "securityEvents" | "tokenSecret" | "wallNow">,
  text: string,
): Promise<void> {
  const token = parseRefreshToken(ctx.tokenSecret, text);
  if (!token) return;
  const { tenantId, membershipId, sessionId } = token;
  const { loginSessions } = ctx.openTenant(tenantId);
  const { session } = await loginSessions.find(membershipId, sessionId);
  await loginSessions.end(membershipId, sessionId);
  if (!session) return;
  const where = { ...session, tenantId };
  await ctx.securityEvents.add(securityEvent("session-ended", where, ctx.wallNow, sessionId));
}
