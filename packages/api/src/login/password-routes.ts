import { raise } from "@concord/core/error";
import { ChangePassword, changePassword } from "@concord/core/login";
import type { AccountPorts } from "../account/ports.ts";
import type { ApiStore, RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

export const change = route({
  operationId: "changePassword",
  tag: "login",
  summary: "Set your password and end all your other login sessions, in every tenant",
  method: "post",
  path: "/me/password",
  permission: "me:read",
  retry: "unsafe",
  rate: "secret",
  request: { body: ChangePassword },
  response: { status: 204 },
  errors: ["password-wrong", "password-unsuitable", "login-proves-one-tenant", "version-stale"],
});

export const passwordRoutes: readonly Route<ApiStore, AccountPorts>[] = [
  on(change, {
    run: (ctx: RouteContext<ApiStore, AccountPorts>, { body }) => {
      const session = ctx.principal.session ?? raise("permission-denied");
      return changePassword({ ...ctx.ports, actor: ctx.actor, session }, body);
    },
    answer: () => ({}),
  }),
];
