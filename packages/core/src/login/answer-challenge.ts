import { raise } from "../error/index.ts";
import type { PersonId } from "../id/index.ts";
import { admitCode, type GuessContext, rememberCode } from "../login-limit/index.ts";
import { tokenHash } from "../one-time-token/index.ts";
import { accept, type SecondFactor, type SecondProof } from "../second-factor/index.ts";
import { type SecurityEvent, securityEvent, type Where } from "../security-event/index.ts";
import type { Vault } from "../vault/index.ts";
import { CHALLENGE_SECONDS } from "./challenge.ts";
import { type Entered, enter, type LoginContext, tenantsOf } from "./enter.ts";
import type { Limited } from "./log-in-within-limits.ts";
import { endingSessions, endSessionsOf } from "./own-login-sessions.ts";
import type { AnswerChallenge, LoginChallenge } from "./schema.ts";

export interface FactorContext
  extends GuessContext,
    Pick<LoginContext, "secondFactors" | "securityEvents"> {
  /** What a person's second factor is sealed with. */
  readonly factorVaultOf: (personId: PersonId) => Vault;
}

/** Of two at once one is written; the other is decided on again. */
const ATTEMPTS = 3;

/**
 * The second half of a log-in. A wrong code leaves the challenge as it is; codes are counted, apart
 * from passwords, so that only who has given the first proof can use up anything, and recovery codes
 * are not, since nobody guesses one: the person always has a way in.
 * @throws DomainError login-challenge-invalid | second-factor-wrong | login-failed | sso-required
 */
export async function answerChallenge(
  ctx: LoginContext & FactorContext,
  { challenge, ...proof }: AnswerChallenge,
  clientAddress: string,
): Promise<Entered | Limited> {
  const found = await pending(ctx, tokenHash(challenge));
  const { person, memberships } = await ctx.people.load(found.personId);
  if (!person) raise("login-challenge-invalid");
  const attempt = { email: person.email, clientAddress };
  if ("code" in proof) {
    const admission = await admitCode(ctx, attempt);
    if (admission.kind === "limited") return admission;
  }
  const factor = await ctx.secondFactors.get(person.personId);
  if (!afterProof(ctx, factor, proof)) {
    await ctx.securityEvents.add(failedIn(found));
    raise("second-factor-wrong");
  }
  if (!(await ctx.loginChallenges.take(found.challengeHash))) raise("login-challenge-invalid");
  if (!(await useProof(ctx, found, proof))) {
    await ctx.securityEvents.add(failedIn(found));
    raise("second-factor-wrong");
  }

  const { method, client, passwordHash } = found;
  let { personVersion } = found;
  const membership = memberships.find(
    ({ tenantId, membershipId }) =>
      tenantId === found.tenantId && membershipId === found.membershipId,
  );
  if (!membership) raise("login-failed");
  const tenant = (await tenantsOf(ctx, [membership])).get(membership.tenantId);
  if (!tenant) raise("login-failed");
  if (passwordHash !== undefined) {
    personVersion = person.version + 1;
    const event = securityEvent("password-changed", found, ctx.wallNow);
    const changed = { ...person, passwordHash, version: personVersion };
    await endingSessions(
      () => endSessionsOf(ctx, person.personId),
      () => ctx.people.save(changed, event),
    );
  }
  const entry = { method, client, personVersion, hasShownFactor: true };
  const entered = await enter(ctx, membership, tenant, entry);
  await rememberCode(ctx, attempt);
  return entered;
}

/** One of each log-in that waits, however many codes are tried in it. */
const failedIn = (found: LoginChallenge): SecurityEvent => {
  const begunAt = new Date((found.expiresAt - CHALLENGE_SECONDS) * 1000);
  return securityEvent("second-factor-failed", found, begunAt, found.challengeHash);
};

async function pending(
  { loginChallenges, wallNow }: Pick<LoginContext, "loginChallenges" | "wallNow">,
  challengeHash: string,
): Promise<LoginChallenge> {
  const found = await loginChallenges.find(challengeHash);
  return found && found.expiresAt * 1000 > wallNow.getTime()
    ? found
    : raise("login-challenge-invalid");
}

const afterProof = (
  { factorVaultOf, wallNow }: Pick<FactorContext, "factorVaultOf" | "wallNow">,
  factor: SecondFactor | undefined,
  proof: SecondProof,
) =>
  factor?.status === "active"
    ? accept(factor, proof, factorVaultOf(factor.personId), wallNow)
    : undefined;

/** Uses the proof up, by a conditional write. @returns whether it was good, and nobody's before */
export async function useProof(
  ctx: FactorContext,
  where: Where,
  proof: SecondProof,
): Promise<boolean> {
  const { personId } = where;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const next = afterProof(ctx, await ctx.secondFactors.get(personId), proof);
    if (!next) return false;
    const event =
      "recoveryCode" in proof
        ? securityEvent("recovery-code-used", where, ctx.wallNow, String(next.version))
        : undefined;
    if (await ctx.secondFactors.save(next, event)) return true;
  }
  return false;
}
