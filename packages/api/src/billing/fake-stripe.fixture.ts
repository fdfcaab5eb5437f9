import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly idempotencyKey: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

/** As much of Stripe's API as the adapter asks for, on loopback; written after the public documentation. */
export interface FakeStripe {
  readonly origin: URL;
  readonly asked: Asked[];
  /** What a subscription is now, by its id. */
  readonly subscriptions: Map<string, unknown>;
  close(): void;
}

export async function fakeStripe(): Promise<FakeStripe> {
  const asked: Asked[] = [];
  const subscriptions = new Map<string, unknown>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname: path } = new URL(request.url ?? "", "http://stripe.invalid");
    const { authorization = "", "idempotency-key": key } = request.headers;
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    asked.push({
      ...{ method: request.method ?? "", path, authorization, form },
      idempotencyKey: key === undefined ? undefined : String(key),
    });
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const page = { url: `https://pay.stripe.test${path}/1` };
    switch (`${request.method} ${path}`) {
      case "POST /v1/customers":
        return answer(200, { object: "customer", id: `cus_of_${form["metadata[tenantId]"]}` });
      case "POST /v1/checkout/sessions":
        return answer(200, { object: "checkout.session", id: "cs_test_1", ...page });
      case "POST /v1/billing_portal/sessions":
        return answer(200, { object: "billing_portal.session", id: "bps_1", ...page });
      default: {
        const found = subscriptions.get(path.split("/").at(-1) ?? "");
        const message = "No such subscription";
        return found
          ? answer(200, found)
          : answer(404, { error: { type: "invalid_request_error", message } });
      }
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: new URL(`http://127.0.0.1:${port}`),
    asked,
    subscriptions,
    close: () => server.close(),
  };
}

/** Events in the shapes that the public documentation shows, cut down. */
export const eventBody = (id: string, type: string, object: unknown, created: number): string =>
  JSON.stringify({
    ...{ id, object: "event", api_version: "2026-10-28.endive", created, type },
    ...{ livemode: false, pending_webhooks: 1, request: { id: null, idempotency_key: null } },
    data: { object },
  });

export const subscriptionObject = (
  id: string,
  customer: string,
  tenantId: string,
  status: string,
  price = "price_growth",
  more: object = {},
) => ({
  ...{ id, object: "subscription", customer, status, cancel_at_period_end: false, cancel_at: null },
  items: {
    object: "list",
    data: [{ id: "si_1", object: "subscription_item", price: { id: price, object: "price" } }],
  },
  metadata: { tenantId },
  ...more,
});

export const checkoutObject = (customer: string, subscription: string, tenantId: string) => ({
  ...{ id: "cs_test_1", object: "checkout.session", mode: "subscription", status: "complete" },
  ...{ payment_status: "paid", customer, subscription, client_reference_id: tenantId },
  metadata: { tenantId },
});

export const invoiceObject = (
  id: string,
  customer: string,
  subscription: string,
  tenantId: string,
  status: "paid" | "open",
) => ({
  ...{ id, object: "invoice", number: `NW-${id}`, customer, status, currency: "usd" },
  ...{
    amount_due: 49_900,
    created: 1_800_000_000,
    due_date: null,
    billing_reason: "subscription_cycle",
  },
  parent: {
    type: "subscription_details",
    quote_details: null,
    subscription_details: { subscription, metadata: { tenantId } },
  },
});
