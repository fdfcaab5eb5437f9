import { cycleIdOf } from "@concord/core/cycle";
import { CycleId, OpportunityId, type PartnerId, type ProgramId, SourceId } from "@concord/core/id";
import type { Opportunity } from "@concord/core/opportunity";
import { createPartner } from "@concord/core/partner";
import { createProgram, publishProgram } from "@concord/core/program";
import { recount } from "@concord/core/rollup";
import { freezeScorecard } from "@concord/core/scorecard";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;

/** The test clock stands in 2027-Q1: that quarter is live, 2026-Q4 is past its data window. */
const LIVE = "2027-Q1";
const PAST = "2026-Q4";

const factOf = (partnerId: PartnerId, number: number, closedOn: string): Opportunity => ({
  opportunityId: OpportunityId.parse(`opp_${String(number).padStart(26, "0")}`),
  partnerId,
  sourceId: SourceId.parse("src_0000000000000000000000000A"),
  externalId: `E-${number}`,
  customerAccount: "Northwind",
  product: "Alpha",
  stage: "Won",
  stageHistory: [],
  outcome: number % 4 === 0 ? "lost" : "won",
  engagedOn: "2026-10-05",
  closedOn,
  currency: "USD",
  amountMinor: 300_000,
  listAmountMinor: 310_000,
  defects: [],
  corrected: [],
  importId: null,
  row: null,
  revision: 1,
  receivedAt: "2027-01-10T00:00:00.000Z",
  changedAt: "2027-01-10T00:00:00.000Z",
});

