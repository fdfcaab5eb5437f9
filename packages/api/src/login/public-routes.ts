import { DomainError } from "@concord/core/error";
import {
  describeClient,
  LoginAnswer,
  LoginChoice,
  type LoginOutcome,
  LoginRequest,
  logInWithinLimits,
  logOut,
  PublicKey,
  refreshLogin,
  ShownRefreshToken,
  TokenAnswer,
} from "@concord/core/login";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import { domainProblem } from "../http/problem.ts";
import { jsonAnswer, type PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";
import type { Sent } from "../http/run-route.ts";
import { limitedAnswer } from "./limited-answer.ts";

/** The problem of a log-in that goes on with a second factor, at POST /v1/login/second-factor. */
export const LoginChallengeProblem = z.object({
  /** Shown with the second factor, once. */
  challenge: z.string(),
  /** Seconds. */
  expiresIn: z.number().int(),
});

/** What every way to log in but single sign-on may answer instead of tokens. */
export const secondFactorProblem = { "second-factor-needed": LoginChallengeProblem };

/** The problem of a log-in that several memberships answer to. */
export const LoginChoices = z.object({ choices: z.array(LoginChoice) });

/** The answer of every way to log in. */
export function loginAnswer(outcome: LoginOutcome, requestId: string): Sent {
  if (outcome.kind === "logged-in") return jsonAnswer(outcome.answer);
  const [problem, members] =
    outcome.kind === "choice-needed"
      ? [
          domainProblem(
            new DomainError(
              "login-choice-needed",
              "Repeat the request with the tenantId or membershipId of one of the choices",
            ),
            requestId,
          ),
          { choices: outcome.choices },
        ]
      : [
          domainProblem(
            new DomainError(
              "second-factor-needed",
              "Send the challenge and a code to POST /v1/login/second-factor",
            ),
            requestId,
          ),
          { challenge: outcome.challenge, expiresIn: outcome.expiresIn },
        ];
  return jsonAnswer(
    { ...problem, ...members },
    { status: problem.status, headers: { "Content-Type": "application/problem+json" } },
  );
}

const login: PublicRoute<AccountPorts> = {
  operationId: "logIn",
  tag: "login",
  summary:
    "Exchange an e-mail address and a password for an access token of ten minutes and a refresh token",
  method: "post",
  path: "/v1/login",
  rate: "guess",
  request: { body: LoginRequest },
  response: { status: 200, body: LoginAnswer },
  errors: [
    ...(["login-failed", "login-choice-needed", "second-factor-needed"] as const),
    ...(["login-limited", "sso-required"] as const),
  ],
  problemMembers: { "login-choice-needed": LoginChoices, ...secondFactorProblem },
  async respond({ data: { ports }, requestId, header, clientAddress, body }) {
    const input = parsePart("body", LoginRequest, parseJson(await body())) as LoginRequest;
    const client = describeClient(header("User-Agent"));
    const outcome = await logInWithinLimits(ports, input, client, clientAddress);
    return outcome.kind === "limited"
      ? limitedAnswer(outcome, requestId)
      : loginAnswer(outcome, requestId);
  },
};

type Shown = z.infer<typeof ShownRefreshToken>;

const refresh: PublicRoute<AccountPorts> = {
  operationId: "refreshLogin",
  tag: "login",
  summary:
    "Exchange a refresh token for a new pair; it is good once, and one that was used before ends the log-in",
  method: "post",
  path: "/v1/login/refresh",
  rate: "token",
  request: { body: ShownRefreshToken },
  response: { status: 200, body: TokenAnswer },
  errors: ["refresh-token-invalid"],
  async respond({ data: { ports }, body }) {
    const input = parsePart("body", ShownRefreshToken, parseJson(await body())) as Shown;
    return jsonAnswer(await refreshLogin(ports, input.refreshToken));
  },
};

const logout: PublicRoute<AccountPorts> = {
  operationId: "logOut",
  tag: "login",
  summary:
    "End the log-in that a refresh token belongs to; its access tokens are refused from now on",
  method: "post",
  path: "/v1/logout",
  rate: "token",
  request: { body: ShownRefreshToken },
  response: { status: 204 },
  errors: [],
  async respond({ data: { ports }, body }) {
    const input = parsePart("body", ShownRefreshToken, parseJson(await body())) as Shown;
    await logOut(ports, input.refreshToken);
    return { status: 204, headers: {} };
  },
};

const jwks: PublicRoute<AccountPorts> = {
  operationId: "getKeySet",
  tag: "login",
  summary: "The public keys that verify access tokens (RFC 7517)",
  method: "get",
  path: "/.well-known/jwks.json",
  rate: "open",
  response: { status: 200, body: z.object({ keys: z.array(PublicKey) }) },
  errors: [],
  async respond({ data }) {
    return jsonAnswer(
      { keys: await data.ports.publicKeys() },
      { headers: { "Cache-Control": "public, max-age=300" } },
    );
  },
};

const Discovery = z.object({
  issuer: z.url(),
  jwks_uri: z.url(),
  response_types_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  service_documentation: z.url(),
});

const discovery: PublicRoute<AccountPorts> = {
  operationId: "getAuthorizationServer",
  tag: "login",
  summary: "Issuer and key set of our access tokens (RFC 8414); log-in is not an OAuth grant",
  method: "get",
  path: "/.well-known/oauth-authorization-server",
  rate: "open",
  response: { status: 200, body: Discovery },
  errors: [],
  async respond({ data: { ports } }) {
    const origin = ports.publicUrl();
    const document: z.infer<typeof Discovery> = {
      issuer: ports.issuer,
      jwks_uri: `${origin}/.well-known/jwks.json`,
      response_types_supported: [],
      grant_types_supported: [],
      service_documentation: `${origin}/docs`,
    };
    return jsonAnswer(document, { headers: { "Cache-Control": "public, max-age=300" } });
  },
};

export const loginPublicRoutes: readonly PublicRoute<AccountPorts>[] = [
  login,
  refresh,
  logout,
  jwks,
  discovery,
];
