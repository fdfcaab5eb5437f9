import { raise } from "@concord/core/error";
import {
  ActivityQuery,
  exportPerson,
  OwnActivity,
  PersonExport,
  readActivity,
} from "@concord/core/person-export";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import type { ApiStore, RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

export const everything = route({
  operationId: "exportOwnData",
  tag: "privacy",
  summary:
    "Everything of you over all tenants as one document; logged in by a tenant's single sign-on, what that tenant has",
  method: "get",
  path: "/me/export",
  permission: "me:read",
  retry: "safe",
  rate: "bulk",
  standing: "always",
  request: {},
  response: { status: 200, body: PersonExport },
  errors: [],
});

export const activity = route({
  operationId: "readOwnActivity",
  tag: "privacy",
  summary:
    "What you did through one of your memberships in up to 31 days, with what you contributed",
  method: "get",
  path: "/me/activity",
  permission: "me:read",
  retry: "safe",
  rate: "bulk",
  standing: "always",
  request: { query: ActivityQuery },
  response: { status: 200, body: z.object({ items: z.array(OwnActivity) }) },
  errors: ["membership-not-found", "audit-range-too-long"],
});

type AccountContext = RouteContext<ApiStore, AccountPorts>;

const own = (ctx: AccountContext) => ({
  ...ctx.ports,
  actor: ctx.actor,
  session: ctx.principal.session ?? raise("permission-denied"),
});

export const personExportRoutes: readonly Route<ApiStore, AccountPorts>[] = [
  on(everything, {
    run: (ctx: AccountContext) => exportPerson(own(ctx)),
    answer: (document) => ({ body: document }),
  }),
  on(activity, {
    run: (ctx: AccountContext, { query }) => readActivity(own(ctx), query),
    answer: (items) => ({ body: { items } }),
  }),
];
