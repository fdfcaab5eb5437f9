import {
  ConnectSso,
  connectSso,
  getSso,
  type SsoConnection,
  SsoConnectionView,
  type SsoStore,
  UpdateSso,
  updateSso,
} from "@concord/core/single-sign-on";
import type { AccountPorts } from "../account/ports.ts";
import type { RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

const view = ({ sealedClientSecret: _, ...rest }: SsoConnection): SsoConnectionView => rest;

const tag = "single sign-on";

export const connect = route({
  operationId: "connectSingleSignOn",
  tag,
  summary:
    "Set up single sign-on at the tenant's identity provider; members are found by the address it vouches for",
  method: "post",
  path: "/single-sign-on",
  permission: "single-sign-on:manage",
  retry: "conditional",
  rate: "write",
  request: { body: ConnectSso },
  response: { status: 201, body: SsoConnectionView },
  errors: ["sso-exists", "sso-issuer-unusable"],
});

export const get = route({
  operationId: "getSingleSignOn",
  tag,
  summary: "Read how the tenant's members log in at its identity provider",
  method: "get",
  path: "/single-sign-on",
  permission: "single-sign-on:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: SsoConnectionView },
  errors: ["sso-not-found"],
});

export const update = route({
  operationId: "updateSingleSignOn",
  tag,
  summary:
    "Change, require or switch off single sign-on; while it is required, owners keep their password",
  method: "patch",
  path: "/single-sign-on",
  permission: "single-sign-on:manage",
  retry: "conditional",
  rate: "write",
  request: { body: UpdateSso, ifMatch: "required" },
  response: { status: 200, body: SsoConnectionView },
  errors: ["sso-not-found", "sso-secret-needed", "sso-issuer-unusable"],
});

const toolsOf = ({ ports, principal }: RouteContext<SsoStore, AccountPorts>) => ({
  provider: ports.identityProvider,
  vault: ports.vaultOf(principal.tenantId),
});
const answer = (connection: SsoConnection) => ({
  body: view(connection),
  version: connection.version,
});

export const singleSignOnRoutes: readonly Route<SsoStore, AccountPorts>[] = [
  on(connect, { run: (ctx, { body }) => connectSso(ctx, toolsOf(ctx), body), answer }),
  on(get, { run: (ctx) => getSso(ctx), answer }),
  on(update, {
    run: (ctx, { body, ifVersion }) => updateSso(ctx, toolsOf(ctx), { ifVersion, changes: body }),
    answer,
  }),
];
