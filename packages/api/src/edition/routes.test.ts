import { begin, happen } from "@concord/core/edition";
import { ACME, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { manifest } from "../manifest.ts";

const SYSTEM = { kind: "system", name: "bootstrap" } as const;

describe("the standing of a tenant", () => {
  let api: TestApi;
  let ours: string;
  let theirs: string;
  beforeEach(async () => {
    api = await testApi();
    ours = await api.logIn("owner@acme.test", TEST_PASSWORD);
    theirs = await api.logIn("owner@globex.test", TEST_PASSWORD);
  });
  const become = async (state: "suspended" | "closed") => {
    const { subscriptions } = api.store.openTenant(ACME);
    const current = (await subscriptions.get()) ?? begin("growth", "active", SYSTEM, NOON).next;
    const change = happen(current, "closed", SYSTEM, NOON);
    if (!change) throw new Error("it was open");
    const next = { ...change.next, state };
    await subscriptions.save({ ...change, next });
  };
  const send = async (path: string, options: Parameters<TestApi["request"]>[1] = {}) => {
    const response = await api.request(`/v1${path}`, { token: ours, ...options });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body, etag: response.headers.get("ETag") };
  };
  const partner = { body: { name: "Northwind", region: "Central" } };

  it("P-01 suspended refuses every change but paying and leaving, and reads everything", async () => {
    expect((await send("/partners", partner)).status).toBe(201);
    await become("suspended");
    const refused = await send("/partners", { body: { name: "Wingtip", region: "Central" } });
    expect(refused).toMatchObject({ status: 403, body: { code: "tenant-suspended" } });
    expect((await send("/partners")).body["items"]).toHaveLength(1);
    expect((await send("/me")).status).toBe(200);
    const changes = manifest.routes.filter(
      ({ definition }) => definition.method !== "get" && !definition.standing,
    );
    expect(changes.length).toBeGreaterThan(20);
    for (const { definition } of changes) {
      const path = definition.path.replaceAll(/\{\w+\}/g, "x");
      const answer = await send(path, { method: definition.method.toUpperCase(), body: {} });
      const code = answer.body["code"];
      // Of what an owner may not do, the role is spoken of first.
      expect(["tenant-suspended", "permission-denied"], definition.operationId).toContain(code);
    }
    expect((await send("/partners", { ...partner, token: theirs })).status).toBe(201);
  });

  it("P-01 closed lets nothing be read but what leaving needs, until it is reopened", async () => {
    const { etag, body } = await send("/subscription");
    expect(body).toMatchObject({ state: "active", standing: "open" });
    const close = (tenantName: string) =>
      send("/tenant/close", { body: { tenantName }, headers: { "If-Match": String(etag) } });
    expect(await close("acme")).toMatchObject({
      status: 422,
      body: { code: "tenant-name-differs" },
    });
    const closed = await close("Acme");
    expect(closed).toMatchObject({ status: 200, body: { state: "closed", standing: "closed" } });
    expect(await send("/partners")).toMatchObject({
      status: 403,
      body: { code: "tenant-closed" },
    });
    expect((await send("/partners", { token: theirs })).status).toBe(200);
    expect((await send("/subscription")).body["state"]).toBe("closed");
    const again = await api.logIn("owner@acme.test", TEST_PASSWORD);
    const reopened = await send("/tenant/reopen", {
      method: "POST",
      token: again,
      headers: { "If-Match": String(closed.etag) },
    });
    expect(reopened).toMatchObject({ status: 200, body: { state: "active" } });
    expect((await send("/partners")).status).toBe(200);
  });

  it("is remembered: no request pays for it", async () => {
    await send("/partners");
    await send("/partners");
    // Membership and session in one request, the list in another.
    expect(api.log.at(-1)).toMatchObject({ requests: 2, readUnits: 2.5 });
  });

  it("P-01 tells editions, use and invoices to those who may change them", async () => {
    const { body } = await send("/editions");
    expect(body["items"]).toMatchObject([
      { name: "starter", limits: { partners: 10, members: 5 } },
      { name: "growth" },
      { name: "enterprise", limits: { partners: null } },
    ]);
    const subscription = await send("/subscription");
    expect(subscription.body["usage"]).toMatchObject({ members: { used: 1, limit: null } });
    const changed = await send("/subscription/change-edition", {
      body: { edition: "starter" },
      headers: { "If-Match": String(subscription.etag) },
    });
    expect(changed.body).toMatchObject({ edition: "starter" });
    const stale = await send("/subscription/change-edition", {
      body: { edition: "growth" },
      headers: { "If-Match": String(subscription.etag) },
    });
    expect(stale.status).toBe(412);
    expect((await send("/subscription/invoices")).body["items"]).toEqual([]);
    const { token } = await api.member(ACME, "viewer");
    expect((await send("/subscription", { token })).status).toBe(403);
  });
});