describe("scorecards over HTTP", () => {
  let api: TestApi;
  let token: string;
  let programId: ProgramId;
  let facts: Opportunity[];
  let partnerId: PartnerId;
  let partnerToken: string;
  let otherToken: string;

  const newPartner = (name: string, tenantId = ACME) =>
    createPartner(api.store.asMember(tenantId, "admin"), {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });

  beforeAll(async () => {
    api = await testApi();
    token = (await api.member(ACME, "program-manager")).token;
    const ctx = api.store.asMember(ACME, "program-manager");
    ({ programId } = await createProgram(ctx, { from: "reseller-template" }));
    await publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: "2026-Q1" });
    ({ partnerId } = await newPartner("Northwind"));
    partnerToken = (await api.partnerUser(ACME, partnerId, "partner-user")).token;
    const other = await newPartner("Southwind");
    otherToken = (await api.partnerUser(ACME, other.partnerId, "partner-user")).token;

    facts = Array.from({ length: 40 }, (_, index) =>
      factOf(partnerId, index + 1, index < 20 ? "2026-11-20" : "2027-01-08"),
    );
    const rollups = [...recount(facts)].map(([month, counters]) => ({
      partnerId,
      month,
      counters,
      version: 1,
      changedAt: "2027-01-10T00:00:00.000Z",
    }));
    await ctx.store.rollups.replace(rollups);
    const system = api.store.asSystem(ACME);
    const opportunities = {
      ...system.store.opportunities,
      async *ofPartner() {
        yield* facts;
      },
    };
    const program = await system.store.programs.version(programId, 1);
    if (!program) throw new Error("the program was published");
    const { differences } = await freezeScorecard(
      { ...system, store: { ...system.store, opportunities } },
      {
        cycleId: cycleIdOf(programId, PAST),
        partnerId,
        program,
        period: PAST,
        span: { from: "2026-10-01", to: "2026-12-31" },
      },
    );
    if (differences.length > 0) throw new Error("rollup and facts agree");
  });

  const cardPath = () => `/v1/review-cycles/${cycleIdOf(programId, PAST)}/scorecards/${partnerId}`;
  const ofPeriod = (period: string, query = "", as = token) =>
    api.request(`/v1/partners/${partnerId}/scorecards/${period}${query}`, { token: as });

  it("S-29 tell a card at one look, the same to both sides and to nobody else", async () => {
    const live = await bodyOf(await ofPeriod(LIVE, "/summary"));
    expect(live).toMatchObject({ status: "live", revision: null, period: LIVE });
    expect(live["trend"]).toMatchObject({ previousPeriod: PAST });
    expect(await bodyOf(await ofPeriod(LIVE, "/summary", partnerToken))).toEqual(live);
    const frozen = await bodyOf(await ofPeriod(PAST, "/summary"));
    expect(frozen).toMatchObject({ status: "frozen", revision: 1 });
    // The period before the first one that is scored.
    const first = await bodyOf(await ofPeriod("2026-Q1", "/summary"));
    expect(first).toMatchObject({ trend: null });
    expect((await ofPeriod(PAST, "/summary", otherToken)).status).toBe(404);
    expect((await ofPeriod("2025-Q4", "/summary")).status).toBe(404);
  });

  it("G-01 preview a live card with its explanation, the same for both sides", async () => {
    const vendor = await bodyOf(await ofPeriod(LIVE, "?explain=true"));
    const partner = await bodyOf(await ofPeriod(LIVE, "?explain=true", partnerToken));
    expect(partner).toEqual(vendor);
    expect(vendor).toMatchObject({
      status: "live",
      freezesAt: "2027-04-07T11:00:00.000Z",
      changedAt: "2027-01-10T00:00:00.000Z",
      facts: `/v1/partners/${partnerId}/opportunities`,
      card: { period: LIVE, currency: "USD", programVersion: 1 },
    });
    const { explanation, card } = vendor as {
      explanation: { metrics: { metricId: string; steps: string[] }[] };
      card: { metrics: { metricId: string; value: string }[] };
    };
    // 15 won, 5 lost of the 20 that closed in January.
    expect(card.metrics.find(({ metricId }) => metricId === "win-rate")?.value).toBe("75");
    const winRate = explanation.metrics.find(({ metricId }) => metricId === "win-rate");
    expect(winRate?.steps[0]).toBe("100 × won / (won + lost) = 75 % with wonCount 15, lostCount 5");
  });

  it("S-37 a live card costs one data request beside authentication, however many facts there are", async () => {
    await ofPeriod(LIVE);
    await ofPeriod(LIVE);
    // One to authenticate, one for the months of the partner.
    expect(api.log.at(-1)).toMatchObject({ requests: 2, writeUnits: 0 });
  });

  it("answer with the frozen card once the data window is over", async () => {
    const scorecard = await bodyOf(await ofPeriod(PAST));
    expect(scorecard).toMatchObject({
      status: "frozen",
      card: { revision: 1, inputCount: 40 },
      facts: `${cardPath()}/inputs?revision=1`,
    });
    expect(scorecard["explanation"]).toBeUndefined();
  });

  it("S-29 say what moved since the period before", async () => {
    const response = await api.request(`/v1/partners/${partnerId}/scorecards/${LIVE}/changes`, {
      token: partnerToken,
    });
    const comparison = (await bodyOf(response)) as {
      change: number;
      moves: Record<string, number>[];
    };
    expect(comparison).toMatchObject({ previousPeriod: PAST, period: LIVE, fromCap: 0 });
    const steps = comparison.moves
      .flatMap((m) => [m["fromMeasure"], m["fromTarget"], m["fromWeight"], m["fromCoverage"]])
      .map((points) => Math.round((points ?? 0) * 1e4));
    expect(steps.reduce((a, b) => a + b, 0)).toBe(Math.round(comparison.change * 1e4));
  });

  it("S-29 say where a partner stands, the same to both sides", async () => {
    const path = `/v1/partners/${partnerId}/standings/${LIVE}`;
    const vendor = await bodyOf(await api.request(path, { token }));
    const card = (await bodyOf(await ofPeriod(LIVE)))["card"] as { score: number };
    expect(vendor).toMatchObject({
      period: LIVE,
      score: card.score,
      periods: [{ period: LIVE, score: card.score, weightPercent: 100, leftOut: null }],
    });
    expect(await bodyOf(await api.request(path, { token: partnerToken }))).toEqual(vendor);
    const stranger = (await api.member(GLOBEX, "admin")).token;
    expect((await api.request(path, { token: stranger })).status).toBe(404);
  });

  it("S-32 list the facts behind a frozen card, page by page", async () => {
    const first = await bodyOf(await api.request(`${cardPath()}/inputs?limit=25`, { token }));
    const cursor = encodeURIComponent(String(first["nextCursor"]));
    const second = await bodyOf(
      await api.request(`${cardPath()}/inputs?limit=25&cursor=${cursor}`, { token }),
    );
    expect((first["items"] as Body[]).length + (second["items"] as Body[]).length).toBe(40);
    expect(second["nextCursor"]).toBeNull();
  });

  it("export a card as CSV", async () => {
    const response = await api.request(`/v1/partners/${partnerId}/scorecards/${PAST}/export`, {
      token: partnerToken,
    });
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const lines = (await response.text()).split("\r\n");
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(/^partner_id,period,/);
  });

  it("G-02 replay a frozen card", async () => {
    const replayed = await api.request(`${cardPath()}/replay`, { token: partnerToken });
    expect(await bodyOf(replayed)).toEqual({ revision: 1, isIdentical: true, differences: [] });
  });

  it("give the frozen card its revision as ETag and list its revisions", async () => {
    const card = await api.request(`${cardPath()}?explain=true`, { token });
    expect(card.headers.get("ETag")).toBe('"1"');
    expect(await bodyOf(card)).toMatchObject({
      revision: 1,
      explanation: { nextRating: { ratingId: "leading", cheapest: { metricId: "sales-cycle" } } },
    });
    const { items } = await bodyOf(await api.request(`${cardPath()}/revisions`, { token }));
    expect(items).toHaveLength(1);
  });

  it("G-04 revise only with the revision that was seen, and only where a fact has changed", async () => {
    const revise = (as: string, headers: Record<string, string>) =>
      api.request(`${cardPath()}/revisions`, { token: as, body: { reason: "Checked" }, headers });
    expect((await revise(token, {})).status).toBe(428);
    expect((await revise(token, { "If-Match": '"7"' })).status).toBe(412);
    expect((await revise(partnerToken, { "If-Match": '"1"' })).status).toBe(403);
    // No fact is in the table of this test: a revision would have none, which is a change.
    const revised = await revise(token, { "If-Match": '"1"' });
    expect(revised.status).toBe(201);
    expect(revised.headers.get("Location")).toBe(`${cardPath()}?revision=2`);
    expect(await bodyOf(revised)).toMatchObject({ revision: 2, reason: "Checked", inputCount: 0 });
    const old = await bodyOf(await api.request(`${cardPath()}?revision=1`, { token }));
    expect(old).toMatchObject({ revision: 1, inputCount: 40 });
    const repeated = await revise(token, { "If-Match": '"2"' });
    expect([repeated.status, (await bodyOf(repeated))["code"]]).toEqual([
      409,
      "scorecard-unchanged",
    ]);
  });

  it.each([
    ["another partner's period", () => ofPeriod(LIVE, "", otherToken), "partner-not-found"],
    [
      "another partner's frozen card",
      () => api.request(cardPath(), { token: otherToken }),
      "scorecard-not-found",
    ],
    [
      "a cycle that is none",
      () =>
        api.request(
          `/v1/review-cycles/${CycleId.parse("cyc_0000000000000000000000000Z")}/scorecards/${partnerId}`,
          { token },
        ),
      "scorecard-not-found",
    ],
    ["a period before the program", () => ofPeriod("2025-Q4"), "scorecard-without-program"],
    [
      "a partner that is none",
      () =>
        api.request(`/v1/partners/ptr_0000000000000000000000000Z/scorecards/${LIVE}`, { token }),
      "partner-not-found",
    ],
  ])("answer 404 for %s", async (_, ask, code) => {
    const response = await ask();
    expect([response.status, (await bodyOf(response))["code"]]).toEqual([404, code]);
  });

  it("show another tenant nothing", async () => {
    const stranger = (await api.member(GLOBEX, "admin")).token;
    for (const path of [cardPath(), `${cardPath()}/inputs`, `${cardPath()}/replay`]) {
      expect((await api.request(path, { token: stranger })).status).toBe(404);
    }
    expect((await ofPeriod(LIVE, "", stranger)).status).toBe(404);
  });

  it.each(["2027-Q5", "2027", "2027-M2"])("refuse the period %s with a hint", async (period) => {
    const response = await ofPeriod(period);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await bodyOf(response))).toContain("2027-Q1");
  });
});
