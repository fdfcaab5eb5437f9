import type { PartnerId, ProgramId } from "@concord/core/id";
import { createPartner } from "@concord/core/partner";
import { createProgram, publishProgram } from "@concord/core/program";
import { emptyCounters } from "@concord/core/rollup";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

interface Tested {
  readonly name: string;
  readonly periods: readonly {
    readonly period: string;
    readonly baseline: { readonly score: number | null };
    readonly candidate: { readonly score: number | null };
    readonly change: number | null;
  }[];
}

/** A tenant with two partners that won in two quarters, and a program whose draft is version 1. */
async function setUp(api: TestApi, tenantId: typeof ACME, names: readonly string[]) {
  const admin = api.store.asMember(tenantId, "admin");
  const { programId } = await createProgram(admin, { from: "reseller-template" });
  await publishProgram(admin, { programId, ifVersion: 1, effectiveFrom: "2027-Q1" });
  const partnerIds: PartnerId[] = [];
  for (const [index, name] of names.entries()) {
    const { partnerId } = await createPartner(admin, {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "West",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    partnerIds.push(partnerId);
    const won = 20 * (index + 1);
    const counters = {
      ...emptyCounters(),
      wonCount: won,
      lostCount: 20,
      wonAmount: won * 300_000,
      createdCount: won,
    };
    await api.store.asSystem(tenantId).store.rollups.replace([
      {
        partnerId,
        month: "2026-11",
        counters,
        version: 1,
        changedAt: "2026-12-01T00:00:00.000Z",
      },
    ]);
  }
  return { programId, partnerIds };
}

describe("a change of program, before it is published", () => {
  let api: TestApi;
  let manager: string;
  let partner: string;
  let programId: ProgramId;
  let foreignProgramId: ProgramId;
  const ask = async <T>(path: string, token = manager) => {
    const response = await api.request(`/v1${path}`, { token });
    return { status: response.status, body: (await response.json()) as T };
  };
  const backTest = (query: string) =>
    ask<{ items: Tested[]; nextCursor: string | null }>(
      `/programs/${programId}/back-test?${query}`,
    );

  beforeAll(async () => {
    api = await testApi();
    const acme = await setUp(api, ACME, ["Alder", "Birch", "Cedar"]);
    ({ programId } = acme);
    ({ programId: foreignProgramId } = await setUp(api, GLOBEX, ["Foreign"]));
    manager = (await api.member(ACME, "program-manager")).token;
    const [alder] = acme.partnerIds;
    if (!alder) throw new Error("there are partners");
    partner = (await api.partnerUser(ACME, alder, "partner-exec")).token;
    const draft = await api.request(`/v1/programs/${programId}`, { token: manager });
    const { draft: definition } = (await draft.json()) as {
      draft: { metrics: { metricId: string; weightPercent: number }[] };
    };
    const weights: Record<string, number> = { "revenue-won": 10, "win-rate": 25 };
    const metrics = definition.metrics.map((one) => ({
      ...one,
      weightPercent: weights[one.metricId] ?? one.weightPercent,
    }));
    const changed = await api.request(`/v1/programs/${programId}/draft`, {
      method: "PATCH",
      token: manager,
      headers: { "if-match": '"2"' },
      body: { metrics },
    });
    expect(changed.status).toBe(200);
  });

  it("S-03 is told in words, to members for the draft and to partners once it is published", async () => {
    const { body } = await ask<object>(`/programs/${programId}/draft/changes`);
    expect(body).toEqual({
      fromVersion: 1,
      toVersion: null,
      changes: [
        {
          about: "metric",
          id: "revenue-won",
          kind: "changed",
          text: "The weight of Revenue won falls from 20 % to 10 %",
        },
        {
          about: "metric",
          id: "win-rate",
          kind: "changed",
          text: "The weight of Win rate rises from 15 % to 25 %",
        },
      ],
    });
    expect((await ask(`/programs/${programId}/draft/changes`, partner)).status).toBe(403);
    const first = await ask<object>(`/programs/${programId}/versions/1/changes`, partner);
    expect(first.body).toEqual({ fromVersion: null, toVersion: 1, changes: [] });
    expect((await ask(`/programs/${programId}/versions/2/changes`, partner)).status).toBe(404);
    expect((await ask(`/programs/${programId}/versions/1/changes?since=9`)).status).toBe(404);
  });

  it("G-02 is back-tested partner by partner over past periods, against the version in effect", async () => {
    const { status, body } = await backTest("from=2026-Q4&to=2026-Q4");
    expect(status).toBe(200);
    expect(body.items.map(({ name }) => name)).toEqual(["Alder", "Birch", "Cedar"]);
    // Of 55 with data. Alder: revenue 40, win rate 16.6667, deal size 80, pipeline 0. Birch: 100, 72.2222, 80, 12.5.
    // Cedar has the full score in the two metrics whose weights change.
    expect(
      body.items.map(({ periods: [only] }) => [
        only?.baseline.score,
        only?.candidate.score,
        only?.change,
      ]),
    ).toEqual([
      [33.6364, 29.3939, -4.2425],
      [72.8788, 67.8283, -5.0505],
      [85, 85, 0],
    ]);
  });

  it("G-02 differs in nothing where both sides are the same version", async () => {
    const { body } = await backTest("from=2026-Q3&to=2026-Q4&baseline=1&candidate=1");
    for (const { periods } of body.items) {
      for (const one of periods) expect(one.change ?? 0).toBe(0);
    }
  });

  it("goes through many partners page by page", async () => {
    const first = await backTest("from=2026-Q4&to=2026-Q4&limit=2");
    expect(first.body.items).toHaveLength(2);
    const next = await backTest(`from=2026-Q4&to=2026-Q4&limit=2&cursor=${first.body.nextCursor}`);
    expect(next.body.items.map(({ name }) => name)).toEqual(["Cedar"]);
    expect(next.body.nextCursor).toBeNull();
  });

  it.each([
    ["from=2026-Q4", 400],
    ["from=2026-Q4&to=2026-Q3", 400],
    ["from=2027-Q1&to=2029-Q1", 400],
    ["from=2020-Q1&to=2026-Q4", 400],
    ["from=2026-Q4&to=2026-Q4&candidate=7", 404],
    ["from=2026-Q4&to=2026-Q4&candidate=never", 400],
  ])("answers %s with %i", async (query, status) => {
    expect((await backTest(query)).status).toBe(status);
  });

  it("is for those who write the program, and for no other tenant", async () => {
    const path = `/programs/${programId}/back-test?from=2026-Q4&to=2026-Q4`;
    const viewer = (await api.member(ACME, "viewer")).token;
    expect((await ask(path, viewer)).status).toBe(403);
    expect((await ask(path, partner)).status).toBe(403);
    const stranger = (await api.member(GLOBEX, "program-manager")).token;
    expect((await ask(path, stranger)).status).toBe(404);
    const foreign = await ask<{ code: string }>(
      `/programs/${foreignProgramId}/back-test?from=2026-Q4&to=2026-Q4`,
    );
    expect(foreign).toMatchObject({ status: 404, body: { code: "program-not-found" } });
  });

  it("names everything that is wrong with a draft that cannot be scored", async () => {
    const broken = await api.request(`/v1/programs/${programId}/draft`, {
      method: "PATCH",
      token: manager,
      headers: { "if-match": '"3"' },
      body: {
        formulaMeasures: [{ measure: "a", name: "A", unit: "number", formula: "deals_won +" }],
      },
    });
    expect(broken.status).toBe(200);
    const { status, body } = await ask<{ code: string; errors: { pointer: string }[] }>(
      `/programs/${programId}/back-test?from=2026-Q4&to=2026-Q4`,
    );
    expect(status).toBe(422);
    expect(body.code).toBe("program-not-publishable");
    expect(body.errors.map(({ pointer }) => pointer)).toEqual(["/draft/formulaMeasures/0/formula"]);
  });
});
