import type { EmailAddress } from "../person/index.ts";
import {
  type Attempt,
  codeBucket,
  codePairBucket,
  furtherBuckets,
  type LoginLimits,
  linkBuckets,
  pairBucket,
} from "./login-limit.ts";
import type { LoginLimitRepository } from "./repository.ts";

export interface GuessContext {
  readonly guesses: LoginLimitRepository;
  readonly loginLimits: LoginLimits;
  /** The wall clock. */
  readonly wallNow: Date;
}

export type GuessAdmission =
  | { readonly kind: "admitted" }
  | { readonly kind: "limited"; readonly retryAfterMilliseconds: number };

/**
 * Asked before a password is looked at. It takes the same buckets whether the account exists or
 * not, and lets nobody through where the table does not answer: a guess unseen is a guess uncounted.
 */
export async function admitGuess(ctx: GuessContext, attempt: Attempt): Promise<GuessAdmission> {
  const { guesses, loginLimits: limits, wallNow } = ctx;
  const pair = await guesses.take(pairBucket(attempt), limits.pair, wallNow);
  if (pair.decision.kind === "refused") return limited(pair.decision);
  const isKnown = pair.knownUntil > wallNow.getTime();
  for (const { bucket, limit } of furtherBuckets(attempt, isKnown, limits)) {
    const { decision } = await guesses.take(bucket, limit, wallNow);
    if (decision.kind === "refused") return limited(decision);
  }
  return { kind: "admitted" };
}

/** Asked before a link is mailed; whoever's address it is, the answer differs by what was asked before alone. */
export async function admitLink(
  { guesses, loginLimits, wallNow }: GuessContext,
  attempt: Attempt,
): Promise<GuessAdmission | { readonly kind: "mailed-lately" }> {
  const { told, untold } = linkBuckets(attempt, loginLimits);
  const first = await guesses.take(told.bucket, told.limit, wallNow);
  if (first.decision.kind === "refused") return limited(first.decision);
  for (const { bucket, limit } of untold) {
    const { decision } = await guesses.take(bucket, limit, wallNow);
    if (decision.kind === "refused") return { kind: "mailed-lately" };
  }
  return { kind: "admitted" };
}

/**
 * Asked before a code of a second factor is looked at. Its buckets are taken from by those alone who have
 * given the first proof; strangers who have stolen it do not hold up the person where they were before.
 */
export async function admitCode(ctx: GuessContext, attempt: Attempt): Promise<GuessAdmission> {
  const { guesses, loginLimits: limits, wallNow } = ctx;
  const pair = await guesses.take(codePairBucket(attempt), limits.codePair, wallNow);
  if (pair.decision.kind === "refused") return limited(pair.decision);
  if (pair.knownUntil > wallNow.getTime()) return { kind: "admitted" };
  const bucket = codeBucket("code-account", attempt.email);
  const { decision } = await guesses.take(bucket, limits.codeAccount, wallNow);
  return decision.kind === "refused" ? limited(decision) : { kind: "admitted" };
}

/** The same for who is logged in. */
export async function admitOwnCode(
  { guesses, loginLimits, wallNow }: GuessContext,
  email: EmailAddress,
): Promise<GuessAdmission> {
  const bucket = codeBucket("code-own", email);
  const { decision } = await guesses.take(bucket, loginLimits.codeAccount, wallNow);
  return decision.kind === "refused" ? limited(decision) : { kind: "admitted" };
}

/** Called where a code or recovery code was good: the person is known here, by password and by code. */
export async function rememberCode(ctx: GuessContext, attempt: Attempt): Promise<void> {
  await rememberAttempt(ctx, attempt);
  await ctx.guesses.remember(codePairBucket(attempt), knownUntil(ctx), ctx.wallNow);
}

/** Called where the attempt was the person's own: from now on its guesses have a bucket of their own. */
export const rememberAttempt = (ctx: GuessContext, attempt: Attempt): Promise<void> =>
  ctx.guesses.remember(pairBucket(attempt), knownUntil(ctx), ctx.wallNow);

const knownUntil = ({ wallNow, loginLimits }: GuessContext): Date =>
  new Date(wallNow.getTime() + loginLimits.knownMilliseconds);

const limited = (decision: { readonly retryAfterMilliseconds: number }): GuessAdmission => ({
  kind: "limited",
  retryAfterMilliseconds: decision.retryAfterMilliseconds,
});
