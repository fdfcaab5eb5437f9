import { raise } from "../error/index.ts";
import { LoginSessionId, type MintId, type TenantId } from "../id/index.ts";
import { tokenHash } from "../one-time-token/index.ts";
import type { HashPassword, Membership, PersonRepository } from "../person/index.ts";
import { hasSecondFactor, type SecondFactorRepository } from "../second-factor/index.ts";
import { type SecurityEventRepository, securityEvent } from "../security-event/index.ts";
import { type SsoStore, wantsSso } from "../single-sign-on/index.ts";
import type { TenantDirectory, TenantEntry } from "../tenant/index.ts";
import { type Challenged, challenge } from "./challenge.ts";
import { describe } from "./login.ts";
import { openLoginSession, owesSecondFactor, provesPerson } from "./login-session.ts";
import { refreshTokenText } from "./refresh-token.ts";
import type { LoginChallengeRepository, LoginSessionStore } from "./repository.ts";
import {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type Holder,
  type LoginAnswer,
  type LoginChoice,
  type LoginMethod,
  type LoginSession,
  type TokenAnswer,
} from "./schema.ts";

/** What a log-in needs beyond any tenant. */
export interface LoginContext {
  readonly people: PersonRepository;
  readonly tenants: TenantDirectory;
  readonly openTenant: (tenantId: TenantId) => LoginSessionStore & SsoStore;
  readonly secondFactors: SecondFactorRepository;
  readonly loginChallenges: LoginChallengeRepository;
  readonly securityEvents: SecurityEventRepository;
  readonly hashPassword: HashPassword;
  readonly issueToken: (claims: AccessClaims) => Promise<string>;
  /** Refresh tokens are derived from it; at least 32 bytes, never in the table. */
  readonly tokenSecret: Uint8Array;
  /** The wall clock. */
  readonly wallNow: Date;
  readonly mint: MintId;
  /** 256 new random bits as base64url. */
  readonly newSecret: () => string;
}

export type Entered = { readonly kind: "logged-in"; readonly answer: LoginAnswer } | Challenged;

export type LoginOutcome =
  | Entered
  | {
      readonly kind: "choice-needed";
      readonly choices: readonly LoginChoice[];
      /** Whether a second factor will be asked for, so that nothing is proven yet. */
      readonly owesProof: boolean;
    };

/** How somebody came in, and what the new session remembers of it. */
export interface Entry {
  readonly method: LoginMethod;
  /** As `describeClient` tells. */
  readonly client: string;
  /** Epoch seconds: a session that follows another ends no later. */
  readonly endsAt?: number;
  /** Whether the person has shown their second factor, here or for the session that this one follows. */
  readonly hasShownFactor?: boolean;
  /** The password that the person sets with this log-in, once all of it is proven. */
  readonly passwordHash?: string;
  /** The person as the proof was held against; a password that was set since makes it worthless. */
  readonly personVersion?: number | undefined;
}

/** Which of a person's memberships they ask for; both may be left out. */
export interface Wanted {
  readonly tenantId?: Membership["tenantId"] | undefined;
  readonly membershipId?: Membership["membershipId"] | undefined;
}

/**
 * Lets a person who has proved who they are into the one membership they want, or names those to
 * choose from.
 * @throws DomainError login-failed where none of them is wanted
 */
export async function enterOne(
  ctx: LoginContext,
  memberships: readonly Membership[],
  wanted: Wanted,
  entry: Entry,
): Promise<LoginOutcome> {
  const found = memberships.filter(
    ({ tenantId, membershipId }) =>
      (wanted.tenantId ?? tenantId) === tenantId &&
      (wanted.membershipId ?? membershipId) === membershipId,
  );
  if (found.length === 0) raise("login-failed");
  const tenantOf = await tenantsOf(ctx, found);
  const [only, ...others] = found;
  if (only && others.length === 0) {
    const tenant = tenantOf.get(only.tenantId) ?? raise("login-failed");
    return enter(ctx, only, tenant, entry);
  }
  const factor = only && (await ctx.secondFactors.get(only.personId));
  return {
    kind: "choice-needed",
    choices: found.map((one) => choiceOf(one, tenantOf)),
    owesProof: hasSecondFactor(factor),
  };
}

