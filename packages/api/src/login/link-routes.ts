import { describeClient, LoginAnswer } from "@concord/core/login";
import {
  RedeemLoginLink,
  RequestLoginLink,
  redeemLoginLink,
  requestLoginLink,
} from "@concord/core/login-link";
import type { AccountPorts } from "../account/ports.ts";
import type { PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";
import { limitedAnswer } from "./limited-answer.ts";
import { LoginChoices, loginAnswer, secondFactorProblem } from "./public-routes.ts";

const ask: PublicRoute<AccountPorts> = {
  operationId: "requestLoginLink",
  tag: "login",
  summary: "Have a link mailed that logs in once; the answer is the same whoever's address it is",
  method: "post",
  path: "/v1/login/link",
  rate: "guess",
  request: { body: RequestLoginLink },
  response: { status: 202 },
  errors: ["login-limited"],
  async respond({ data: { ports }, requestId, clientAddress, body }) {
    const input = parsePart("body", RequestLoginLink, parseJson(await body())) as RequestLoginLink;
    const outcome = await requestLoginLink(ports, input, clientAddress);
    return outcome.kind === "limited"
      ? limitedAnswer(outcome, requestId)
      : { status: 202, headers: {} };
  },
};

const redeem: PublicRoute<AccountPorts> = {
  operationId: "redeemLoginLink",
  tag: "login",
  summary: "Log in with a mailed link, once, within 15 minutes; with a password, it becomes yours",
  method: "post",
  path: "/v1/login/link/redeem",
  rate: "token",
  request: { body: RedeemLoginLink },
  response: { status: 200, body: LoginAnswer },
  errors: [
    ...(["login-link-invalid", "login-failed", "login-choice-needed", "sso-required"] as const),
    ...(["password-unsuitable", "second-factor-needed"] as const),
  ],
  problemMembers: { "login-choice-needed": LoginChoices, ...secondFactorProblem },
  async respond({ data: { ports }, requestId, header, clientAddress, body }) {
    const input = parsePart("body", RedeemLoginLink, parseJson(await body())) as RedeemLoginLink;
    const client = describeClient(header("User-Agent"));
    return loginAnswer(await redeemLoginLink(ports, input, { client, clientAddress }), requestId);
  },
};

export const loginLinkRoutes: readonly PublicRoute<AccountPorts>[] = [ask, redeem];
