import { DomainError, raise } from "@concord/core/error";
import { describeClient, enter, LoginAnswer } from "@concord/core/login";
import {
  finishSso,
  RedeemSso,
  redeemSso,
  SsoCode,
  StartSso,
  startSso,
  takeLogin,
} from "@concord/core/single-sign-on";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import { jsonAnswer, type PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";
import { loginAnswer } from "../login/public-routes.ts";
import { browserCookie, browserSecretIn } from "./browser-cookie.ts";

const tag = "single sign-on";
const COOKIE_SECONDS = 600;

const start: PublicRoute<AccountPorts> = {
  operationId: "startSingleSignOn",
  tag,
  summary: "Go to the tenant's identity provider, with the browser that is to log in",
  method: "get",
  path: "/v1/login/sso/start",
  rate: "open",
  request: { query: StartSso },
  response: { status: 303 },
  errors: ["sso-unavailable", "unavailable"],
  async respond({ data: { ports }, query }) {
    const input = parsePart("query", StartSso, query()) as StartSso;
    const origin = input.returnTo && new URL(input.returnTo).origin;
    if (origin !== undefined && !ports.allowedOrigins.includes(origin)) {
      raise("request-invalid", "The query is not as described", [
        { pointer: "query:returnTo", detail: "is of an origin that is not allowed" },
      ]);
    }
    const { loginUrl, browserSecret } = await startSso(ports.sso, input, ports.newSecret());
    return {
      status: 303,
      headers: {
        Location: loginUrl,
        "Set-Cookie": browserCookie(ports.publicUrl(), browserSecret, COOKIE_SECONDS),
      },
    };
  },
};

const Callback = z.object({ state: z.string().max(200) });

const callback: PublicRoute<AccountPorts> = {
  operationId: "finishSingleSignOn",
  tag,
  summary:
    "Where the identity provider sends the browser back to; it goes on with a code of one minute to where it began, or is answered with the code",
  method: "get",
  path: "/v1/login/sso/callback",
  rate: "token",
  request: { query: Callback },
  response: { status: 200, body: SsoCode },
  errors: [
    "sso-failed",
    "sso-no-membership",
    "sso-member-linked",
    "invitation-void",
    "invitation-accepted",
    "member-exists",
    "address-busy",
    "edition-limit-reached",
    "tenant-suspended",
    "tenant-closed",
    "unavailable",
  ],
  async respond({ data: { ports }, query, header }) {
    const { state } = parsePart("query", Callback, query()) as z.infer<typeof Callback>;
    const browserSecret = browserSecretIn(ports.publicUrl(), header("Cookie"));
    const came = { state, query: new URLSearchParams(query()).toString(), browserSecret };
    const taken = await takeLogin(ports.sso, came);
    const { returnTo } = taken.login;
    const cookie = { "Set-Cookie": browserCookie(ports.publicUrl(), "", 0) };
    const back = (to: string, name: "code" | "error", value: string) => {
      const url = new URL(to);
      url.searchParams.set(name, value);
      return { status: 303, headers: { Location: url.href, ...cookie } };
    };
    try {
      const code = await finishSso(ports.sso, taken, came, ports.newSecret());
      return returnTo === null
        ? jsonAnswer({ code }, { headers: cookie })
        : back(returnTo, "code", code);
    } catch (error) {
      if (returnTo === null || !(error instanceof DomainError)) throw error;
      return back(returnTo, "error", error.code);
    }
  },
};

const redeem: PublicRoute<AccountPorts> = {
  operationId: "redeemSingleSignOn",
  tag,
  summary: "Exchange the code of a single sign-on for tokens, with the verifier of its challenge",
  method: "post",
  path: "/v1/login/sso/redeem",
  rate: "token",
  request: { body: RedeemSso },
  response: { status: 200, body: LoginAnswer },
  errors: ["sso-failed", "login-failed"],
  async respond({ data: { ports }, requestId, body, header }) {
    const input = parsePart("body", RedeemSso, parseJson(await body())) as RedeemSso;
    const { tenantId, memberId, personId } = await redeemSso(ports.sso, input);
    const [tenant = raise("login-failed")] = await ports.tenants.find([tenantId]);
    const membership = { tenantId, membershipId: memberId, personId, partnerId: null };
    const client = describeClient(header("User-Agent"));
    const entry = { method: "sso", client } as const;
    return loginAnswer(await enter(ports, membership, tenant, entry), requestId);
  },
};

export const singleSignOnPublicRoutes: readonly PublicRoute<AccountPorts>[] = [
  start,
  callback,
  redeem,
];
