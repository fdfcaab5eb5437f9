import { cycleIdOf } from "@concord/core/cycle";
import { resellerTemplate } from "@concord/core/program";
import { emptyCounters } from "@concord/core/rollup";
import { freezeScorecard } from "@concord/core/scorecard";
import {
  ACME,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const template = resellerTemplate("USD");
const [base] = template.metrics;
const metric = (metricId: string, measure: string, target: number, weightPercent: number) => ({
  ...base,
  ...{ metricId, name: metricId, measure, weightPercent, pairedMetricId: null, critical: false },
  ...{ redFlagFloor: null, scale: { kind: "linear" as const, floor: 0, target, cap: 100 } },
});
/** 5 of 10 wins are 50 points, 200 of 1,000 dollars are 20: 0.6 · 50 + 0.4 · 20 = 38. */
const definition = {
  metrics: [metric("wins", "deals_won", 10, 60), metric("revenue", "revenue_won", 1_000, 40)],
  objectives: template.objectives,
  ratingBands: [
    { ratingId: "low", name: "Low", from: 0, to: 60 },
    { ratingId: "high", name: "High", from: 60, to: 100 },
  ],
  redFlagRatingId: null,
} as object;

describe("G-02 what if", () => {
  let api: TestApi;
  let path: string;
  let own: TestPartnership;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    api = await testApi();
    own = await testPartnership(api.store, ACME, { definition });
    const other = await testPartnership(api.store, ACME, { name: "Contoso", definition });
    await testPartnership(api.store, GLOBEX, { definition });
    const { partnerId } = own.partner;
    const counters = { ...emptyCounters(), wonCount: 5, wonAmount: 20_000 };
    await own.asSystem().store.rollups.replace([
      {
        partnerId,
        month: "2027-01",
        counters,
        version: 1,
        changedAt: "2027-01-10T00:00:00.000Z",
      },
    ]);
    path = `/v1/partners/${partnerId}/scorecards/2027-Q1`;
    tokens["viewer"] = (await api.member(ACME, "viewer")).token;
    tokens["partner"] = (await api.partnerUser(ACME, partnerId, "partner-user")).token;
    tokens["neighbour"] = (
      await api.partnerUser(ACME, other.partner.partnerId, "partner-exec")
    ).token;
    tokens["foreign"] = (await api.member(GLOBEX, "owner")).token;
  });
  const ask = async (body: unknown, token = "partner", at = path) => {
    const response = await api.request(`${at}/what-if`, { token: tokens[token], body });
    return { status: response.status, answer: JSON.parse(await response.text()) };
  };

  it.each([
    {
      name: "other weights",
      body: {
        weights: [
          ["wins", 50],
          ["revenue", 50],
        ],
      },
      score: 35,
    },
    { name: "another target", body: { targets: [["wins", 5]] }, score: 68 },
    { name: "another value", body: { values: [["revenue", "1000"]] }, score: 70 },
    {
      name: "all of them",
      body: {
        weights: [
          ["wins", 0],
          ["revenue", 100],
        ],
        targets: [["revenue", 400]],
        values: [["revenue", "100.00"]],
      },
      score: 25,
    },
  ])("$name: $score, explained by metric and adding up", async ({ body, score }) => {
    const named = (list: (string | number)[][] = [], field: string) =>
      list.map(([metricId, value]) => ({ metricId, [field]: value }));
    const given = body as Record<string, (string | number)[][]>;
    const before = (await api.store.dump()).length;
    const { status, answer } = await ask({
      weights: named(given["weights"], "weightPercent"),
      targets: named(given["targets"], "target"),
      values: named(given["values"], "value"),
    });
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: {
        status: "live",
        before: { score: 38 },
        card: { score },
        comparison: { change: score - 38 },
      },
    });
    const parts = (answer.comparison.moves as Record<string, number>[]).flatMap((move) =>
      ["fromMeasure", "fromTarget", "fromWeight", "fromCoverage"].map((cause) => move[cause] ?? 0),
    );
    expect(parts.reduce((all, part) => all + part, 0)).toBeCloseTo(score - 38, 4);
    expect(answer.card.rating.ratingId).toBe(score >= 60 ? "high" : "low");
    expect(JSON.stringify(answer)).not.toContain("dsp_");
    // Buckets of the rate alone may be new.
    const rows = await api.store.dump();
    expect(rows.filter(({ entity }) => entity !== "RateBucket").length).toBeLessThanOrEqual(before);
  });

  it("refuses weights of other sums, what the card does not measure, and what is impossible, each named", async () => {
    const { status, answer } = await ask({
      weights: [
        { metricId: "wins", weightPercent: 50 },
        { metricId: "nothing", weightPercent: 10 },
      ],
      targets: [
        { metricId: "wins", target: 0 },
        { metricId: "other", target: 1 },
      ],
      values: [
        { metricId: "wins", value: "-1" },
        { metricId: "wins", value: "3" },
      ],
    });
    expect({ status, code: answer.code }).toEqual({ status: 422, code: "what-if-invalid" });
    const pointers = (answer.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();
    expect(pointers).toEqual([
      "/targets/0/target",
      "/targets/1/metricId",
      "/values/0/value",
      "/values/1/metricId",
      "/weights",
      "/weights/1/metricId",
    ]);
    expect((await ask({})).status).toBe(422);
    expect(
      (await ask({ weights: Array(13).fill({ metricId: "wins", weightPercent: 1 }) })).status,
    ).toBe(400);
    expect((await ask({ values: [{ metricId: "wins", value: "1e9" }] })).status).toBe(400);
  });

  it("is for who may read the card, and changes nothing of it", async () => {
    const body = { values: [{ metricId: "wins", value: "10" }] };
    expect((await ask(body, "viewer")).answer.card.score).toBe(68);
    for (const stranger of ["neighbour", "foreign"]) {
      expect(await ask(body, stranger)).toMatchObject({
        status: 404,
        answer: { code: "partner-not-found" },
      });
    }
    const card = await api.request(path, { token: tokens["partner"] });
    expect(await card.json()).toMatchObject({ card: { score: 38 } });
  });

  it("starts from a frozen card too", async () => {
    const { partner, program } = own;
    const { partnerId } = partner;
    await freezeScorecard(own.asSystem(), {
      ...{
        cycleId: cycleIdOf(program.programId, "2026-Q4"),
        partnerId,
        program,
        period: "2026-Q4",
      },
      span: { from: "2026-10-01", to: "2026-12-31" },
    });
    const at = path.replace("2027-Q1", "2026-Q4");
    const body = { values: [{ metricId: "wins", value: "10" }] };
    const { answer, status } = await ask(body, "partner", at);
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: { status: "frozen", before: { score: 0 }, card: { score: 60 } },
    });
    expect(answer.card.cardDigest).toBeUndefined();
  });
});
