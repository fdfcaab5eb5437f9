import type { Admission, RateClass } from "@concord/core/rate-limit";
import { windowOf } from "@concord/core/rate-limit";

const SECOND = 1_000;
const seconds = (milliseconds: number): string => String(Math.ceil(milliseconds / SECOND));

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11): quota `q` in window `w`,
 * what remains `r`, and the seconds `t` until it is whole again. A refusal says with `Retry-After`
 * (RFC 9110, 10.2.3) when one request passes. `r` is what this process knows: a hint, as the draft has it.
 */
export function rateHeaders(
  rateClass: RateClass,
  { isAdmitted, limit, left, waitMilliseconds }: Admission,
): Readonly<Record<string, string>> {
  const wait = seconds(waitMilliseconds);
  return {
    "RateLimit-Policy": `"${rateClass}";q=${limit.burst};w=${seconds(windowOf(limit))}`,
    RateLimit: `"${rateClass}";r=${left};t=${wait}`,
    ...(isAdmitted ? {} : { "Retry-After": wait }),
  };
}
