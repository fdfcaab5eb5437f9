import { raise } from "@concord/core/error";
import {
  AnswerChallenge,
  answerChallenge,
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  getSecondFactor,
  LoginAnswer,
  renewRecoveryCodes,
} from "@concord/core/login";
import {
  BeginSecondFactor,
  ConfirmSecondFactor,
  NewSecondFactor,
  ProveSecondFactor,
  RecoveryCodes,
  SecondFactorView,
} from "@concord/core/second-factor";
import type { AccountPorts } from "../account/ports.ts";
import type { ApiStore, RouteContext } from "../http/context.ts";
import type { PublicRoute } from "../http/public-route.ts";
import { parseJson, parsePart } from "../http/read-request.ts";
import { on, type Route, route } from "../http/route.ts";
import { limitedAnswer } from "./limited-answer.ts";
import { loginAnswer } from "./public-routes.ts";

const answer: PublicRoute<AccountPorts> = {
  operationId: "answerLoginChallenge",
  tag: "login",
  summary: "Complete a log-in with a code of the authenticator app, or with a recovery code",
  method: "post",
  path: "/v1/login/second-factor",
  rate: "guess",
  request: { body: AnswerChallenge },
  response: { status: 200, body: LoginAnswer },
  errors: [
    ...(["login-challenge-invalid", "second-factor-wrong", "login-limited"] as const),
    ...(["login-failed", "sso-required", "version-stale"] as const),
  ],
  async respond({ data: { ports }, requestId, clientAddress, body }) {
    const input = parsePart("body", AnswerChallenge, parseJson(await body())) as AnswerChallenge;
    const outcome = await answerChallenge(ports, input, clientAddress);
    return outcome.kind === "limited"
      ? limitedAnswer(outcome, requestId)
      : loginAnswer(outcome, requestId);
  },
};

export const secondFactorPublicRoutes: readonly PublicRoute<AccountPorts>[] = [answer];

const of = {
  tag: "login",
  path: "/me/second-factor",
  permission: "me:read",
  beforeSecondFactor: "open",
  standing: "always",
} as const;

export const get = route({
  ...of,
  operationId: "getSecondFactor",
  summary: "Whether your log-ins ask for a second factor, and how many recovery codes are left",
  method: "get",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: SecondFactorView },
  errors: ["login-proves-one-tenant"],
});

export const begin = route({
  ...of,
  operationId: "beginSecondFactor",
  summary:
    "Have a secret for your authenticator app, shown once; it counts once a code confirms it",
  method: "post",
  retry: "unsafe",
  rate: "secret",
  request: { body: BeginSecondFactor },
  response: { status: 201, body: NewSecondFactor },
  errors: ["login-proves-one-tenant", "password-wrong", "second-factor-exists", "version-stale"],
});

export const confirm = route({
  ...of,
  operationId: "confirmSecondFactor",
  summary:
    "Confirm your authenticator app with a code; shows ten recovery codes once and ends your other log-ins",
  method: "post",
  path: "/me/second-factor/confirm",
  retry: "unsafe",
  rate: "secret",
  request: { body: ConfirmSecondFactor },
  response: { status: 200, body: RecoveryCodes },
  errors: [
    ...(["login-proves-one-tenant", "second-factor-not-begun", "second-factor-exists"] as const),
    ...(["second-factor-wrong", "version-stale"] as const),
  ],
});

export const renew = route({
  ...of,
  operationId: "renewRecoveryCodes",
  summary: "Have ten new recovery codes, shown once; those from before are good for nothing",
  method: "post",
  path: "/me/second-factor/recovery-codes",
  retry: "unsafe",
  rate: "secret",
  request: { body: ProveSecondFactor },
  response: { status: 200, body: RecoveryCodes },
  errors: [
    ...(["login-proves-one-tenant", "second-factor-not-begun", "password-wrong"] as const),
    ...(["second-factor-wrong", "login-limited", "version-stale"] as const),
  ],
});

export const end = route({
  ...of,
  operationId: "endSecondFactor",
  summary: "Give up your second factor; ends all your log-ins, this one too",
  method: "post",
  path: "/me/second-factor/end",
  retry: "unsafe",
  rate: "secret",
  request: { body: ProveSecondFactor },
  response: { status: 204 },
  errors: [
    ...(["login-proves-one-tenant", "second-factor-not-begun", "password-wrong"] as const),
    ...(["second-factor-wrong", "login-limited"] as const),
  ],
});

type AccountContext = RouteContext<ApiStore, AccountPorts>;

const own = (ctx: AccountContext) => ({
  ...ctx.ports,
  actor: ctx.actor,
  session: ctx.principal.session ?? raise("permission-denied"),
});
const shown = (body: unknown) => ({ body });

export const secondFactorRoutes: readonly Route<ApiStore, AccountPorts>[] = [
  on(get, { run: (ctx: AccountContext) => getSecondFactor(own(ctx)), answer: shown }),
  on(begin, {
    run: (ctx: AccountContext, { body }) => beginSecondFactor(own(ctx), body),
    answer: shown,
  }),
  on(confirm, {
    run: (ctx: AccountContext, { body }) => confirmSecondFactor(own(ctx), body),
    answer: shown,
  }),
  on(renew, {
    run: (ctx: AccountContext, { body }) => renewRecoveryCodes(own(ctx), body),
    answer: shown,
  }),
  on(end, {
    run: (ctx: AccountContext, { body }) => endSecondFactor(own(ctx), body),
    answer: () => ({}),
  }),
];
