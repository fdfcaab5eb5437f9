import {
  type Attempt,
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

/** Called where the attempt was the person's own: from now on its guesses have a bucket of their own. */
export const rememberAttempt = (ctx: GuessContext, attempt: Attempt): Promise<void> =>
  ctx.guesses.remember(
    pairBucket(attempt),
    new Date(ctx.wallNow.getTime() + ctx.loginLimits.knownMilliseconds),
    ctx.wallNow,
  );

const limited = (decision: { readonly retryAfterMilliseconds: number }): GuessAdmission => ({
  kind: "limited",
  retryAfterMilliseconds: decision.retryAfterMilliseconds,
});