export async function tenantsOf(
  { tenants }: Pick<LoginContext, "tenants">,
  memberships: readonly Membership[],
): Promise<ReadonlyMap<TenantId, TenantEntry>> {
  const ids = [...new Set(memberships.map(({ tenantId }) => tenantId))];
  const entries = ids.length > 0 ? await tenants.find(ids) : [];
  return new Map(entries.map((entry) => [entry.tenantId, entry]));
}

export const choiceOf = (
  { tenantId, membershipId, partnerId }: Membership,
  tenantOf: ReadonlyMap<TenantId, TenantEntry>,
): LoginChoice => ({
  tenantId,
  tenantName: tenantOf.get(tenantId)?.name ?? "",
  membershipId,
  partnerId,
});

/**
 * Opens a login session of a membership, or asks for the person's second factor first. Every way to
 * log in ends here: what forbids a way in, such as a tenant that asks for single sign-on, is refused
 * here for all of them. A tenant's own provider asks for whatever it wants; nothing is added to it.
 * @throws DomainError login-failed where the membership has ended, or a password was set meanwhile |
 *   sso-required
 */
export async function enter(
  ctx: LoginContext,
  membership: Membership,
  tenant: TenantEntry,
  entry: Entry,
): Promise<Entered> {
  const { tenantId, membershipId, personId } = membership;
  const { method, client, endsAt, personVersion, hasShownFactor = false } = entry;
  const { loginSessions, singleSignOn } = ctx.openTenant(tenantId);
  const sessionId = ctx.mint(LoginSessionId);
  const { holder } = await loginSessions.find(membershipId, sessionId);
  if (!holder || !isHeldBy(holder, personId)) raise("login-failed");
  if (wantsSso(await singleSignOn.get(), holder, method)) {
    raise("sso-required", `Begin at /v1/login/sso/start?tenant=${tenantId}`);
  }
  if (provesPerson({ method }) && !hasShownFactor) {
    const factor = await ctx.secondFactors.get(personId);
    if (hasSecondFactor(factor)) return challenge(ctx, membership, entry);
  }
  const refreshToken = refreshTokenText(ctx.tokenSecret, {
    tenantId,
    membershipId,
    sessionId,
    generation: 0,
  });
  const refreshHash = tokenHash(refreshToken);
  const who = { sessionId, membershipId, personId, method, client, refreshHash };
  const owes = owesSecondFactor(tenant, holder, method) ? "owed" : "absent";
  const secondFactor = hasShownFactor ? "shown" : owes;
  const session = openLoginSession({ ...who, secondFactor }, ctx.wallNow, endsAt);
  if (personVersion === undefined) await loginSessions.create(session);
  else if (!(await loginSessions.createWhile(session, personVersion))) raise("login-failed");
  const kind = endsAt === undefined ? "logged-in" : "membership-switched";
  const where = { personId, client, tenantId, membershipId };
  await ctx.securityEvents.add(securityEvent(kind, where, ctx.wallNow, sessionId));
  const answer = {
    ...(await tokensOf(ctx, tenantId, holder, session, refreshToken)),
    tenant: { tenantId, name: tenant.name },
    actor: describe(holder),
    owesSecondFactor: secondFactor === "owed",
  };
  return { kind: "logged-in", answer };
}

export const rowOf = (holder: Holder) =>
  holder.kind === "member" ? holder.member : holder.partnerUser;

export const isHeldBy = (holder: Holder, personId: LoginSession["personId"]): boolean =>
  rowOf(holder).status === "active" && rowOf(holder).personId === personId;

/** A new access token of a session, and its refresh token. */
export async function tokensOf(
  ctx: Pick<LoginContext, "issueToken" | "wallNow">,
  tenantId: TenantId,
  holder: Holder,
  session: LoginSession,
  refreshToken: string,
): Promise<TokenAnswer> {
  const accessToken = await ctx.issueToken({
    sub: session.personId,
    tid: tenantId,
    sid: session.sessionId,
    mid: session.membershipId,
    mv: rowOf(holder).version,
  });
  return {
    accessToken,
    tokenType: "Bearer",
    expiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken,
    refreshExpiresIn: session.expiresAt - Math.floor(ctx.wallNow.getTime() / 1000),
  };
}
