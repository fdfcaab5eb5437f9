import type { TenantId } from "../id/index.ts";
import { tokensLeft } from "./rate-limit.ts";
import type { Bucket, RateLimitRepository } from "./repository.ts";
import { type Limit, type Limits, windowOf } from "./schema.ts";

export interface Admission {
  readonly isAdmitted: boolean;
  readonly limit: Limit;
  /** Tokens left, as far as this process knows. */
  readonly left: number;
  /** Until the bucket is full again; of a refusal, until the next token. */
  readonly waitMilliseconds: number;
}

export interface RateLimiter {
  /**
   * One token for one request.
   * @param rateLimits of the tenant
   * @param now the wall clock
   */
  admit(
    tenantId: TenantId,
    rateLimits: RateLimitRepository,
    bucket: Bucket,
    now: Date,
  ): Promise<Admission>;
}

/** What this process knows of one bucket. */
interface Known {
  readonly fullAt: number;
  /** Tokens it has taken and not spent. */
  readonly leased: number;
  /** After this a lease is forgotten: the bucket is full without it. */
  readonly leaseEndsAt: number;
}

const nothing = () => undefined;

/** Least recently used first to go; some 200 bytes each. */
const MOST_KNOWN = 10_000;

/**
 * Keeps leases and what it last saw, by tenant and bucket, for this process alone; everything it
 * forgets costs a request and nothing else. A bucket seen empty refuses without asking the table
 * until a token is back: it can only have become emptier.
 */
export function rateLimiter(limits: Limits): RateLimiter {
  const known = new Map<string, Known>();
  /** Requests of one process that come together share one lease. */
  const leasing = new Map<string, Promise<unknown>>();
  const remember = (name: string, what: Known) => {
    known.delete(name);
    known.set(name, what);
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  };

  return {
    async admit(tenantId, rateLimits, bucket, at) {
      const now = at.getTime();
      const limit = limits[bucket.rateClass];
      const name = `${tenantId}#${bucket.principal}#${bucket.rateClass}`;
      while (leasing.has(name)) await leasing.get(name)?.catch(nothing);
      const before = known.get(name);
      const admission = ({ fullAt, leased }: Known): Admission => ({
        isAdmitted: true,
        limit,
        // The bucket fills behind a lease that is not spent, and never holds more than its burst.
        left: Math.min(limit.burst, tokensLeft(fullAt, limit, now) + leased),
        waitMilliseconds: Math.max(0, fullAt - now),
      });

      if (before && before.leased > 0 && before.leaseEndsAt > now) {
        const after = { ...before, leased: before.leased - 1 };
        remember(name, after);
        return admission(after);
      }
      const refusal = (fullAt: number): Admission => ({
        isAdmitted: false,
        limit,
        left: 0,
        waitMilliseconds: fullAt + limit.emissionMilliseconds - windowOf(limit) - now,
      });
      if (before && tokensLeft(before.fullAt, limit, now) === 0) return refusal(before.fullAt);

      const ask = async (): Promise<Admission> => {
        const wanted = limit.lease;
        const decision = await rateLimits.take(bucket, {
          ...{ limit, wanted, now },
          seen: before?.fullAt,
        });
        const leased = decision.kind === "taken" ? decision.tokens - 1 : 0;
        const after = { fullAt: decision.fullAt, leased, leaseEndsAt: now + windowOf(limit) };
        remember(name, after);
        return decision.kind === "taken" ? admission(after) : refusal(decision.fullAt);
      };
      const asking = ask();
      if (limit.lease === 1) return asking;
      leasing.set(name, asking);
      try {
        return await asking;
      } finally {
        leasing.delete(name);
      }
    },
  };
}
