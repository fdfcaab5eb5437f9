import { DomainError } from "@concord/core/error";
import { LoginAnswer, LoginChoice, LoginRequest, PublicKey } from "@concord/core/login";
import { z } from "zod";
import { domainProblem } from "../http/problem.ts";
import type { PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** The problem of a log-in that several memberships answer to. */
const LoginChoices = z.object({ choices: z.array(LoginChoice) });

const logIn: PublicRoute = {
  operationId: "logIn",
  tag: "login",
  summary: "Exchange an e-mail address and a password for an access token of ten minutes",
  method: "post",
  path: "/v1/login",
  request: { body: LoginRequest },
  response: { status: 200, body: LoginAnswer },
  errors: ["login-failed", "login-choice-needed"],
  problemMembers: { "login-choice-needed": LoginChoices },
  async respond({ data, requestId, body }) {
    const input = parsePart("body", LoginRequest, parseJson(await body())) as LoginRequest;
    const outcome = await data.logIn(input);
    if (outcome.kind === "logged-in") {
      return {
        status: 200,
        headers: { "Content-Type": JSON_TYPE },
        body: JSON.stringify(outcome.answer),
      };
    }
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

const jwks: PublicRoute = {
  operationId: "getKeySet",
  tag: "login",
  summary: "The public keys that verify access tokens (RFC 7517)",
  method: "get",
  path: "/.well-known/jwks.json",
  response: { status: 200, body: z.object({ keys: z.array(PublicKey) }) },
  errors: [],
  async respond({ data }) {
    return {
      status: 200,
      headers: { "Content-Type": JSON_TYPE, "Cache-Control": "public, max-age=300" },
      body: JSON.stringify({ keys: await data.publicKeys() }),
    };
  },
};

export const loginPublicRoutes: readonly PublicRoute[] = [logIn, jwks];
