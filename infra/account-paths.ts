/**
 * The addresses that the account function answers, each with everything below it; `{name}` stands
 * for one segment. Whatever is not here is the app function's. API Gateway and the local runtime
 * both route by this list, and a test compares it with the two manifests.
 */
export const accountPaths: readonly string[] = [
  "/.well-known",
  "/docs",
  "/openapi.json",
  "/v1/billing",
  "/v1/invitations",
  "/v1/login",
  "/v1/logout",
  "/v1/me/activity",
  "/v1/me/erase",
  "/v1/me/export",
  "/v1/me/inbox",
  "/v1/me/login-sessions",
  "/v1/me/memberships",
  "/v1/me/password",
  "/v1/me/second-factor",
  "/v1/me/security-events",
  "/v1/members/{memberId}/erase",
  "/v1/partners/{partnerId}/invitations",
  "/v1/partners/{partnerId}/users/{partnerUserId}/erase",
  "/v1/sign-ups",
  "/v1/single-sign-on",
  "/v1/subscription/checkout",
  "/v1/subscription/portal",
];

/** As route keys of API Gateway, which takes the most specific one. */
export const accountRouteKeys: readonly string[] = accountPaths.flatMap((path) => [
  `ANY ${path}`,
  `ANY ${path}/{proxy+}`,
]);

const anySegment = Symbol("any segment");
const prefixes = accountPaths.map((path) =>
  path.split("/").map((segment) => (/^\{\w+\}$/.test(segment) ? anySegment : segment)),
);

/** Whether the gateway hands a request for this path to the account function. */
export const isAccountPath = (path: string): boolean => {
  const given = path.split("/");
  return prefixes.some((prefix) =>
    prefix.every((segment, at) =>
      segment === anySegment ? Boolean(given[at]) : segment === given[at],
    ),
  );
};
