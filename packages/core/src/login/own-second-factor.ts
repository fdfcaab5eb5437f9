import { requirePermission } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { admitOwnCode } from "../login-limit/index.ts";
import type { Membership, Person } from "../person/index.ts";
import {
  type ActiveSecondFactor,
  type BeginSecondFactor,
  begin,
  type ConfirmSecondFactor,
  confirm,
  type NewSecondFactor,
  newTotpSecret,
  otpauthUri,
  type ProveSecondFactor,
  RECOVERY_CODES,
  type RecoveryCodes,
  recoveryCode,
  recoveryHash,
  type SecondFactorView,
  viewOf,
  withRecoveryCodes,
} from "../second-factor/index.ts";
import { securityEvent } from "../security-event/index.ts";
import { type FactorContext, useProof } from "./answer-challenge.ts";
import { requirePassword } from "./change-password.ts";
import type { LoginContext } from "./enter.ts";
import { provesPerson } from "./login-session.ts";
import {
  endEverySession,
  endingSessions,
  endOtherSessions,
  type OwnContext,
} from "./own-login-sessions.ts";

export interface OwnFactorContext
  extends OwnContext,
    FactorContext,
    Pick<LoginContext, "hashPassword" | "newSecret"> {}

/** @throws DomainError permission-denied | login-proves-one-tenant */
async function ownerOf(
  ctx: OwnFactorContext,
): Promise<{ readonly person: Person; readonly memberships: readonly Membership[] }> {
  const { personId } = requirePermission(ctx.actor, "me:read");
  if (!provesPerson(ctx.session)) raise("login-proves-one-tenant");
  const { person, memberships } = await ctx.people.load(personId);
  return { person: person ?? raise("unauthenticated"), memberships };
}

/** @throws DomainError permission-denied | login-proves-one-tenant */
export async function getSecondFactor(ctx: OwnFactorContext): Promise<SecondFactorView> {
  const { person } = await ownerOf(ctx);
  return viewOf(await ctx.secondFactors.get(person.personId));
}

/**
 * A new secret for the authenticator app; nothing asks for its codes before one was shown. Begun again,
 * the secret from before is good for nothing.
 * @throws DomainError permission-denied | login-proves-one-tenant | password-wrong | second-factor-exists | version-stale
 */
export async function beginSecondFactor(
  ctx: OwnFactorContext,
  { currentPassword }: BeginSecondFactor,
): Promise<NewSecondFactor> {
  const { person } = await ownerOf(ctx);
  const { personId, email } = person;
  await requirePassword(ctx, person, currentPassword);
  const secret = newTotpSecret(Buffer.from(ctx.newSecret(), "base64url"));
  const current = await ctx.secondFactors.get(personId);
  const next = begin(personId, current, ctx.factorVaultOf(personId).seal(secret), ctx.wallNow);
  if (!(await ctx.secondFactors.save(next))) raise("version-stale");
  return { secret, otpauthUri: otpauthUri(secret, email) };
}

/**
 * From here on every log-in by password or link asks for a code. Ends all other login sessions, which
 * were opened without one.
 * @throws DomainError permission-denied | login-proves-one-tenant | second-factor-not-begun |
 *   second-factor-exists | second-factor-wrong | version-stale
 */
export async function confirmSecondFactor(
  ctx: OwnFactorContext,
  { code }: ConfirmSecondFactor,
): Promise<RecoveryCodes> {
  const { person, memberships } = await ownerOf(ctx);
  const { personId } = person;
  const { recoveryCodes, hashes } = newCodes(ctx, person);
  const current = await ctx.secondFactors.get(personId);
  const next = confirm(current, code, hashes, ctx.factorVaultOf(personId), ctx.wallNow);
  const event = securityEvent("second-factor-added", ctx.session, ctx.wallNow);
  await endingSessions(
    () => endOtherSessions(ctx, memberships),
    async () => {
      if (!(await ctx.secondFactors.save(next, event))) raise("version-stale");
    },
  );
  const { membershipId, sessionId } = ctx.session;
  const here = memberships.find((one) => one.membershipId === membershipId);
  if (here) await ctx.openTenant(here.tenantId).loginSessions.factorShown(membershipId, sessionId);
  return { recoveryCodes };
}

/**
 * Ten new recovery codes; those from before are good for nothing.
 * @throws DomainError permission-denied | login-proves-one-tenant | second-factor-not-begun |
 *   password-wrong | second-factor-wrong | login-limited | version-stale
 */
export async function renewRecoveryCodes(
  ctx: OwnFactorContext,
  proof: ProveSecondFactor,
): Promise<RecoveryCodes> {
  const { person } = await ownerOf(ctx);
  const factor = await proven(ctx, person, proof);
  const { recoveryCodes, hashes } = newCodes(ctx, person);
  const event = securityEvent("recovery-codes-renewed", ctx.session, ctx.wallNow);
  const next = withRecoveryCodes(factor, hashes);
  if (!(await ctx.secondFactors.save(next, event))) raise("version-stale");
  return { recoveryCodes };
}

/**
 * Log-ins ask for nothing but the first proof again. Ends all of the person's login sessions, this one
 * too: where a tenant asks for a second factor, the next one is limited to setting it up.
 * @throws DomainError permission-denied | login-proves-one-tenant | second-factor-not-begun |
 *   password-wrong | second-factor-wrong | login-limited
 */
export async function endSecondFactor(
  ctx: OwnFactorContext,
  proof: ProveSecondFactor,
): Promise<void> {
  const { person, memberships } = await ownerOf(ctx);
  const factor = await ctx.secondFactors.get(person.personId);
  // One in which a factor was shown that is there no more: it was removed, and nothing followed.
  if (factor || ctx.session.secondFactor !== "shown") {
    await proven(ctx, person, proof);
    await endOtherSessions(ctx, memberships);
    const event = securityEvent("second-factor-removed", ctx.session, ctx.wallNow);
    await ctx.secondFactors.remove(person.personId, event);
  }
  await endEverySession(ctx, memberships);
}

/** The second factor of who has proven that it is theirs to change. */
async function proven(
  ctx: OwnFactorContext,
  person: Person,
  proof: ProveSecondFactor,
): Promise<ActiveSecondFactor> {
  const { personId, email } = person;
  if ("currentPassword" in proof) {
    await requirePassword(ctx, person, proof.currentPassword);
  } else {
    if ("code" in proof && (await admitOwnCode(ctx, email)).kind === "limited") {
      raise("login-limited");
    }
    if (!(await useProof(ctx, ctx.session, proof))) {
      await ctx.securityEvents.add(securityEvent("second-factor-failed", ctx.session, ctx.wallNow));
      raise("second-factor-wrong");
    }
  }
  const factor = await ctx.secondFactors.get(personId);
  return factor?.status === "active" ? factor : raise("second-factor-not-begun");
}

function newCodes({ newSecret }: Pick<OwnFactorContext, "newSecret">, { personId }: Person) {
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () =>
    recoveryCode(Buffer.from(newSecret(), "base64url")),
  );
  return { recoveryCodes, hashes: recoveryCodes.map((code) => recoveryHash(personId, code)) };
}
