import { raise } from "@concord/core/error";
import { Inbox, readInbox } from "@concord/core/inbox";
import type { AccountPorts } from "../account/ports.ts";
import type { ApiStore, RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

export const inbox = route({
  operationId: "getInbox",
  tag: "login",
  summary:
    "What waits for you over all of your memberships, by tenant and partner, and what you are invited to; logged in by a tenant's single sign-on, in that tenant alone",
  method: "get",
  path: "/me/inbox",
  permission: "me:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: Inbox },
  errors: [],
});

type AccountContext = RouteContext<ApiStore, AccountPorts>;

export const inboxRoutes: readonly Route<ApiStore, AccountPorts>[] = [
  on(inbox, {
    run: (ctx: AccountContext) =>
      readInbox({
        ...ctx.ports,
        actor: ctx.actor,
        wallNow: ctx.wallNow,
        session: ctx.principal.session ?? raise("permission-denied"),
      }),
    answer: (body) => ({ body }),
  }),
];
