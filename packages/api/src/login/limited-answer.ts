import { DomainError } from "@concord/core/error";
import type { Limited } from "@concord/core/login";
import { domainProblem } from "../http/problem.ts";
import type { Sent } from "../http/run-route.ts";

/** 429: the same words whoever is asked for, and whether or not there is such a person. */
export function limitedAnswer({ retryAfterMilliseconds }: Limited, requestId: string): Sent {
  const problem = domainProblem(new DomainError("login-limited"), requestId);
  return {
    status: problem.status,
    headers: {
      "Content-Type": "application/problem+json",
      "Retry-After": String(Math.ceil(retryAfterMilliseconds / 1000)),
    },
    body: JSON.stringify(problem),
  };
}
