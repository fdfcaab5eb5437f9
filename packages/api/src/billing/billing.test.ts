import { begin } from "@concord/core/edition";
import type { TenantId } from "@concord/core/id";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkoutObject,
  eventBody,
  type FakeStripe,
  fakeStripe,
  invoiceObject,
  subscriptionObject,
} from "./fake-stripe.fixture.ts";
import { stripeProvider } from "./stripe-provider.ts";

const WEBHOOK_SECRET = "whsec_of_these_tests";
const prices = { starter: "price_starter", growth: "price_growth" };

describe("paying at Stripe", () => {
  let stripe: FakeStripe;
  let api: TestApi;
  let owner: string;
  let counter = 0;
  beforeAll(async () => {
    stripe = await fakeStripe();
    const payments = stripeProvider({
      ...{ secretKey: "sk_test_of_these_tests", webhookSecret: WEBHOOK_SECRET },
      ...{ prices, origin: stripe.origin },
    });
    api = await testApi({ payments });
    owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
  });
  afterAll(() => stripe.close());

  const seconds = () => Math.floor(api.wallNow.getTime() / 1000);
  const signed = (payload: string, timestamp = seconds(), secret = WEBHOOK_SECRET) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const deliver = (payload: string, signature = signed(payload)) =>
    api.request("/v1/billing/stripe/events", {
      method: "POST",
      body: payload,
      headers: { "Stripe-Signature": signature },
    });
  const next = (prefix: string) => {
    counter += 1;
    return `${prefix}_${counter}`;
  };
  const customerOf = (tenantId: TenantId) => `cus_of_${tenantId}`;
  const told = (type: string, object: unknown, id = next("evt"), created = seconds()) =>
    deliver(eventBody(id, type, object, created));
  const codeOf = async (response: Response) =>
    ((await response.json()) as Record<string, unknown>)["code"];
  /** What the tenants hold about paying, in an order. */
  const rows = async () =>
    (await api.store.dump())
      .filter(({ pk }) => String(pk).endsWith("#SUBSCRIPTION"))
      .map(({ pk, sk, version }) => `${pk} ${sk} ${version}`)
      .sort();

  const checkout = (token: string, body: object = { edition: "growth" }) =>
    api.request("/v1/subscription/checkout", { token, body });
  const stateOf = async (tenantId: TenantId) => {
    const store = api.store.openTenant(tenantId);
    const [subscription, account] = [await store.subscriptions.get(), await store.billing.get()];
    return {
      ...{ state: subscription?.state, edition: subscription?.edition },
      standing: account?.standing,
    };
  };
  /** A subscription as it is at Stripe from here on. */
  const isNow = (id: string, tenantId: TenantId, status: string, price?: string, more?: object) => {
    const object = subscriptionObject(id, customerOf(tenantId), tenantId, status, price, more);
    stripe.subscriptions.set(id, object);
    return object;
  };

  it("P-01 sends an owner to a page of Stripe, with a customer that is bound to the tenant", async () => {
    const first = await checkout(owner, { edition: "growth" });
    if (!first.ok) throw new Error(String(api.log.at(-1)?.["stack"]));
    expect(await first.json()).toEqual({ url: "https://pay.stripe.test/v1/checkout/sessions/1" });
    const [made, session] = stripe.asked;
    expect(made).toEqual({
      ...{ method: "POST", path: "/v1/customers", idempotencyKey: `customer-${ACME}` },
      authorization: "Bearer sk_test_of_these_tests",
      form: { name: "Acme", "metadata[tenantId]": ACME },
    });
    expect(session?.idempotencyKey).toMatch(/^[0-9a-f]{64}$/);
    expect({ path: session?.path, ...session?.form }).toEqual({
      path: "/v1/checkout/sessions",
      mode: "subscription",
      customer: customerOf(ACME),
      client_reference_id: ACME,
      "line_items[0][price]": "price_growth",
      "line_items[0][quantity]": "1",
      "metadata[tenantId]": ACME,
      "subscription_data[metadata][tenantId]": ACME,
      success_url: "https://api.concord.test/docs",
      cancel_url: "https://api.concord.test/docs",
    });
    await checkout(owner, { edition: "growth" });
    const again = stripe.asked.slice(2);
    expect(again.map(({ path }) => path)).toEqual(["/v1/checkout/sessions"]);
    expect(again[0]?.idempotencyKey).toBe(session?.idempotencyKey);
    const page = await api.request("/v1/subscription/portal", { token: owner, body: {} });
    expect(page.status).toBe(200);
    expect(stripe.asked.at(-1)).toMatchObject({
      path: "/v1/billing_portal/sessions",
      form: { customer: customerOf(ACME) },
    });
  });

  it("lets the browser come back to an allowed origin alone, and sells what has a price alone", async () => {
    const evil = await checkout(owner, { edition: "growth", returnTo: "https://evil.test/x" });
    expect([evil.status, await codeOf(evil)]).toEqual([400, "request-invalid"]);
    const returnTo = "https://console.concord.test/subscription";
    expect((await checkout(owner, { edition: "growth", returnTo })).status).toBe(200);
    expect(await codeOf(await checkout(owner, { edition: "enterprise" }))).toBe("edition-not-sold");
    const { token } = await api.member(ACME, "admin");
    expect((await checkout(token)).status).toBe(403);
  });

  it("refuses a body that was changed by a byte, another secret and an old signature, and writes nothing", async () => {
    const payload = eventBody("evt_bad", "customer.subscription.updated", {}, seconds());
    const before = await rows();
    for (const [body, signature] of [
      [`${payload} `, signed(payload)],
      [payload, signed(payload, seconds(), "whsec_of_somebody")],
      [payload, signed(payload, seconds() - 301)],
      [payload, ""],
    ] as const) {
      const refused = await deliver(body, signature);
      expect([refused.status, await codeOf(refused)]).toEqual([400, "billing-signature-invalid"]);
    }
    expect(await rows()).toEqual(before);
    expect((await deliver(payload, signed(payload, seconds() - 299))).status).not.toBe(400);
  });

  it("P-01 follows the subscription from trial to active, past due and active again", async () => {
    const store = api.store.openTenant(ACME);
    const system = { kind: "system", name: "bootstrap" } as const;
    const known = await store.subscriptions.get();
    const { next: trial, event, timers } = begin("starter", "trial", system, api.wallNow);
    const version = (known?.version ?? 0) + 1;
    await store.subscriptions.save({ next: { ...trial, version }, event, timers });
    const id = "sub_acme";
    await told("customer.subscription.created", isNow(id, ACME, "incomplete"));
    expect(await stateOf(ACME)).toEqual({
      state: "trial",
      edition: "starter",
      standing: "pending",
    });

    isNow(id, ACME, "active");
    await told("checkout.session.completed", checkoutObject(customerOf(ACME), id, ACME));
    expect(await stateOf(ACME)).toEqual({ state: "active", edition: "growth", standing: "paid" });

    isNow(id, ACME, "past_due");
    const invoice = (status: "paid" | "open") =>
      invoiceObject("in_1", customerOf(ACME), id, ACME, status);
    await told("invoice.payment_failed", invoice("open"));
    expect(await stateOf(ACME)).toMatchObject({ state: "past-due", standing: "overdue" });
    const listed = () => api.request("/v1/subscription/invoices", { token: owner });
    expect(await (await listed()).json()).toMatchObject({
      items: [
        { number: "NW-in_1", status: "overdue", amount: { amount: "499.00", currency: "USD" } },
      ],
    });

    isNow(id, ACME, "active");
    await told("invoice.paid", invoice("paid"));
    expect(await stateOf(ACME)).toMatchObject({ state: "active", standing: "paid" });
    // The failure comes once more, late: what is paid stays paid.
    await told("invoice.payment_failed", invoice("open"));
    expect(await stateOf(ACME)).toMatchObject({ state: "active" });
    expect(await (await listed()).json()).toMatchObject({ items: [{ status: "paid" }] });
  });

  it("takes an event once, also of many at once, and in any order comes to the same", async () => {
    const { version } = (await api.store.openTenant(ACME).billing.get()) ?? { version: 0 };
    const object = isNow("sub_acme", ACME, "active");
    const twins = await Promise.all(
      Array.from({ length: 4 }, () => told("customer.subscription.updated", object, "evt_twin")),
    );
    expect(twins.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect((await api.store.openTenant(ACME).billing.get())?.version).toBe(version + 1);

    // What they say is old: one of each state there was, the newest first.
    for (const status of ["active", "past_due", "incomplete"]) {
      const old = subscriptionObject("sub_acme", customerOf(ACME), ACME, status, "price_starter");
      await told("customer.subscription.updated", old, next("evt"), seconds() - 1000);
      expect(await stateOf(ACME)).toMatchObject({ state: "active", edition: "growth" });
    }
  });

  it("comes to what Stripe says now where another event is taken while one is being decided", async () => {
    const globexBefore = (await rows()).filter((row) => row.includes(GLOBEX));
    const { version } = (await api.store.openTenant(ACME).billing.get()) ?? { version: 0 };
    const late = isNow("sub_acme", ACME, "past_due");
    let saves = 0;
    const interleaved = api.through((opened) => {
      const stores = openRequestStores(api.store.table, opened);
      return {
        ...stores,
        openTenant(tenantId, record) {
          const store = stores.openTenant(tenantId, record);
          const save: typeof store.billing.save = async (...of) => {
            saves += 1;
            if (saves === 1) {
              const paid = isNow("sub_acme", ACME, "active");
              const other = await told("customer.subscription.updated", paid);
              expect(other.status).toBe(204);
            }
            return store.billing.save(...of);
          };
          return { ...store, billing: { ...store.billing, save } };
        },
      };
    });
    const payload = eventBody(next("evt"), "customer.subscription.updated", late, seconds());
    const answer = await interleaved("/v1/billing/stripe/events", {
      ...{ method: "POST", body: payload, headers: { "Stripe-Signature": signed(payload) } },
    });
    expect(answer.status).toBe(204);
    // The one that was overtaken asked Stripe again.
    expect(saves).toBe(2);
    expect(await stateOf(ACME)).toMatchObject({ state: "active", standing: "paid" });
    expect((await api.store.openTenant(ACME).billing.get())?.version).toBe(version + 2);
    expect((await rows()).filter((row) => row.includes(GLOBEX))).toEqual(globexBefore);
  });

  it("never changes another tenant: an event that names one is refused and logged", async () => {
    const globex = await api.logIn("owner@globex.test", TEST_PASSWORD);
    await checkout(globex);
    const before = await rows();
    // The customer of Acme, with Globex in what we wrote into it; then the subscription of Acme in Globex's event.
    const forged = subscriptionObject("sub_acme", customerOf(ACME), GLOBEX, "canceled");
    const refused = await told("customer.subscription.deleted", forged);
    expect([refused.status, await codeOf(refused)]).toEqual([422, "billing-customer-differs"]);
    expect(api.log).toContainEqual(
      expect.objectContaining({ message: "billing event of another customer", tenantId: GLOBEX }),
    );
    const crossed = checkoutObject(customerOf(GLOBEX), "sub_acme", GLOBEX);
    expect((await told("checkout.session.completed", crossed)).status).toBe(422);
    expect(await rows()).toEqual(before);
    expect(await stateOf(GLOBEX)).toMatchObject({ standing: "pending" });
  });

  it("acknowledges what is none of ours: unknown types, no tenant, a tenant that is gone", async () => {
    const before = await rows();
    const nobody = "ten_0000000000000000000000NONE";
    const answers = [
      await told("charge.refunded", { id: "ch_1" }),
      await told("customer.subscription.updated", {
        ...isNow("sub_x", ACME, "active"),
        metadata: {},
      }),
      await told(
        "customer.subscription.updated",
        subscriptionObject("sub_y", "cus_y", nobody, "active"),
      ),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await rows()).toEqual(before);
  });

  it("is not left behind: while Stripe bills, the edition changes and the tenant is closed there first", async () => {
    const change = async (path: string, body: object) => {
      const { headers } = await api.request("/v1/subscription", { token: owner });
      return api.request(path, {
        ...{ method: "POST", token: owner, body },
        headers: { "If-Match": headers.get("ETag") ?? "" },
      });
    };
    const upgrade = () => change("/v1/subscription/change-edition", { edition: "enterprise" });
    expect(await codeOf(await upgrade())).toBe("billed-already");
    expect(await codeOf(await change("/v1/tenant/close", { tenantName: "Acme" }))).toBe(
      "billed-already",
    );
    expect(await codeOf(await checkout(owner))).toBe("billed-already");
    const ending = isNow("sub_acme", ACME, "active", "price_growth", {
      cancel_at_period_end: true,
    });
    await told("customer.subscription.updated", ending);
    expect((await upgrade()).status).toBe(200);
  });

  it("P-01 takes a smaller edition at once, over its limits too: nothing is lost, nothing more fits in", async () => {
    const context = api.store.asMember(ACME, "admin");
    const add = (name: string) =>
      createPartner(context, {
        ...{ name, type: "reseller", lifecycleStage: "growing", region: "Central" },
        ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
      });
    for (let count = 1; count <= 11; count += 1) await add(`Partner ${count}`);
    await told("customer.subscription.updated", isNow("sub_acme", ACME, "active", "price_starter"));
    expect(await stateOf(ACME)).toMatchObject({ state: "active", edition: "starter" });
    const view = await api.request("/v1/subscription", { token: owner });
    expect(await view.json()).toMatchObject({ usage: { partners: { used: 11, limit: 10 } } });
    await expect(add("One more")).rejects.toMatchObject({ code: "edition-limit-reached" });
    const { items } = (await (await api.request("/v1/partners", { token: owner })).json()) as {
      items: unknown[];
    };
    expect(items).toHaveLength(11);
  });

  it("ends in a grace once the subscription is over", async () => {
    await told("customer.subscription.deleted", isNow("sub_acme", ACME, "canceled"));
    expect(await stateOf(ACME)).toMatchObject({ state: "past-due", standing: "ended" });
    // A new one may follow.
    expect((await checkout(owner)).status).toBe(200);
  });
});

describe("without a payment provider", () => {
  it("says that the operator bills by hand", async () => {
    const api = await testApi();
    const token = await api.logIn("owner@acme.test", TEST_PASSWORD);
    for (const [path, body] of [
      ["/v1/subscription/checkout", { edition: "growth" }],
      ["/v1/subscription/portal", {}],
      ["/v1/billing/stripe/events", {}],
    ] as const) {
      const refused = await api.request(path, { token, body });
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ code: "billing-by-hand" });
    }
  });
});
