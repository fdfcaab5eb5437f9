export { type Decision, type FullAt, latestFullAt, takeTokens, tokensLeft } from "./rate-limit.ts";
export { type Admission, type RateLimiter, rateLimiter } from "./rate-limiter.ts";
export type { Bucket, RateLimitRepository, RateLimitStore, Take } from "./repository.ts";
export {
  defaultLimits,
  type Limit,
  type Limits,
  RATE_CLASSES,
  type RateClass,
  windowOf,
} from "./schema.ts";
