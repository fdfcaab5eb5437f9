import { DomainError } from "@concord/core/error";
import { LoginAnswer, LoginChoice, LoginRequest, logIn, PublicKey } from "@concord/core/login";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import { domainProblem } from "../http/problem.ts";
import { jsonAnswer, type PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";

/** The problem of a log-in that several memberships answer to. */
const LoginChoices = z.object({ choices: z.array(LoginChoice) });

const login: PublicRoute<AccountPorts> = {
  operationId: "logIn",
  tag: "login",
  summary: "Exchange an e-mail address and a password for an access token of ten minutes",
  method: "post",
  path: "/v1/login",
  request: { body: LoginRequest },
  response: { status: 200, body: LoginAnswer },
  errors: ["login-failed", "login-choice-needed", "sso-required"],
  problemMembers: { "login-choice-needed": LoginChoices },
  async respond({ data, requestId, body }) {
    const input = parsePart("body", LoginRequest, parseJson(await body())) as LoginRequest;
    const outcome = await logIn(data.ports, input);
    if (outcome.kind === "logged-in") return jsonAnswer(outcome.answer);
    const problem = domainProblem(
      new DomainError(
        "login-choice-needed",
        "Repeat the request with the tenantId or membershipId of one of the choices",
      ),
      requestId,
    );
    return {
      status: problem.status,
      headers: { "Content-Type": "application/problem+json" },
      body: JSON.stringify({ ...problem, choices: outcome.choices }),
    };
  },
};

const jwks: PublicRoute<AccountPorts> = {
  operationId: "getKeySet",
  tag: "login",
  summary: "The public keys that verify access tokens (RFC 7517)",
  method: "get",
  path: "/.well-known/jwks.json",
  response: { status: 200, body: z.object({ keys: z.array(PublicKey) }) },
  errors: [],
  async respond({ data }) {
    return jsonAnswer(
      { keys: await data.ports.publicKeys() },
      { headers: { "Cache-Control": "public, max-age=300" } },
    );
  },
};

export const loginPublicRoutes: readonly PublicRoute<AccountPorts>[] = [login, jwks];
