import { cycleIdOf } from "@concord/core/cycle";
import type { ProgramId } from "@concord/core/id";
import {
  createProgram,
  type ProgramIndicator,
  programTemplates,
  publishProgram,
} from "@concord/core/program";
import { freezeScorecard } from "@concord/core/scorecard";
import {
  ACME,
  answerOf,
  codeOf,
  GLOBEX,
  type TestApi,
  type TestPartnership,
  testApi,
  testPartnership,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

/** The test clock stands in January 2027: that quarter is live. */
const PERIOD = "2027-Q1";
const MONTH = "2027-01";
const EVIDENCE = "Answered all six escalations of the month within a day";

const indicator = (
  indicatorId: string,
  changes: Partial<ProgramIndicator> = {},
): ProgramIndicator => ({
  indicatorId,
  name: `Rated: ${indicatorId}`,
  anchors: ["never", "seldom", "as agreed", "early", "before being asked"],
  raters: ["vendor"],
  minimumRaters: 1,
  layer: "behaviour",
  namesRaters: false,
  ...changes,
});

let api: TestApi;
let programId: ProgramId;
let northwind: TestPartnership;
let southwind: TestPartnership;
let globex: string;
let people: Record<"manager" | "sponsor" | "steward" | "north" | "exec" | "south", string>;

async function publish(tenantId: typeof ACME): Promise<ProgramId> {
  const ctx = api.store.asMember(tenantId, "program-manager");
  const template = programTemplates["reseller-template"]("USD");
  const [first, ...others] = template.metrics;
  if (!first) throw new Error("the template has metrics");
  const draft = {
    ...template,
    minimumCoveragePercent: 0,
    indicators: [
      indicator("respond-to-customer", { raters: ["vendor", "partner"] }),
      indicator("collateral-quality", { namesRaters: true, layer: "results" }),
    ],
    metrics: [
      {
        ...first,
        measure: "behaviour_respond_to_customer",
        layer: "behaviour" as const,
        scale: { kind: "linear" as const, floor: 25, target: 75, cap: 100 },
      },
      ...others,
    ],
  };
  const made = await createProgram(ctx, { from: "draft", draft });
  await publishProgram(ctx, { programId: made.programId, ifVersion: 1, effectiveFrom: "2026-Q1" });
  return made.programId;
}

beforeAll(async () => {
  api = await testApi();
  northwind = await testPartnership(api.store, ACME, { name: "Northwind" });
  southwind = await testPartnership(api.store, ACME, { name: "Southwind" });
  await testPartnership(api.store, GLOBEX, { name: "Northwind" });
  programId = await publish(ACME);
  await publish(GLOBEX);
  globex = (await api.member(GLOBEX, "owner", "admin")).token;
  const { partnerId } = northwind.partner;
  people = {
    manager: (await api.member(ACME, "partner-manager")).token,
    sponsor: (await api.member(ACME, "executive-sponsor")).token,
    steward: (await api.member(ACME, "data-steward")).token,
    north: (await api.partnerUser(ACME, partnerId, "partner-user")).token,
    exec: (await api.partnerUser(ACME, partnerId, "partner-exec")).token,
    south: (await api.partnerUser(ACME, southwind.partner.partnerId, "partner-user")).token,
  };
});

const send = async (
  method: string,
  path: string,
  token: string,
  more: { body?: unknown; version?: number } = {},
) => answerOf(await api.request(`/v1${path}`, { method, token, ...more }));
const pathOf = ({ partner }: TestPartnership) => `/partners/${partner.partnerId}`;
const rate = (
  of: TestPartnership,
  value: number,
  token: string,
  { version = 0, month = MONTH, id = "respond-to-customer", evidence = EVIDENCE } = {},
) =>
  send("PUT", `${pathOf(of)}/ratings/${id}/${month}`, token, {
    body: { value, evidence },
    version,
  });
const retract = (of: TestPartnership, token: string, version: number, month = MONTH) =>
  send("POST", `${pathOf(of)}/ratings/respond-to-customer/${month}/retract`, token, { version });
const metricOf = async (of: TestPartnership, token = people.manager) => {
  const path = `${pathOf(of)}/scorecards/${PERIOD}?explain=true`;
  const { body } = await send("GET", path, token);
  return { metric: body.card.metrics[0], told: body.explanation.metrics[0] };
};
const list = async (of: TestPartnership, token: string, query = "") =>
  (await send("GET", `${pathOf(of)}/ratings${query}`, token)).body.items;

describe("S-22 ratings on anchored scales", () => {
  it("S-22 are told with their anchors, sides and measure to both sides", async () => {
    for (const token of [people.steward, people.north]) {
      const { body } = await send("GET", "/indicators", token);
      expect(body.items).toMatchObject([
        { indicatorId: "collateral-quality", measure: "behaviour_collateral_quality" },
        {
          indicatorId: "respond-to-customer",
          measure: "behaviour_respond_to_customer",
          raters: ["vendor", "partner"],
          anchors: ["never", "seldom", "as agreed", "early", "before being asked"],
        },
      ]);
    }
  });

  it("S-22 move the live card at once, one voice a person, and are explained to the last", async () => {
    expect((await metricOf(northwind)).metric.noData.code).toBe("rating-missing");
    const made = await rate(northwind, 4, people.manager);
    expect([made.status, made.etag]).toEqual([200, '"1"']);
    expect(made.body).toMatchObject({ value: 4, side: "vendor", isOwn: true, status: "standing" });
    expect((await rate(northwind, 2, people.sponsor)).status).toBe(200);
    // 4 and 2: 100·(3 + 1) / 8 = 50 → (50 − 25) / 50
    const { metric, told } = await metricOf(northwind, people.north);
    expect(metric).toMatchObject({ value: "50", score: 50, sample: 2 });
    expect(told.voices).toHaveLength(2);
    expect(JSON.stringify(told)).not.toContain("mem_");

    const again = await rate(northwind, 5, people.sponsor, { version: 1 });
    expect([again.status, again.etag]).toEqual([200, '"2"']);
    expect((await metricOf(northwind)).metric).toMatchObject({ value: "87.5", sample: 2 });
    const repeat = await rate(northwind, 5, people.sponsor, { version: 2 });
    expect([repeat.status, repeat.etag]).toEqual([200, '"2"']);
    expect(codeOf(await rate(northwind, 1, people.sponsor))).toEqual([412, "version-stale"]);
    const own = await send(
      "GET",
      `${pathOf(northwind)}/ratings/respond-to-customer/${MONTH}`,
      people.sponsor,
    );
    expect([own.etag, own.body.value]).toEqual(['"2"', 5]);
  });

  it("are taken back by whoever made them, with nothing of them left, and can be made again", async () => {
    await rate(southwind, 5, people.manager);
    expect(codeOf(await retract(southwind, people.sponsor, 1))).toEqual([
      404,
      "indicator-rating-not-found",
    ]);
    const back = await retract(southwind, people.manager, 1);
    expect(back.body).toMatchObject({ status: "retracted", version: 2 });
    expect(JSON.stringify(back.body)).not.toContain(EVIDENCE);
    expect((await metricOf(southwind)).metric.noData.code).toBe("rating-missing");
    expect(codeOf(await retract(southwind, people.manager, 2))).toEqual([
      409,
      "indicator-rating-retracted",
    ]);
    expect((await rate(southwind, 3, people.manager, { version: 2 })).status).toBe(200);
    expect((await metricOf(southwind)).metric).toMatchObject({ value: "50", sample: 1 });
  });

  it("keep a partner's word of itself beside the card, never in it", async () => {
    const before = await metricOf(southwind);
    expect((await rate(southwind, 5, people.south)).body).toMatchObject({ side: "partner" });
    expect((await metricOf(southwind)).metric).toEqual(before.metric);
    const items = await list(southwind, people.manager);
    expect(
      items.map(({ side, value }: { side: string; value: number }) => [side, value]).sort(),
    ).toEqual([
      ["partner", 5],
      ["vendor", 3],
    ]);
    const asked = await rate(southwind, 5, people.south, { id: "collateral-quality" });
    expect(codeOf(asked)).toEqual([403, "indicator-side-not-asked"]);
  });

  it("tell the partner who rated only where the program says so", async () => {
    await rate(northwind, 4, people.manager, { id: "collateral-quality" });
    const seen = await list(northwind, people.exec);
    const by = (id: string) =>
      seen.find(({ indicatorId }: { indicatorId: string }) => indicatorId === id).by;
    expect(by("collateral-quality")).toMatchObject({ kind: "member" });
    expect(by("respond-to-customer")).toBeNull();
    const ofVendor = await list(northwind, people.steward, "?indicatorId=respond-to-customer");
    expect(ofVendor.every(({ by: rater }: { by: unknown }) => rater !== null)).toBe(true);
    const paged = await send("GET", `${pathOf(northwind)}/ratings?limit=1`, people.exec);
    expect(Buffer.from(paged.body.nextCursor.split(".")[0], "base64url").toString()).not.toContain(
      "mem_",
    );
    expect(await list(northwind, people.exec, "?from=2026-10&to=2026-12")).toEqual([]);
  });

  it.each<[string, number, Record<string, string>, number]>([
    ["half a step", 3.5, {}, 400],
    ["a step above the scale", 6, {}, 400],
    ["no evidence", 3, { evidence: " ".repeat(30) }, 400],
    ["evidence of a word", 3, { evidence: "good" }, 400],
    ["a month that has not begun", 3, { month: "2027-02" }, 422],
    ["what nobody rates", 3, { id: "no-such" }, 404],
  ])("refuse %s", async (_, value, changes, status) => {
    expect((await rate(northwind, value, people.steward, changes)).status).toBe(403);
    expect((await rate(northwind, value, people.manager, changes)).status).toBe(status);
  });

  it("refuse a range of more than a year, and one that runs backwards", async () => {
    for (const query of ["?from=2025-01&to=2026-12", "?from=2026-12&to=2026-11"]) {
      const refused = await send("GET", `${pathOf(northwind)}/ratings${query}`, people.manager);
      expect(codeOf(refused)).toEqual([422, "indicator-rating-invalid"]);
    }
  });

  it("are nobody's of another partner or tenant", async () => {
    for (const token of [people.south, globex]) {
      expect(codeOf(await rate(northwind, 5, token))).toEqual([404, "partner-not-found"]);
      const listed = await send("GET", `${pathOf(northwind)}/ratings`, token);
      expect(codeOf(listed)).toEqual([404, "partner-not-found"]);
    }
  });

  it("lose none of those made at the same time", async () => {
    const of = await testPartnership(api.store, ACME, { name: "Crowded" });
    const raters = await Promise.all(
      [1, 2, 3, 4].map(async () => (await api.member(ACME, "partner-manager")).token),
    );
    const answers = await Promise.all(raters.map((token, at) => rate(of, at + 1, token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    // 1, 2, 3, 4: 100·6 / 16
    expect((await metricOf(of)).metric).toMatchObject({ value: "37.5", sample: 4 });
  });
});

describe("S-28 ratings beside numbers in a frozen card", () => {
  it("S-28 count from the rows, replay, show late ones, and whoever rated decides no dispute", async () => {
    const of = await testPartnership(api.store, ACME, { name: "Frozen" });
    const { partnerId } = of.partner;
    const double = (await api.member(ACME, "program-manager")).token;
    await rate(of, 4, double, { month: "2026-12" });
    const system = api.store.asSystem(ACME);
    const program = await system.store.programs.version(programId, 1);
    if (!program) throw new Error("the program was published");
    const key = { cycleId: cycleIdOf(programId, "2026-Q4"), partnerId };
    const span = { from: "2026-10-01", to: "2026-12-31" };
    const { card } = await freezeScorecard(system, { ...key, program, period: "2026-Q4", span });
    expect(card.metrics[0]).toMatchObject({ value: "75", score: 100, sample: 1 });
    await rate(of, 1, people.manager, { month: "2026-11" });
    const path = `/review-cycles/${key.cycleId}/scorecards/${partnerId}`;
    const late = await send("GET", `${path}/late-changes`, people.steward);
    expect(late.body.voices).toMatchObject([{ before: null, after: { value: 1 } }]);
    const reason = "A rating came late";
    const revised = await send("POST", `${path}/revisions`, people.steward, {
      body: { reason },
      version: 1,
    });
    // 4 and 1: 100·3 / 8
    expect(revised.body.metrics[0]).toMatchObject({ value: "37.5", sample: 2 });
    for (const revision of [1, 2]) {
      const replayed = await send("GET", `${path}/replay?revision=${revision}`, people.steward);
      expect(replayed.body).toMatchObject({ revision, isIdentical: true });
    }
    const exec = (await api.partnerUser(ACME, partnerId, "partner-exec")).token;
    const { metricId } = card.metrics[0] ?? {};
    const filed = await send("POST", `${path}/disputes`, exec, {
      body: { about: "score", metricId, reason, evidence: { text: reason }, scorecardRevision: 2 },
    });
    expect(filed.status).toBe(201);
    const decide = (token: string) =>
      send("POST", `${path}/disputes/${filed.body.disputeId}/decide`, token, {
        body: {
          outcome: "upheld",
          answer: "It is another figure",
          remedy: { kind: "value", value: "62.5" },
        },
        version: 1,
      });
    expect(codeOf(await decide(double))).toEqual([403, "dispute-decider-involved"]);
    expect((await decide(people.sponsor)).status).toBe(200);
    const after = await send("GET", path, people.steward);
    expect(after.body.metrics[0]).toMatchObject({ value: "62.5", score: 75 });
  });
});

describe("what a rater wrote", () => {
  it("P-06 is in the rater's own export, and its changes are in the trail", async () => {
    const rater = await api.member(ACME, "partner-manager");
    await rate(southwind, 2, rater.token, { evidence: "Two of five joint calls were missed" });
    const { store } = api.store.asSystem(ACME);
    const states = [];
    for await (const state of store.audit.everyState()) {
      if (
        state.object.type === "IndicatorRating" &&
        state.object.id.endsWith(rater.member.memberId)
      ) {
        states.push(state);
      }
    }
    expect(states).toMatchObject([{ object: { version: 1 }, isLatest: true }]);
    const told = await store.indicatorRatings.toldBy(states);
    expect(told).toMatchObject([{ value: 2, evidence: "Two of five joint calls were missed" }]);
  });
});
