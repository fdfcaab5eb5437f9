import { timingSafeEqual } from "node:crypto";
import { raise } from "../error/index.ts";
import { deriveId, LoginSessionId, type MintId, PersonId, type TenantId } from "../id/index.ts";
import type { HashPassword, Membership, PersonRepository } from "../person/index.ts";
import { type SsoStore, wantsSso } from "../single-sign-on/index.ts";
import type { TenantDirectory, TenantEntry } from "../tenant/index.ts";
import { describe } from "./login.ts";
import type { LoginSessionStore } from "./repository.ts";
import {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type LoginAnswer,
  type LoginChoice,
  type LoginRequest,
} from "./schema.ts";

/** What a log-in needs beyond any tenant. */
export interface LoginContext {
  readonly people: PersonRepository;
  readonly tenants: TenantDirectory;
  readonly openTenant: (tenantId: TenantId) => LoginSessionStore & SsoStore;
  readonly hashPassword: HashPassword;
  readonly issueToken: (claims: AccessClaims) => Promise<string>;
  /** The wall clock. */
  readonly wallNow: Date;
  readonly mint: MintId;
}

export type LoginOutcome =
  | { readonly kind: "logged-in"; readonly answer: LoginAnswer }
  | { readonly kind: "choice-needed"; readonly choices: readonly LoginChoice[] };

/**
 * An unknown address costs the same requests and the same hash as a wrong password and fails alike;
 * memberships are told only to who has the person's password.
 * @throws DomainError login-failed
 */
export async function logIn(ctx: LoginContext, input: LoginRequest): Promise<LoginOutcome> {
  const opened = await openedBy(ctx, input);
  const wanted = opened.filter(
    ({ tenantId, membershipId }) =>
      (input.tenantId ?? tenantId) === tenantId &&
      (input.membershipId ?? membershipId) === membershipId,
  );
  if (wanted.length === 0) raise("login-failed");
  const entries = await ctx.tenants.find([...new Set(wanted.map(({ tenantId }) => tenantId))]);
  const tenantOf = new Map(entries.map((entry) => [entry.tenantId, entry]));
  const [only, ...others] = wanted;
  if (only && others.length === 0) {
    return {
      kind: "logged-in",
      answer: await enter(
        ctx,
        only,
        tenantOf.get(only.tenantId) ?? raise("login-failed"),
        "password",
      ),
    };
  }
  const choices = wanted.map(({ tenantId, membershipId, partnerId }) => ({
    tenantId,
    tenantName: tenantOf.get(tenantId)?.name ?? "",
    membershipId,
    partnerId,
  }));
  return { kind: "choice-needed", choices };
}

async function openedBy(
  ctx: LoginContext,
  { email, password }: LoginRequest,
): Promise<readonly Membership[]> {
  const known = await ctx.people.findPersonId(email);
  const personId = known ?? deriveId(PersonId, "nobody", email);
  const { person, memberships } = await ctx.people.load(personId);
  const given = Buffer.from(await ctx.hashPassword(password, personId));
  const stored = Buffer.from(person?.passwordHash ?? "");
  return stored.length === given.length && timingSafeEqual(stored, given) ? memberships : [];
}

/**
 * Opens a login session of this membership.
 * @throws DomainError login-failed | sso-required
 */
export async function enter(
  ctx: LoginContext,
  { tenantId, membershipId, personId }: Membership,
  tenant: TenantEntry,
  method: "password" | "sso" | "invitation",
): Promise<LoginAnswer> {
  const { loginSessions, singleSignOn } = ctx.openTenant(tenantId);
  const sessionId = ctx.mint(LoginSessionId);
  const { holder } = await loginSessions.find(membershipId, sessionId);
  const row = holder?.kind === "member" ? holder.member : holder?.partnerUser;
  if (!holder || row?.status !== "active" || row.personId !== personId) raise("login-failed");
  if (wantsSso(await singleSignOn.get(), holder, method)) {
    raise("sso-required", `Begin at /v1/login/sso/start?tenant=${tenantId}`);
  }
  await loginSessions.create({
    sessionId,
    membershipId,
    personId,
    createdAt: ctx.wallNow.toISOString(),
    expiresAt: Math.floor(ctx.wallNow.getTime() / 1000) + ACCESS_TOKEN_SECONDS,
  });
  const accessToken = await ctx.issueToken({
    sub: personId,
    tid: tenantId,
    sid: sessionId,
    mid: membershipId,
    mv: row.version,
  });
  return {
    accessToken,
    tokenType: "Bearer",
    expiresIn: ACCESS_TOKEN_SECONDS,
    tenant: { tenantId, name: tenant.name },
    actor: describe(holder),
  };
}
