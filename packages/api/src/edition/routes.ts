import type { BillingStore } from "@concord/core/billing";
import {
  ChangeEdition,
  CloseTenant,
  Edition,
  editions,
  InvoiceView,
  listInvoices,
  type Subscription,
  type SubscriptionStore,
  SubscriptionTerms,
  SubscriptionView,
  termsOf,
} from "@concord/core/edition";
import type { LegalHoldStore } from "@concord/core/legal-hold";
import {
  changeEdition,
  closeTenant,
  getSubscription,
  reopenTenant,
  type TenantProfileStore,
} from "@concord/core/tenant";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

export const listEditions = route({
  operationId: "listEditions",
  tag: "subscription",
  summary: "List the editions there are with their limits, smallest first",
  method: "get",
  path: "/editions",
  permission: "edition:read",
  retry: "safe",
  rate: "read",
  standing: "always",
  request: {},
  response: { status: 200, body: Edition, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getSubscription",
  tag: "subscription",
  summary: "Read your subscription: edition, state, when it ends, and what is used of each limit",
  method: "get",
  path: "/subscription",
  permission: "subscription:read",
  retry: "safe",
  rate: "read",
  standing: "always",
  request: {},
  response: { status: 200, body: SubscriptionView },
  errors: ["tenant-not-found"],
});

export const change = route({
  operationId: "changeEdition",
  tag: "subscription",
  summary: "Change the edition at once; a smaller one must hold everything that is in use",
  method: "post",
  path: "/subscription/change-edition",
  permission: "subscription:change",
  retry: "conditional",
  rate: "write",
  standing: "always",
  request: { body: ChangeEdition, ifMatch: "required" },
  response: { status: 200, body: SubscriptionTerms },
  errors: [
    ...(["edition-too-small", "edition-unchanged", "subscription-closed"] as const),
    ...(["billed-already", "tenant-not-found"] as const),
  ],
});

export const invoices = route({
  operationId: "listInvoices",
  tag: "subscription",
  summary: "List your invoices, oldest first",
  method: "get",
  path: "/subscription/invoices",
  permission: "subscription:read",
  retry: "safe",
  rate: "read",
  standing: "always",
  request: {},
  response: { status: 200, body: InvoiceView, isList: true },
  errors: [],
});

export const close = route({
  operationId: "closeTenant",
  tag: "subscription",
  summary:
    "Close your tenant: nobody works in it any more; it can be exported and reopened for 30 days",
  method: "post",
  path: "/tenant/close",
  permission: "tenant:close",
  retry: "conditional",
  rate: "write",
  standing: "always",
  request: { body: CloseTenant, ifMatch: "required" },
  response: { status: 200, body: SubscriptionTerms },
  errors: [
    ...(["subscription-closed", "tenant-name-differs", "billed-already"] as const),
    ...(["tenant-not-found", "legal-hold-in-force"] as const),
  ],
});

export const reopen = route({
  operationId: "reopenTenant",
  tag: "subscription",
  summary: "Reopen your closed tenant as it was; what was not paid for is suspended",
  method: "post",
  path: "/tenant/reopen",
  permission: "tenant:close",
  retry: "conditional",
  rate: "write",
  standing: "always",
  request: { ifMatch: "required" },
  response: { status: 200, body: SubscriptionTerms },
  errors: ["subscription-not-closed", "tenant-not-found"],
});

const terms = (subscription: Subscription): RouteAnswer => ({
  body: termsOf(subscription),
  version: subscription.version,
});

export const editionRoutes: readonly Route<
  BillingStore & LegalHoldStore & SubscriptionStore & TenantProfileStore
>[] = [
  on(listEditions, {
    run: async () => editions,
    answer: (all) => ({ body: all }),
  }),
  on(get, {
    run: (ctx) => getSubscription(ctx),
    answer: (subscription) => ({ body: subscription, version: subscription.version }),
  }),
  on(change, {
    run: (ctx, { body, ifVersion }) => changeEdition(ctx, { ifVersion, edition: body.edition }),
    answer: terms,
  }),
  on(invoices, {
    run: (ctx) => listInvoices(ctx),
    answer: (all) => ({ body: all }),
  }),
  on(close, {
    run: (ctx, { body, ifVersion }) => closeTenant(ctx, { ifVersion, tenantName: body.tenantName }),
    answer: terms,
  }),
  on(reopen, {
    run: (ctx, { ifVersion }) => reopenTenant(ctx, { ifVersion }),
    answer: terms,
  }),
];
