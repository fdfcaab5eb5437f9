import { eventOf } from "@concord/core/event";
import {
  ACME,
  answerOf,
  GLOBEX,
  NOON,
  TEST_PASSWORD,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type RecordsWorld, RULES, recordsWorld } from "./records.fixture.ts";

interface Sent {
  readonly status: number;
  readonly etag: string | null;
  readonly body: Record<string, unknown>;
}

describe("rules of retention and legal holds", () => {
  let w: RecordsWorld;
  let owner = "";
  let stranger = "";
  beforeAll(async () => {
    w = await recordsWorld();
    owner = w.owner;
    stranger = await w.api.logIn("owner@globex.test", TEST_PASSWORD);
  }, 120_000);

  const send = async (
    method: string,
    path: string,
    {
      as = owner,
      ...more
    }: {
      body?: unknown;
      as?: string;
      version?: number;
      key?: string;
    } = {},
  ): Promise<Sent> => answerOf(await w.api.request(`/v1${path}`, { method, token: as, ...more }));
  const set = (body: unknown, version = 0, as = owner) =>
    send("PUT", "/retention", { body, as, version });

  it("S-17 tells before anything is saved what rules would remove today", async () => {
    const preview = (query: string, as = owner) =>
      send("GET", `/retention/preview?${query}`, { as });
    const kept = await preview("contribution=365&session=30");
    expect(kept.body).toMatchObject({
      isWhole: true,
      outcomes: [
        { kind: "contribution", days: 365, upTo: "2026-01-15", wouldRemove: 0, held: 0 },
        { kind: "session", days: 30, upTo: "2026-12-16", wouldRemove: 0, held: 0 },
      ],
    });
    expect((await send("GET", "/retention")).body).toEqual({
      days: {},
      version: 0,
      updatedAt: null,
    });
    for (const query of ["contribution=29", "contribution=7306", "facts=365", "session=1.5"]) {
      expect((await preview(query)).status, query).toBe(400);
    }
  });

  it("counts in a preview what a run then removes, and what holds keep", async () => {
    const { previewRetention } = await import("@concord/core/retention");
    const { partnerId } = w.second.partnership.partner;
    const placed = await send("POST", "/legal-holds", { body: { partnerId, reason: "A dispute" } });
    expect(placed.status).toBe(201);
    const later = {
      ...w.api.store.asMember(ACME, "admin"),
      now: new Date("2028-03-01T12:00:00.000Z"),
    };
    const { outcomes } = await previewRetention(later, RULES.days);
    expect(outcomes.map(({ kind, wouldRemove, held }) => [kind, wouldRemove, held])).toEqual([
      ["contribution", 2, 2],
      ["session", 1, 1],
      ["dispute", 1, 1],
      ["fact-report", 1, 1],
      ["action-item", 1, 1],
      ["goal", 1, 1],
      ["development-plan", 1, 1],
      ["import", 1, 1],
    ]);
    const { holdId } = placed.body;
    const release = { body: { reason: "Settled" }, version: 1 };
    expect((await send("POST", `/legal-holds/${holdId}/release`, release)).status).toBe(200);
  });

  it("keeps rules under their version, one tenant's apart from the other's", async () => {
    expect((await send("PUT", "/retention", { body: RULES })).status).toBe(428);
    expect(await set({ days: { session: 400 } }, 1)).toMatchObject({ status: 412 });
    const first = await set({ days: { session: 400 } });
    expect(first).toMatchObject({ status: 200, etag: '"1"', body: { days: { session: 400 } } });
    expect((await set(RULES)).status).toBe(412);
    expect((await set({ days: { session: 10 } }, 1)).status).toBe(400);
    expect((await set({ days: { opportunity: 400 } }, 1)).status).toBe(400);
    expect((await send("GET", "/retention", { as: stranger })).body).toMatchObject({ version: 0 });
    expect((await set({ days: {} }, 1)).body).toMatchObject({ days: {}, version: 2 });
  });

  it("is bounded by the edition", async () => {
    const { subscriptions } = w.api.store.openTenant(GLOBEX);
    const before = await subscriptions.get();
    if (!before) throw new Error("every tenant has an edition");
    const next = { ...before, edition: "growth" as const, version: before.version + 1 };
    const data = { from: before.state, to: before.state, edition: next.edition };
    const by = { kind: "system", name: "bootstrap" } as const;
    const event = eventOf("subscription.edition-changed" as const, by, NOON, data);
    await subscriptions.save({ next, event, timers: [] }, { changesEdition: true });
    expect(await set({ days: { session: 731 } }, 0, stranger)).toMatchObject({
      status: 403,
      body: { code: "edition-limit-reached" },
    });
    expect((await set({ days: { session: 730 } }, 0, stranger)).status).toBe(200);
  });

  it("S-17 is for owners and admins alone", async () => {
    const { token: viewer } = await w.api.member(ACME, "program-manager", "viewer");
    const { partnerId } = w.first.partnership.partner;
    const { token: partner } = await w.api.partnerUser(ACME, partnerId, "partner-exec");
    for (const as of [viewer, partner]) {
      for (const path of ["/retention", "/retention/runs", "/retention/preview", "/legal-holds"]) {
        expect((await send("GET", path, { as })).status, path).toBe(403);
      }
      expect((await set(RULES, 2, as)).status).toBe(403);
      const body = { reason: "Mine" };
      expect((await send("POST", "/legal-holds", { as, body })).status).toBe(403);
    }
  });

  it("S-17 places a hold once under its key, tells who, why and since when, and releases it once", async () => {
    const { partnerId } = w.first.partnership.partner;
    const key = "hold-1";
    const body = { partnerId, reason: "Rebates of 2026" };
    const placed = await send("POST", "/legal-holds", { body, key });
    const again = await send("POST", "/legal-holds", { body, key });
    expect(placed).toMatchObject({ status: 201, etag: '"1"' });
    expect(again.body).toEqual(placed.body);
    const path = `/legal-holds/${String(placed.body["holdId"])}`;
    expect((await send("GET", path)).body).toMatchObject({
      ...{ partnerId, reason: "Rebates of 2026", status: "in-force" },
      ...{ placedBy: { kind: "member" }, placedAt: "2027-01-15T12:00:00.000Z" },
    });
    const foreign = await send("GET", path, { as: stranger });
    expect(foreign).toMatchObject({ status: 404, body: { code: "legal-hold-not-found" } });
    const theirs = { partnerId: w.foreign.partnership.partner.partnerId, reason: "Not ours" };
    expect(await send("POST", "/legal-holds", { body: theirs })).toMatchObject({
      status: 404,
      body: { code: "partner-not-found" },
    });
    expect((await send("POST", "/legal-holds", { body: { reason: " " } })).status).toBe(400);

    const release = (version: number, reason: unknown = "Settled", as = owner) =>
      send("POST", `${path}/release`, { body: { reason }, as, version });
    expect((await release(1, "Settled", stranger)).status).toBe(404);
    expect((await release(1, "")).status).toBe(400);
    expect((await release(2)).status).toBe(412);
    expect((await release(1)).body).toMatchObject({
      ...{ status: "released", releaseReason: "Settled", releasedBy: { kind: "member" } },
    });
    expect(await release(2)).toMatchObject({ status: 409, body: { code: "legal-hold-released" } });
    const { items } = (await send("GET", "/legal-holds")).body as { items: { holdId: string }[] };
    expect(items.map(({ holdId }) => holdId)).toContain(placed.body["holdId"]);
    expect((await send("GET", "/legal-holds", { as: stranger })).body["items"]).toEqual([]);
  });

  it("S-17 refuses other removals at the tenant's wish while it holds", async () => {
    const { partner, partnerUsers, members } = await testPartnership(w.api.store, ACME, {
      name: "third",
    });
    const { partnerId } = partner;
    const hold = async (body: object) => {
      const placed = await send("POST", "/legal-holds", { body: { ...body, reason: "A dispute" } });
      return async () => {
        const path = `/legal-holds/${String(placed.body["holdId"])}/release`;
        await send("POST", path, { body: { reason: "Over" }, version: 1 });
      };
    };
    const eraseUser = () =>
      send("POST", `/partners/${partnerId}/users/${partnerUsers.user.partnerUserId}/erase`, {
        version: partnerUsers.user.version,
      });
    const eraseMember = () =>
      send("POST", `/members/${members.viewer.memberId}/erase`, {
        version: members.viewer.version,
      });
    const refused = { status: 409, body: { code: "legal-hold-in-force" } };
    const releasePartner = await hold({ partnerId });
    expect(await eraseUser()).toMatchObject(refused);
    const { version } = (await send("GET", "/subscription")).body as { version?: number };
    const { name } = (await send("GET", "/tenant")).body as { name: string };
    const close = await send("POST", "/tenant/close", {
      body: { tenantName: name },
      version: version ?? 0,
    });
    expect(close).toMatchObject(refused);
    await releasePartner();
    const releaseAll = await hold({});
    expect(await eraseUser()).toMatchObject(refused);
    expect(await eraseMember()).toMatchObject(refused);
    await releaseAll();
    expect((await eraseUser()).status).toBe(200);
    expect((await eraseMember()).status).toBe(200);
  });
});
