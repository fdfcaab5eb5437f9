import { eventOf } from "@concord/core/event";
import { resellerTemplate } from "@concord/core/program";
import { evaluateTier, type PartnerTier } from "@concord/core/tier";
import {
  ACME,
  GLOBEX,
  NOON,
  refusalOf,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";

const none = { minimumScore: null, minimumRatingId: null, minimumPeriods: 0 };
const template = resellerTemplate("USD");
const definition = {
  tiers: [
    { tierId: "member", name: "Member", ...none },
    { tierId: "gold", name: "Gold", ...none, minimumScore: 5 },
  ],
  windows: { ...template.windows, appealWindowDays: 1 },
};
const ZONE = "America/Chicago";

describe("tiers over HTTP", () => {
  let api: TestApi;
  let own: TestPartnership;
  let manager: string;
  let viewer: string;
  let partner: string;
  let strangers: readonly string[];
  beforeEach(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME, { definition });
    const other = await testPartnership(api.store, ACME, { name: "Contoso" });
    manager = (await api.member(ACME, "program-manager")).token;
    viewer = (await api.member(ACME, "viewer")).token;
    partner = (await api.partnerUser(ACME, own.partner.partnerId, "partner-user")).token;
    strangers = [
      (await api.partnerUser(ACME, other.partner.partnerId, "partner-exec")).token,
      (await api.member(GLOBEX, "owner", "admin")).token,
    ];
    await evaluateTier(own.asSystem(), own.card, ZONE);
  });

  const path = () => `/v1/partners/${own.partner.partnerId}/tiers/${own.program.programId}`;
  const read = async (to = path(), token = partner) => {
    const response = await api.request(to, { token });
    expect(response.status).toBe(200);
    return (await response.json()) as PartnerTier;
  };
  const send = (to: string, token: string, body?: unknown, version?: number, key?: string) =>
    api.request(to, { method: "POST", token, body, version, key });
  const confirm = { outcome: "confirmed", reason: "Well earned" };

  it("G-05 go from a recommendation to a decision that both sides see", async () => {
    const recommended = await read();
    expect(recommended).toMatchObject({
      tierId: null,
      recommendation: { direction: "promotion", tierId: "gold", scorecardRevision: 1 },
    });
    expect(await read(path(), viewer)).toEqual(recommended);
    const waiting = await api.request("/v1/tier-recommendations", { token: manager });
    expect(await waiting.json()).toMatchObject({ items: [recommended] });
    const inbox = await api.request("/v1/me/inbox", { token: manager });
    const { items } = (await inbox.json()) as { items: { items: object[] }[] };
    expect(items[0]?.items).toContainEqual({
      kind: "tier",
      programId: own.program.programId,
      partnerId: own.partner.partnerId,
      text: "Northwind: promotion to Gold",
      since: recommended.recommendation?.recommendedAt,
    });

    expect((await send(`${path()}/decide`, manager, confirm)).status).toBe(428);
    expect((await send(`${path()}/decide`, manager, confirm, 7)).status).toBe(412);
    const decided = await send(`${path()}/decide`, manager, confirm, 1, "tier-1");
    expect(decided.status).toBe(200);
    const after = (await decided.json()) as PartnerTier;
    expect(after).toMatchObject({
      tierId: "gold",
      recommendation: null,
      history: [{ from: null, to: "gold", how: "decided", reason: "Well earned" }],
    });
    const again = await send(`${path()}/decide`, manager, confirm, 1, "tier-1");
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await read()).toEqual(after);
    expect(await refusalOf(await send(`${path()}/decide`, manager, confirm, 2))).toEqual([
      409,
      "tier-not-recommended",
    ]);
  });

  it("G-05 are not lowered while the appeal window is open, nor while something is disputed", async () => {
    const { store } = own.asSystem();
    const tier = await read();
    const { recommendation } = tier;
    if (!recommendation) throw new Error("something is recommended");
    // As if gold had been lost: frozen on 15 January, disputable until the 16th.
    const lowered = { ...recommendation, direction: "demotion", tierId: "member" } as const;
    const event = eventOf("tier.recommended", { kind: "system", name: "queue" }, NOON, {
      ...{ partnerId: tier.partnerId, programId: tier.programId, from: "gold", to: "member" },
      direction: "demotion" as const,
    });
    await store.tiers.save(
      {
        ...tier,
        ...{ tierId: "gold", tierName: "Gold", version: 2 },
        recommendation: { ...lowered, tierName: "Member", decidableFrom: "2027-01-17" },
      },
      event,
    );
    const early = await send(`${path()}/decide`, manager, confirm, 2);
    expect(await refusalOf(early)).toEqual([409, "tier-too-early"]);
    const current = await store.tiers.get(tier.partnerId, tier.programId);
    if (!current?.recommendation) throw new Error("something is recommended");
    await store.tiers.save(
      {
        ...current,
        recommendation: { ...current.recommendation, decidableFrom: "2027-01-15" },
        version: 3,
      },
      event,
    );
    const disputes = `/v1/review-cycles/${own.review.cycleId}/scorecards/${own.partner.partnerId}/disputes`;
    const filed = await send(disputes, partner, {
      ...{ about: "consequence", scorecardRevision: 1, reason: "We were ill" },
      evidence: { text: "See the letter" },
    });
    const { disputeId } = (await filed.json()) as { disputeId: string };
    expect(await refusalOf(await send(`${path()}/decide`, manager, confirm, 3))).toEqual([
      409,
      "tier-disputed",
    ]);
    const waived = { outcome: "upheld", answer: "So it was", remedy: { kind: "waived" } };
    expect((await send(`${disputes}/${disputeId}/decide`, manager, waived, 1)).status).toBe(200);
    expect(await refusalOf(await send(`${path()}/decide`, manager, confirm, 3))).toEqual([
      409,
      "tier-recommendation-stale",
    ]);
    const again = await send(`${path()}/evaluate`, manager);
    expect(await again.json()).toMatchObject({ tierId: "gold", recommendation: null });
  });

  it("are both sides', and nobody else's", async () => {
    for (const token of strangers) {
      expect(await refusalOf(await api.request(path(), { token }))).toEqual([
        404,
        "tier-not-found",
      ]);
      const list = `/v1/partners/${own.partner.partnerId}/tiers`;
      expect((await api.request(list, { token })).status).toBe(404);
    }
    for (const token of [viewer, partner]) {
      expect((await send(`${path()}/decide`, token, confirm, 1)).status).toBe(403);
      expect((await send(`${path()}/evaluate`, token)).status).toBe(403);
      expect((await api.request("/v1/tier-recommendations", { token })).status).toBe(403);
    }
    const missing = path().replace(/pgm_\w+$/, "pgm_0000000000000000000000ZZZZ");
    expect(await refusalOf(await api.request(missing, { token: manager }))).toEqual([
      404,
      "tier-not-found",
    ]);
  });
});
