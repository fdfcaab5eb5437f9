import { type Limit, windowOf } from "./schema.ts";

/** What is stored of a bucket: when it is full again, in epoch milliseconds; undefined of one never used. */
export type FullAt = number | undefined;

export type Decision =
  | { readonly kind: "taken"; readonly tokens: number; readonly fullAt: number }
  | { readonly kind: "refused"; readonly fullAt: number; readonly retryAfterMilliseconds: number };

/** Most processes that share what is left of a bucket before the last token is alone. */
const SHARES = 8;

/**
 * Takes up to `wanted` tokens, but no more than its share of those that are left, so that leases of
 * idle processes never starve a busy one; none before one is back. This is the generic cell rate
 * algorithm: each token moves the instant at which the bucket is full by one emission interval, and
 * no further than one window ahead of now.
 * @param now epoch milliseconds
 */
export function takeTokens(fullAt: FullAt, limit: Limit, wanted: number, now: number): Decision {
  const left = tokensLeft(fullAt, limit, now);
  const busyUntil = busyUntilOf(fullAt, limit, now);
  if (left > 0) {
    const tokens = Math.min(wanted, Math.max(1, Math.floor(left / SHARES)));
    return { kind: "taken", tokens, fullAt: busyUntil + tokens * limit.emissionMilliseconds };
  }
  const retryAt = busyUntil + limit.emissionMilliseconds - windowOf(limit);
  return { kind: "refused", fullAt: busyUntil, retryAfterMilliseconds: retryAt - now };
}

/** Whole tokens that the bucket holds. */
export const tokensLeft = (fullAt: FullAt, limit: Limit, now: number): number =>
  Math.max(
    0,
    Math.floor(
      (now + windowOf(limit) - busyUntilOf(fullAt, limit, now)) / limit.emissionMilliseconds,
    ),
  );

/** More than the clocks of two processes differ by. */
const SKEW_MILLISECONDS = 60_000;

/** No bucket is full later than this: one that says so was written by a clock that has been set back. */
export const latestFullAt = (limit: Limit, now: number): number =>
  now + windowOf(limit) + SKEW_MILLISECONDS;

const busyUntilOf = (fullAt: FullAt, limit: Limit, now: number): number =>
  fullAt === undefined || fullAt > latestFullAt(limit, now) ? now : Math.max(fullAt, now);
