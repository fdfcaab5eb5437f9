import {
  BillingPage,
  type BillingStore,
  OpenPortal,
  openPortal,
  StartCheckout,
  startCheckout,
  takeBillingEvent,
} from "@concord/core/billing";
import type { SubscriptionStore } from "@concord/core/edition";
import { raise } from "@concord/core/error";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import type { RouteContext } from "../http/context.ts";
import type { PublicRoute } from "../http/public-route.ts";
import { on, type Route, route } from "../http/route.ts";

const tag = "subscription";

export const checkout = route({
  operationId: "startCheckout",
  tag,
  summary: "Subscribe to an edition: gives the payment provider's page on which it is paid",
  method: "post",
  path: "/subscription/checkout",
  permission: "subscription:change",
  retry: "safe",
  rate: "write",
  standing: "always",
  request: { body: StartCheckout },
  response: { status: 200, body: BillingPage },
  errors: [
    ...(["billing-by-hand", "billed-already", "subscription-closed"] as const),
    ...(["edition-not-sold", "tenant-not-found", "version-stale"] as const),
  ],
});

export const portal = route({
  operationId: "openBillingPortal",
  tag,
  summary:
    "Change edition or means of payment, fetch invoices, or cancel: gives the payment provider's page",
  method: "post",
  path: "/subscription/portal",
  permission: "subscription:change",
  retry: "safe",
  rate: "write",
  standing: "always",
  request: { body: OpenPortal },
  response: { status: 200, body: BillingPage },
  errors: ["billing-by-hand", "billing-not-begun"],
});

type Context = RouteContext<BillingStore & SubscriptionStore & TenantProfileStore, AccountPorts>;

const payContext = (ctx: Context) => ({ ...ctx, provider: ctx.ports.payments });

/** Where the browser comes back to: an origin that may call us, or the description of the API. */
function backTo({ allowedOrigins, publicUrl }: AccountPorts, returnTo: string | undefined): string {
  if (returnTo === undefined) return `${publicUrl()}/docs`;
  if (allowedOrigins.includes(new URL(returnTo).origin)) return returnTo;
  raise("request-invalid", "The request body is not as described", [
    { pointer: "body:/returnTo", detail: "must be an origin that is allowed" },
  ]);
}

export const billingRoutes: readonly Route<
  BillingStore & SubscriptionStore & TenantProfileStore,
  AccountPorts
>[] = [
  on(checkout, {
    run: (ctx: Context, { body }) =>
      startCheckout(payContext(ctx), {
        ...body,
        returnTo: backTo(ctx.ports, body.returnTo),
      }),
    answer: (page) => ({ body: page }),
  }),
  on(portal, {
    run: (ctx: Context, { body }) => openPortal(payContext(ctx), backTo(ctx.ports, body.returnTo)),
    answer: (page) => ({ body: page }),
  }),
];

const events: PublicRoute<AccountPorts> = {
  operationId: "takeBillingEvent",
  tag,
  summary: "For the payment provider alone: takes a signed event, once, in any order",
  method: "post",
  path: "/v1/billing/stripe/events",
  rate: "token",
  request: { body: z.record(z.string(), z.unknown()), mediaType: "application/json" },
  response: { status: 204 },
  errors: [
    ...(["billing-by-hand", "billing-signature-invalid", "billing-customer-differs"] as const),
    ...(["changes-contended", "body-too-large"] as const),
  ],
  async respond({ data: { ports }, header, rawBody }) {
    await takeBillingEvent(
      {
        provider: ports.payments,
        contextOf: ports.billingContextOf,
        wallNow: ports.wallNow,
        log: ports.log,
      },
      await rawBody(),
      header("Stripe-Signature") ?? "",
    );
    return { status: 204, headers: {} };
  },
};

export const billingPublicRoutes: readonly PublicRoute<AccountPorts>[] = [events];
