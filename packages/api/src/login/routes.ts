import { WhoAmI, whoAmI } from "@concord/core/login";
import type { MemberStore } from "@concord/core/member";
import type { TenantProfileStore } from "@concord/core/tenant";
import { on, type Route, route } from "../http/route.ts";

export const me = route({
  operationId: "getMe",
  tag: "login",
  summary: "Who you are: tenant, roles, and the partner you act for",
  method: "get",
  path: "/me",
  permission: "me:read",
  standing: "always",
  beforeSecondFactor: "open",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: WhoAmI },
  errors: [],
});

export const loginRoutes: readonly Route<MemberStore & TenantProfileStore>[] = [
  on(me, { run: (ctx) => whoAmI(ctx), answer: (who) => ({ body: who }) }),
];
