import { raise } from "@concord/core/error";
import { LoginSessionId } from "@concord/core/id";
import {
  describeClient,
  endOwnLoginSession,
  endOwnLoginSessions,
  LoginAnswer,
  LoginSessionView,
  listOwnLoginSessions,
  listOwnMemberships,
  listOwnSecurityEvents,
  OwnMembership,
  SwitchMembership,
  switchMembership,
} from "@concord/core/login";
import { SecurityEventView } from "@concord/core/security-event";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import type { ApiStore, RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

const SessionPath = z.object({ sessionId: LoginSessionId });

export const memberships = route({
  operationId: "listOwnMemberships",
  tag: "login",
  summary:
    "Your memberships over all tenants; logged in by a tenant's single sign-on, the one you are in",
  method: "get",
  path: "/me/memberships",
  permission: "me:read",
  retry: "safe",
  rate: "read",
  standing: "always",
  beforeSecondFactor: "open",
  request: {},
  response: { status: 200, body: z.object({ items: z.array(OwnMembership) }) },
  errors: [],
});

export const change = route({
  operationId: "switchMembership",
  tag: "login",
  summary: "Log in to another of your memberships without a password; the first login stays",
  method: "post",
  path: "/login/switch",
  permission: "me:read",
  retry: "unsafe",
  rate: "write",
  standing: "always",
  beforeSecondFactor: "open",
  request: { body: SwitchMembership },
  response: { status: 200, body: LoginAnswer },
  errors: ["login-failed", "login-proves-one-tenant", "membership-not-found"],
});

export const list = route({
  operationId: "listOwnLoginSessions",
  tag: "login",
  summary: "Where you are logged in, over all your memberships, the last used first",
  method: "get",
  path: "/me/login-sessions",
  permission: "me:read",
  retry: "safe",
  rate: "read",
  standing: "always",
  beforeSecondFactor: "open",
  request: {},
  response: { status: 200, body: z.object({ items: z.array(LoginSessionView) }) },
  errors: [],
});

export const end = route({
  operationId: "endOwnLoginSession",
  tag: "login",
  summary: "End one of your login sessions; its tokens are refused from now on",
  method: "post",
  path: "/me/login-sessions/{sessionId}/end",
  permission: "login-session:end",
  retry: "safe",
  rate: "write",
  standing: "always",
  beforeSecondFactor: "open",
  request: { params: SessionPath },
  response: { status: 204 },
  errors: ["login-session-not-found"],
});

export const endAll = route({
  operationId: "endOwnLoginSessions",
  tag: "login",
  summary: "End all your login sessions, this one too",
  method: "post",
  path: "/me/login-sessions/end-all",
  permission: "login-session:end",
  retry: "safe",
  rate: "write",
  standing: "always",
  beforeSecondFactor: "open",
  request: {},
  response: { status: 204 },
  errors: [],
});

export const events = route({
  operationId: "listOwnSecurityEvents",
  tag: "login",
  summary:
    "What happened to your log-ins, password and second factor, the newest first; kept for 180 days",
  method: "get",
  path: "/me/security-events",
  permission: "me:read",
  retry: "safe",
  rate: "read",
  standing: "always",
  beforeSecondFactor: "open",
  request: {},
  response: { status: 200, body: SecurityEventView, isList: true },
  errors: ["login-proves-one-tenant"],
});

type AccountContext = RouteContext<ApiStore, AccountPorts>;

/** A person over their own memberships: people alone have login sessions. */
const own = (ctx: AccountContext) => ({
  ...ctx.ports,
  actor: ctx.actor,
  session: ctx.principal.session ?? raise("permission-denied"),
});

export const loginSessionRoutes: readonly Route<ApiStore, AccountPorts>[] = [
  on(memberships, {
    run: (ctx: AccountContext) => listOwnMemberships(own(ctx)),
    answer: (items) => ({ body: { items } }),
  }),
  on(change, {
    run: (ctx: AccountContext, { body }) =>
      switchMembership(own(ctx), body, describeClient(ctx.header("User-Agent"))),
    answer: (answer) => ({ body: answer }),
  }),
  on(list, {
    run: (ctx: AccountContext) => listOwnLoginSessions(own(ctx)),
    answer: (items) => ({ body: { items } }),
  }),
  on(end, {
    run: (ctx: AccountContext, { params }) => endOwnLoginSession(own(ctx), params.sessionId),
    answer: () => ({}),
  }),
  on(endAll, {
    run: (ctx: AccountContext) => endOwnLoginSessions(own(ctx)),
    answer: () => ({}),
  }),
  on(events, {
    run: (ctx: AccountContext, { page }) => listOwnSecurityEvents(own(ctx), page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
