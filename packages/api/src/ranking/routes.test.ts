import { advanceCycle, cycleIdOf, openCycle } from "@concord/core/cycle";
import type { PartnerId, ProgramId } from "@concord/core/id";
import { createPartner } from "@concord/core/partner";
import { createProgram, publishProgram } from "@concord/core/program";
import { projectRanking } from "@concord/core/ranking";
import { emptyCounters } from "@concord/core/rollup";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const PERIOD = "2027-Q1";
const CHANGED_AT = "2027-01-10T00:00:00.000Z";

interface Ranked {
  readonly rank: number | null;
  readonly partnerName: string;
  readonly status: string;
  readonly unratedReasons: string[];
}

describe("cycles and rankings over HTTP", () => {
  let api: TestApi;
  let token: string;
  let strangerToken: string;
  let partnerToken: string;
  let programId: ProgramId;
  let partnerIds: PartnerId[];
  const ask = async <T>(path: string, as = token) => {
    const response = await api.request(`/v1${path}`, { token: as });
    return { status: response.status, body: (await response.json()) as T };
  };

  beforeAll(async () => {
    api = await testApi();
    token = (await api.member(ACME, "viewer")).token;
    strangerToken = (await api.member(GLOBEX, "owner")).token;
    const admin = api.store.asMember(ACME, "admin");
    const system = api.store.asSystem(ACME);
    const december = new Date("2026-12-10T12:00:00Z");
    ({ programId } = await createProgram(admin, { from: "reseller-template" }));
    await publishProgram(
      { ...admin, now: december },
      { programId, ifVersion: 1, effectiveFrom: "2027-Q1" },
    );
    partnerIds = [];
    // The last one has no deals; the name of the second would run as a formula.
    for (const [name, region, won] of [
      ["Alpha", "West", 30],
      ["=Beta()", "Central", 60],
      ["Gamma", "West", 60],
      ["Omega", "West", 0],
    ] as const) {
      const { partnerId } = await createPartner(admin, {
        name,
        type: "reseller",
        lifecycleStage: "growing",
        region,
        partnerManagerId: null,
        executiveSponsorId: null,
        dataStewardId: null,
      });
      partnerIds.push(partnerId);
      if (won === 0) continue;
      const counters = {
        ...emptyCounters(),
        wonCount: won,
        lostCount: 20,
        wonAmount: won * 100_000,
        cycleCount: won,
        cycleDays: won * 50,
        listedCount: won,
        listedAmount: won * 100_000,
        listedListAmount: won * 100_000,
        "wonWithinBp.1000": won,
        "wonAlignedBp.1000": won,
        createdCount: won,
        enteredCount: won,
      };
      await system.store.rollups.replace([
        { partnerId, month: "2027-01", counters, version: 1, changedAt: CHANGED_AT },
      ]);
    }
    const cycleId = cycleIdOf(programId, PERIOD);
    await openCycle(system, { programId, notBefore: "2027-01-01", cadence: "quarterly" });
    await advanceCycle(system, { send: () => Promise.resolve() }, { tenantId: ACME, cycleId });
    for (const partnerId of partnerIds) {
      await projectRanking(system, { partnerId, periods: [PERIOD] });
    }
    const [, , gamma] = partnerIds;
    if (!gamma) throw new Error("there are four partners");
    partnerToken = (await api.partnerUser(ACME, gamma, "partner-user")).token;
  });

  it("S-08 show the windows of a cycle to both sides, and its progress to members alone", async () => {
    const cycleId = cycleIdOf(programId, PERIOD);
    const list = await ask<{ items: { cycleId: string }[] }>("/review-cycles", partnerToken);
    expect(list.body.items.map((cycle) => cycle.cycleId)).toEqual([cycleId]);
    const member = await ask<object>(`/review-cycles/${cycleId}`);
    expect(member.body).toMatchObject({
      period: PERIOD,
      status: "open",
      opensAt: "2027-01-01T12:00:00.000Z",
      freezesAt: "2027-04-07T11:00:00.000Z",
      closesAt: "2027-04-28T11:00:00.000Z",
      progress: { partners: 4, reviewsOpened: 0 },
    });
    const partner = await ask<object>(`/review-cycles/${cycleId}`, partnerToken);
    expect(partner.body).toMatchObject({ period: PERIOD, progress: null });
    expect((await ask(`/review-cycles/${cycleId}`, strangerToken)).status).toBe(404);
  });

  it("rank partners best first, equal ones alike, and name why one is not ranked", async () => {
    const { body } = await ask<{ items: Ranked[] }>(`/rankings/${PERIOD}`);
    expect(body.items.map(({ rank, partnerName }) => [rank, partnerName])).toEqual([
      [1, "=Beta()"],
      [1, "Gamma"],
      [3, "Alpha"],
      [null, "Omega"],
    ]);
    const last = body.items.at(-1);
    expect(last?.status).toBe("unrated");
    expect(last?.unratedReasons.length).toBeGreaterThan(0);
  });

  it("rank among the peers of a region, page by page, with a cursor that is good for that list alone", async () => {
    const first = await ask<{ items: Ranked[]; nextCursor: string }>(
      `/rankings/${PERIOD}?region=West&limit=1`,
    );
    expect(first.body.items.map(({ rank, partnerName }) => [rank, partnerName])).toEqual([
      [1, "Gamma"],
    ]);
    const cursor = encodeURIComponent(first.body.nextCursor);
    const second = await ask<{ items: Ranked[] }>(
      `/rankings/${PERIOD}?region=West&limit=2&cursor=${cursor}`,
    );
    expect(second.body.items.map(({ rank, partnerName }) => [rank, partnerName])).toEqual([
      [2, "Alpha"],
      [null, "Omega"],
    ]);
    expect((await ask(`/rankings/${PERIOD}?region=East&cursor=${cursor}`)).status).toBe(400);
  });

  it("sum up a period by rating", async () => {
    const { body } = await ask<{ distribution: { partners: number }[] }>(
      `/rankings/${PERIOD}/summary`,
    );
    expect(body).toMatchObject({
      period: PERIOD,
      partners: 4,
      rated: 3,
      unrated: 1,
      revenue: { amount: "150000.00", currency: "USD" },
    });
    expect(body.distribution.reduce((sum, { partners }) => sum + partners, 0)).toBe(3);
  });

  it("tell a partner its own place, and keep everything else of the ranking from it", async () => {
    const [alpha, , gamma] = partnerIds;
    const own = await ask<object>(`/partners/${gamma}/ranking/${PERIOD}`, partnerToken);
    expect(own.body).toMatchObject({ rank: 1, peers: 2, region: "West" });
    expect(JSON.stringify(own.body)).not.toMatch(/Alpha|Beta|Omega/);
    const other = await ask<{ code: string }>(`/partners/${alpha}/ranking/${PERIOD}`, partnerToken);
    expect([other.status, other.body.code]).toEqual([404, "ranking-entry-not-found"]);
    for (const path of [`/rankings/${PERIOD}`, `/rankings/${PERIOD}/summary`]) {
      expect((await ask(path, partnerToken)).status).toBe(403);
    }
  });

  it("show nothing of it to another tenant", async () => {
    const { body } = await ask<object>(`/rankings/${PERIOD}`, strangerToken);
    expect(body).toEqual({ items: [], nextCursor: null });
    const summary = await ask<object>(`/rankings/${PERIOD}/summary`, strangerToken);
    expect(summary.body).toMatchObject({ partners: 0, revenue: null, distribution: [] });
  });

  it("P-07 export ranking and cards as CSV in which no name runs as a formula", async () => {
    const ranking = await api.request(`/v1/rankings/${PERIOD}/export`, { token });
    expect(ranking.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const [header, first, ...rest] = (await ranking.text()).trimEnd().split("\r\n");
    expect(header).toBe(
      "rank,status,partner_id,partner,segment,region,state,score,rating,coverage_percent,previous_score,trend,revenue,currency,unrated_reasons",
    );
    expect(first).toContain(`,'=Beta(),reseller.growing,Central,live,`);
    expect(first).toContain(",60000,USD,");
    expect(rest).toHaveLength(3);
    const cycleId = cycleIdOf(programId, PERIOD);
    const path = `/v1/review-cycles/${cycleId}/scorecards/export`;
    const cards = (await (await api.request(path, { token })).text()).trimEnd().split("\r\n");
    expect(cards[0]).toMatch(
      /^partner_id,partner,region,state,revision,score,rating,coverage_percent,/,
    );
    expect(cards).toHaveLength(5);
    expect(cards.find((line) => line.includes("Omega"))).toContain("insufficient data");
    expect((await api.request(path, { token: partnerToken })).status).toBe(403);
    expect((await api.request(path, { token: strangerToken })).status).toBe(404);
  });
});
