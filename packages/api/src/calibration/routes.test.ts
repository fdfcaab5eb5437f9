import { eventOf } from "@concord/core/event";
import {
  ACME,
  GLOBEX,
  refusalOf,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";

interface Card {
  readonly revision: number;
  readonly score: number;
  readonly unadjusted?: { readonly score: number };
  readonly adjustment?: object;
}

describe("calibration over HTTP", () => {
  let api: TestApi;
  let own: TestPartnership;
  let programs: string;
  let sponsor: string;
  let partner: string;
  let foreign: string;
  beforeEach(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME);
    await putCycle(own);
    programs = (await api.member(ACME, "program-manager")).token;
    sponsor = (await api.member(ACME, "executive-sponsor")).token;
    partner = (await api.partnerUser(ACME, own.partner.partnerId, "partner-exec")).token;
    foreign = (await api.member(GLOBEX, "owner", "admin")).token;
  });

  async function putCycle({ review, program, asSystem }: TestPartnership) {
    const { store, now } = asSystem();
    const { cycleId, period, openedAt, freezesAt, closesAt } = review;
    await store.cycles.save(
      {
        ...{ cycleId, programId: program.programId, programVersion: 1, period },
        ...{ span: { from: "2026-10-01", to: "2026-12-31" }, currency: "USD" },
        ...{ timeZone: "America/Chicago", status: "frozen", opensAt: openedAt },
        ...{ openedAt, freezesAt, closesAt, partnerCount: 1, chunkCount: 0 },
        ...{ kickedOffAt: openedAt, freezeStartedAt: openedAt, frozenAt: openedAt },
        ...{ closedAt: null, reviewsClosedAt: null, version: 1 },
      },
      eventOf("cycle.opened", { kind: "system", name: "schedule" }, now, {}),
    );
  }

  const cycle = () => `/v1/review-cycles/${own.review.cycleId}`;
  const card = () => `${cycle()}/scorecards/${own.partner.partnerId}`;
  const send = (
    to: string,
    token: string,
    more: { body?: unknown; version?: number; key?: string } = {},
  ) => api.request(to, { method: "POST", token, ...more });
  const read = async <T>(to: string, token: string): Promise<T> => {
    const response = await api.request(to, { token });
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  };
  const adjust = (
    points: number | null,
    more: { version?: number; key?: string } = {},
    token = sponsor,
  ) =>
    send(`${card()}/adjust`, token, {
      body: { points, reason: "Fewer days" },
      version: 1,
      ...more,
    });

  it("G-13 goes from the comparison to an adjusted score that both sides see, and back", async () => {
    expect(await refusalOf(await adjust(2))).toEqual([404, "calibration-not-found"]);
    const opened = await send(`${cycle()}/calibration`, programs);
    expect(opened.status).toBe(201);
    expect(opened.headers.get("Location")).toBe(`${cycle()}/calibration`);
    expect(await refusalOf(await send(`${cycle()}/calibration`, programs))).toEqual([
      409,
      "calibration-open",
    ]);
    const before = await read<Card>(card(), partner);
    const listed = await read<{ items: object[] }>(`${cycle()}/calibration/cards`, sponsor);
    expect(listed.items).toMatchObject([
      {
        partnerName: "Northwind",
        region: "Central",
        partnerManagerId: own.members.manager.memberId,
        revision: 1,
        score: before.score,
      },
    ]);
    const groups = await read<object>(`${cycle()}/calibration/groups`, sponsor);
    expect(groups).toMatchObject({
      cycle: { cards: 1, rated: 1, mean: null },
      regions: [{ region: "Central", cards: 1 }],
    });
    // To authenticate and to count against the rate, the cycle, its reviews, their partners, and one for each card.
    await read(`${cycle()}/calibration/groups`, sponsor);
    expect(api.log.at(-1)?.["requests"]).toBe(6);

    const made = await adjust(-2.5, { key: "adjust-1" });
    expect(made.status).toBe(201);
    const after = (await made.json()) as Card;
    expect(after).toMatchObject({
      revision: 2,
      unadjusted: { score: before.score },
      adjustment: { points: -2.5, reason: "Fewer days" },
    });
    expect(Math.round((before.score - after.score) * 1e4)).toBe(25_000);
    const replayed = await adjust(-2.5, { key: "adjust-1" });
    expect(replayed.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await read<Card>(card(), partner)).toMatchObject(after);
    expect(await read(`${card()}/replay`, partner)).toMatchObject({ isIdentical: true });

    const back = await adjust(null, { version: 2 });
    expect(back.status).toBe(201);
    const restored = (await back.json()) as Card;
    expect(restored).toMatchObject({ revision: 3, score: before.score });
    expect(restored.unadjusted).toBeUndefined();
    expect(restored.adjustment).toBeUndefined();
    expect(await refusalOf(await adjust(null, { version: 3 }))).toEqual([
      409,
      "scorecard-unchanged",
    ]);

    const closed = await send(`${cycle()}/calibration/close`, programs, { version: 1 });
    expect(closed.status).toBe(200);
    expect(await refusalOf(await adjust(1, { version: 3 }))).toEqual([409, "calibration-closed"]);
    const reopened = await send(`${cycle()}/calibration`, programs);
    expect(await reopened.json()).toMatchObject({ status: "open", version: 3 });
  });

  it("stays within the bound, and asks for the revision that was seen", async () => {
    await send(`${cycle()}/calibration`, programs);
    for (const points of [5.01, -6, 0]) {
      expect(await refusalOf(await adjust(points))).toEqual([422, "calibration-beyond-bound"]);
    }
    expect((await adjust(0.001)).status).toBe(400);
    expect((await adjust(40)).status).toBe(400);
    expect(
      (await send(`${card()}/adjust`, sponsor, { body: { points: 1, reason: "x" } })).status,
    ).toBe(428);
    expect(await refusalOf(await adjust(1, { version: 9 }))).toEqual([412, "version-stale"]);
  });

  it("is not for a reviewer's own partners", async () => {
    await send(`${cycle()}/calibration`, programs);
    const { token, member } = await api.member(ACME, "executive-sponsor");
    const { store } = own.asSystem();
    const current = await store.partners.get(own.partner.partnerId);
    if (!current) throw new Error("there is a partner");
    await api.request(`/v1/partners/${own.partner.partnerId}`, {
      method: "PATCH",
      token: programs,
      body: { partnerManagerId: member.memberId },
      version: current.version,
    });
    expect(await refusalOf(await adjust(1, {}, token))).toEqual([403, "calibration-own-partner"]);
  });

  it("is the vendor's alone, and another tenant's not at all", async () => {
    await send(`${cycle()}/calibration`, programs);
    const viewer = (await api.member(ACME, "partner-manager")).token;
    const reads = ["", "/cards", "/groups"].map((to) => `${cycle()}/calibration${to}`);
    for (const to of reads) {
      for (const token of [partner, viewer]) {
        expect((await api.request(to, { token })).status).toBe(403);
      }
      expect((await api.request(to, { token: foreign })).status).toBe(404);
    }
    expect((await adjust(1, {}, partner)).status).toBe(403);
    expect((await adjust(1, {}, foreign)).status).toBe(404);
    expect((await send(`${cycle()}/calibration`, foreign)).status).toBe(404);
    expect((await send(`${cycle()}/calibration/close`, sponsor, { version: 1 })).status).toBe(403);
  });

  it("adjusts once of two at the same moment, and never after it was closed", async () => {
    await send(`${cycle()}/calibration`, programs);
    const outcomes = await Promise.all([
      adjust(1),
      adjust(2),
      send(`${cycle()}/calibration/close`, programs, { version: 1 }),
    ]);
    const [first, second, closed] = outcomes.map(({ status }) => status);
    expect(closed).toBe(200);
    expect([first, second].filter((status) => status === 201).length).toBeLessThanOrEqual(1);
    expect([201, 409, 412]).toContain(first);
    const { items } = await read<{ items: Card[] }>(`${card()}/revisions`, partner);
    const made = [first, second].filter((status) => status === 201).length;
    expect(items).toHaveLength(1 + made);
    expect(await refusalOf(await adjust(1, { version: 1 + made }))).toEqual([
      409,
      "calibration-closed",
    ]);
  });
});
