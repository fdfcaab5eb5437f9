import type { Decision, FullAt } from "./rate-limit.ts";
import type { Limit, RateClass } from "./schema.ts";

/** Whose tokens of which class, within the tenant that was opened. */
export interface Bucket {
  /** Id of the member, partner user or key. */
  readonly principal: string;
  readonly rateClass: RateClass;
}

export interface Take {
  readonly limit: Limit;
  readonly wanted: number;
  /** The wall clock, epoch milliseconds. */
  readonly now: number;
  /** What this process last saw of the bucket; a wrong one costs a second request, never a token. */
  readonly seen: FullAt;
}

export interface RateLimitRepository {
  /**
   * Decides and takes in one conditional update; a second one where `seen` was out of date. An
   * update whose answer was lost is recognised when it is repeated, and counts once.
   */
  take(bucket: Bucket, take: Take): Promise<Decision>;
}

export interface RateLimitStore {
  readonly rateLimits: RateLimitRepository;
}
