import {
  getTenant,
  Tenant,
  type TenantProfileStore,
  UpdateTenant,
  updateTenant,
} from "@concord/core/tenant";
import { on, type Route, route } from "../http/route.ts";

export const get = route({
  operationId: "getTenant",
  tag: "tenant",
  summary: "Read your tenant: time zone, fiscal year, currency",
  method: "get",
  path: "/tenant",
  permission: "tenant:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: Tenant },
  errors: ["tenant-not-found"],
});

export const update = route({
  operationId: "updateTenant",
  tag: "tenant",
  summary: "Change your tenant; what you leave out stays",
  method: "patch",
  path: "/tenant",
  permission: "tenant:update",
  retry: "conditional",
  rate: "write",
  request: { body: UpdateTenant, ifMatch: "required" },
  response: { status: 200, body: Tenant },
  errors: ["tenant-not-found"],
});

export const tenantRoutes: readonly Route<TenantProfileStore>[] = [
  on(get, {
    run: (ctx) => getTenant(ctx),
    answer: (tenant) => ({ body: tenant, version: tenant.version }),
  }),
  on(update, {
    run: (ctx, { body, ifVersion }) => updateTenant(ctx, { ifVersion, changes: body }),
    answer: (tenant) => ({ body: tenant, version: tenant.version }),
  }),
];
