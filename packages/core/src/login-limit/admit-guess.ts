import { type Attempt, furtherBuckets, type LoginLimits, pairBucket } from "./login-limit.ts";
import type { LoginLimitRepository } from "./repository.ts";

export interface GuessContext {
  readonly guesses: LoginLimitRepository;
  readonly limits: LoginLimits;
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
  const { guesses, limits, wallNow } = ctx;
  const pair = await guesses.take(pairBucket(attempt), limits.pair, wallNow);
  if (pair.decision.kind === "refused") return limited(pair.decision);
  const isKnown = pair.knownUntil > wallNow.getTime();
  for (const { bucket, limit } of furtherBuckets(attempt, isKnown, limits)) {
    const { decision } = await guesses.take(bucket, limit, wallNow);
    if (decision.kind === "refused") return limited(decision);
  }
  return { kind: "admitted" };
}

/** Called where the attempt was the person's own: from now on its guesses have a bucket of their own. */
export const rememberAttempt = (ctx: GuessContext, attempt: Attempt): Promise<void> =>
  ctx.guesses.remember(
    pairBucket(attempt),
    new Date(ctx.wallNow.getTime() + ctx.limits.knownMilliseconds),
    ctx.wallNow,
  );

const limited = (decision: { readonly retryAfterMilliseconds: number }): GuessAdmission => ({
  kind: "limited",
  retryAfterMilliseconds: decision.retryAfterMilliseconds,
});
