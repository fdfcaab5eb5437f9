import { cycleIdOf } from "@concord/core/cycle";
import type { FigureOverview } from "@concord/core/figure";
import type { ProgramId } from "@concord/core/id";
import { createProgram, programTemplates, publishProgram } from "@concord/core/program";
import type { MonthRollup } from "@concord/core/rollup";
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

let api: TestApi;
let steward: string;
let globex: string;
let managed: ProgramId;
let northwind: TestPartnership;
let southwind: TestPartnership;
let people: { readonly north: string; readonly south: string; readonly manager: string };

/** A managed-service program in effect for both tenants, over the one that partnerships bring along. */
async function publish(tenantId: typeof ACME): Promise<ProgramId> {
  const ctx = api.store.asMember(tenantId, "program-manager");
  const draft = programTemplates["managed-service-template"]("USD");
  const { programId } = await createProgram(ctx, { from: "draft", draft });
  await publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: "2026-Q1" });
  return programId;
}

beforeAll(async () => {
  api = await testApi();
  northwind = await testPartnership(api.store, ACME, { name: "Northwind" });
  southwind = await testPartnership(api.store, ACME, { name: "Southwind" });
  await testPartnership(api.store, GLOBEX, { name: "Northwind" });
  managed = await publish(ACME);
  await publish(GLOBEX);
  steward = (await api.member(ACME, "data-steward")).token;
  globex = (await api.member(GLOBEX, "owner", "admin")).token;
  people = {
    north: (await api.partnerUser(ACME, northwind.partner.partnerId, "partner-user")).token,
    south: (await api.partnerUser(ACME, southwind.partner.partnerId, "partner-user")).token,
    manager: (await api.member(ACME, "partner-manager")).token,
  };
});

const send = async (
  method: string,
  path: string,
  token: string,
  more: { body?: unknown; version?: number } = {},
) => answerOf(await api.request(`/v1${path}`, { method, token, ...more }));
const pathOf = ({ partner }: TestPartnership) => `/partners/${partner.partnerId}`;
const put = (
  of: TestPartnership,
  measure: string,
  month: string,
  body: unknown,
  token = steward,
  version = 0,
) => send("PUT", `${pathOf(of)}/figures/${measure}/${month}`, token, { body, version });
const overview = async (of: TestPartnership, token = steward): Promise<FigureOverview> =>
  (await send("GET", `${pathOf(of)}/figures/${PERIOD}`, token)).body as FigureOverview;
const cardOf = async (of: TestPartnership, token = steward) =>
  (await send("GET", `${pathOf(of)}/scorecards/${PERIOD}?explain=true`, token)).body;
const placesOf = ({ body }: { body: { errors?: { pointer: string; detail: string }[] } }) =>
  body.errors?.map(({ pointer }) => pointer);

describe("S-19 figures that are handed in", () => {
  it("S-19 says which there are, from where, by whom and how often, to both sides", async () => {
    for (const token of [steward, people.north]) {
      const { status, body } = await send("GET", "/figure-terms", token);
      expect(status).toBe(200);
      expect(body.items.map(({ measure }: { measure: string }) => measure)).toEqual([
        "csat_percent",
        "recurring_revenue",
        "renewal_rate_percent",
        "service_level_percent",
        "training_completion_percent",
      ]);
      expect(body.items[3]).toMatchObject({
        suppliedBy: "partner",
        frequency: "monthly",
        source: "Service desk of the partner: tickets with their agreed times",
        ownerRole: "partner-manager",
        definition: "100 × cases that count / all cases, over the months",
      });
    }
  });

  it("S-19 moves the live card at once, and is explained to the figure", async () => {
    const before = await cardOf(northwind);
    const renewals = (card: { metrics: { metricId: string }[] }) =>
      card.metrics.find(({ metricId }) => metricId === "renewals");
    expect(renewals(before.card)).toMatchObject({
      score: null,
      noData: { code: "figure-missing" },
    });

    const made = await put(northwind, "renewal_rate_percent", "2027-01", { value: 17, of: 20 });
    expect([made.status, made.etag]).toEqual([200, '"1"']);
    expect(made.body).toMatchObject({ value: 17, of: 20, origin: "entered", version: 1 });
    for (const token of [steward, people.north]) {
      const { card, explanation } = await cardOf(northwind, token);
      // 100·17/20 = 85; (85 − 70) / (95 − 70) = 60
      expect(renewals(card)).toMatchObject({ value: "85", score: 60, sample: 20 });
      const told = explanation.metrics.find(
        ({ metricId }: { metricId: string }) => metricId === "renewals",
      );
      expect(told.figures).toEqual([
        { measure: "renewal_rate_percent", month: "2027-01", value: 17, of: 20, revision: 1 },
      ]);
    }
  });

  it("corrects with its ETag, keeps a repeat as it is, and refuses whoever saw an older one", async () => {
    const at = ["csat_percent", "2026-12"] as const;
    const given = { value: 81.25, of: 8 };
    expect((await put(southwind, ...at, given)).status).toBe(200);
    expect(codeOf(await put(southwind, ...at, { value: 90, of: 8 }))).toEqual([
      412,
      "version-stale",
    ]);
    const repeat = await put(southwind, ...at, given, steward, 1);
    expect([repeat.status, repeat.etag]).toEqual([200, '"1"']);
    const corrected = await put(southwind, ...at, { value: 79, of: 8 }, people.manager, 1);
    expect([corrected.status, corrected.etag]).toEqual([200, '"2"']);
    const path = `${pathOf(southwind)}/figures/csat_percent/2026-12`;
    expect((await send("PUT", path, steward, { body: given })).status).toBe(428);
  });

  it("keeps what was counted from facts beside it, and what others hand in at the same time", async () => {
    const { partnerId } = southwind.partner;
    const { store } = api.store.asSystem(ACME);
    const months = [...Array(9).keys()].map((at) => `2026-0${at + 1}`);
    const answers = await Promise.all([
      ...months.map((month) => put(southwind, "recurring_revenue", month, { value: 100.25 })),
      put(southwind, "csat_percent", "2026-01", { value: 50, of: 2 }),
      put(southwind, "renewal_rate_percent", "2026-01", { value: 1, of: 2 }),
      put(southwind, "training_completion_percent", "2026-01", { value: 2, of: 2 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const january = (await store.rollups.month(partnerId, "2026-01")) as MonthRollup;
    expect(Object.keys(january.figures ?? {}).sort()).toEqual([
      "csat_percent",
      "recurring_revenue",
      "renewal_rate_percent",
      "training_completion_percent",
    ]);
    expect(january.version).toBe(4);
  });

  it.each<[string, string, string, unknown, string]>([
    [
      "a share of more than all",
      "renewal_rate_percent",
      "2027-01",
      { value: 21, of: 20 },
      "/value",
    ],
    ["a mean without its cases", "csat_percent", "2027-01", { value: 80 }, "/of"],
    ["a satisfaction above 100", "csat_percent", "2027-01", { value: 100.5, of: 3 }, "/value"],
    ["a month that has not begun", "csat_percent", "2027-02", { value: 80, of: 3 }, "/month"],
    ["cases of an amount", "recurring_revenue", "2027-01", { value: 80, of: 3 }, "/of"],
  ])("refuses %s and says where", async (_, measure, month, body, pointer) => {
    const refused = await put(northwind, measure, month, body);
    expect(codeOf(refused)).toEqual([422, "figure-invalid"]);
    expect(placesOf(refused)).toEqual([pointer]);
  });

  it("refuses what is no figure, no month and no number", async () => {
    const good = { value: 80, of: 3 };
    expect(codeOf(await put(northwind, "no_such_figure", "2027-01", good))).toEqual([
      404,
      "figure-not-found",
    ]);
    expect((await put(northwind, "csat_percent", "2027-13", good)).status).toBe(400);
    expect((await put(northwind, "csat_percent", "0207-01", good)).status).toBe(400);
    expect(
      (await put(northwind, "csat_percent", "2027-01", { value: 1.00001, of: 3 })).status,
    ).toBe(400);
    expect((await put(northwind, "csat_percent", "2027-01", { value: "80", of: 3 })).status).toBe(
      400,
    );
  });
});

describe("a figure of a frozen card", () => {
  it("G-04 counts only with a revision that says why, and the old card stays", async () => {
    const partnership = await testPartnership(api.store, ACME, { name: "Frozen" });
    const { partnerId } = partnership.partner;
    const given = { value: 9, of: 10 };
    for (const month of ["2026-10", "2026-11", "2026-12"]) {
      expect((await put(partnership, "renewal_rate_percent", month, given)).status).toBe(200);
    }
    const system = api.store.asSystem(ACME);
    const program = await system.store.programs.version(managed, 1);
    if (!program) throw new Error("the program was published");
    const key = { cycleId: cycleIdOf(managed, "2026-Q4"), partnerId };
    const span = { from: "2026-10-01", to: "2026-12-31" };
    const { card } = await freezeScorecard(system, { ...key, program, period: "2026-Q4", span });
    expect(card.figures).toHaveLength(3);
    expect(card.metrics[0]).toMatchObject({ metricId: "renewals", value: "90", score: 80 });

    const late = { value: 6, of: 10 };
    expect(
      (await put(partnership, "renewal_rate_percent", "2026-12", late, steward, 1)).status,
    ).toBe(200);
    const path = `/review-cycles/${key.cycleId}/scorecards/${partnerId}`;
    const changes = await send("GET", `${path}/late-changes`, steward);
    expect(changes.body).toMatchObject({
      changes: [],
      figures: [{ month: "2026-12", before: { value: 9 }, after: { value: 6, revision: 2 } }],
    });
    const revised = await send("POST", `${path}/revisions`, steward, {
      body: { reason: "Two contracts were counted twice" },
      version: 1,
    });
    // 100·24/30 = 80 → (80 − 70) / 25
    expect(revised.status).toBe(201);
    expect(revised.body.metrics[0]).toMatchObject({ value: "80", score: 40 });
    const again = await send("POST", `${path}/revisions`, steward, {
      body: { reason: "Again" },
      version: 2,
    });
    expect(codeOf(again)).toEqual([409, "scorecard-unchanged"]);
    for (const revision of [1, 2]) {
      const replayed = await send("GET", `${path}/replay?revision=${revision}`, steward);
      expect(replayed.body).toMatchObject({ revision, isIdentical: true });
    }
    // Whoever handed in a figure of the card does not decide whether it is right.
    const double = (await api.member(ACME, "data-steward", "program-manager")).token;
    await put(partnership, "csat_percent", "2026-12", { value: 70, of: 9 }, double);
    const reason = "Counted anew";
    await send("POST", `${path}/revisions`, steward, { body: { reason }, version: 2 });
    const exec = await api.partnerUser(ACME, partnerId, "partner-exec");
    const filed = await send("POST", `${path}/disputes`, exec.token, {
      body: {
        about: "score",
        metricId: "renewals",
        reason,
        evidence: { text: reason },
        scorecardRevision: 3,
      },
    });
    expect(filed.status).toBe(201);
    const decision = { outcome: "rejected", answer: "It is right" };
    const decide = (token: string) =>
      send("POST", `${path}/disputes/${filed.body.disputeId}/decide`, token, {
        body: decision,
        version: 1,
      });
    expect(codeOf(await decide(double))).toEqual([403, "dispute-decider-involved"]);
    const sponsor = (await api.member(ACME, "executive-sponsor")).token;
    expect((await decide(sponsor)).status).toBe(200);
    const first = await send("GET", `${path}?revision=1`, steward);
    expect(JSON.stringify(first.body)).toContain('"value":"90"');
  });
});

describe("who hands in figures", () => {
  it("is the partner for its own, and not for those it is measured by from the other side", async () => {
    const own = { value: 47, of: 50 };
    expect(
      (await put(northwind, "service_level_percent", "2027-01", own, people.north)).status,
    ).toBe(200);
    expect(
      codeOf(await put(northwind, "csat_percent", "2027-01", { value: 99, of: 9 }, people.north)),
    ).toEqual([403, "figure-of-vendor"]);
    const stranger = await put(northwind, "service_level_percent", "2027-01", own, people.south, 1);
    expect(codeOf(stranger)).toEqual([404, "partner-not-found"]);
    const viewer = (await api.member(ACME, "viewer")).token;
    expect(codeOf(await put(northwind, "csat_percent", "2027-01", own, viewer))).toEqual([
      403,
      "permission-denied",
    ]);
  });

  it("S-10 is the data collector alone, where somebody is assigned to be one", async () => {
    const partnership = await testPartnership(api.store, ACME, { name: "Collected" });
    const admin = (await api.member(ACME, "admin")).token;
    const collector = await api.member(ACME, "viewer");
    const holder = { kind: "member", memberId: collector.member.memberId };
    const body = { duty: "data-collector", holder };
    expect((await send("POST", `${pathOf(partnership)}/assignments`, admin, { body })).status).toBe(
      201,
    );
    const given = { value: 3, of: 4 };
    const measure = "training_completion_percent";
    expect(codeOf(await put(partnership, measure, "2027-01", given))).toEqual([
      403,
      "duty-of-others",
    ]);
    expect((await put(partnership, measure, "2027-01", given, collector.token)).status).toBe(200);
  });

  it("is nobody of another tenant, who does not learn that the partner exists", async () => {
    const given = { value: 3, of: 4 };
    const refused = await put(northwind, "training_completion_percent", "2027-01", given, globex);
    expect(codeOf(refused)).toEqual([404, "partner-not-found"]);
    expect(codeOf(await send("GET", `${pathOf(northwind)}/figures/${PERIOD}`, globex))).toEqual([
      404,
      "partner-not-found",
    ]);
    expect(
      codeOf(await send("GET", `${pathOf(northwind)}/figures/${PERIOD}`, people.south)),
    ).toEqual([404, "partner-not-found"]);
  });
});

describe("what of a period is handed in", () => {
  it("G-17 shows what came, what is missing and what may still come, the same to both sides", async () => {
    const partnership = await testPartnership(api.store, ACME, { name: "Overseen" });
    const user = await api.partnerUser(ACME, partnership.partner.partnerId, "partner-user");
    await put(partnership, "recurring_revenue", "2027-01", { value: 12_000.5 });
    const shown = await overview(partnership);
    expect(await overview(partnership, user.token)).toEqual(shown);
    expect(shown).toMatchObject({ period: PERIOD, from: "2027-01-01", to: "2027-03-31" });
    const statuses = (measure: string) =>
      shown.figures
        .find((figure) => figure.measure === measure)
        ?.months.map(({ status, version }) => `${status} ${version}`);
    expect(statuses("recurring_revenue")).toEqual(["received 1", "to-come 0", "to-come 0"]);
    expect(statuses("csat_percent")).toEqual(["not-due 0", "not-due 0", "to-come 0"]);
    const past = await send("GET", `${pathOf(partnership)}/figures/2026-Q3`, steward);
    const renewals = (past.body as FigureOverview).figures.find(
      ({ measure }) => measure === "renewal_rate_percent",
    );
    expect(renewals?.months.map(({ status }) => status)).toEqual(["missing", "missing", "missing"]);
    expect(renewals?.lastReceivedAt).toBeNull();
  });
});

describe("figures from another system", () => {
  const row = (partner: string, measure: string, month: string, value: number, of?: number) => ({
    ...{ partner, measure, month, value },
    ...(of === undefined ? {} : { of }),
  });
  const take = (figures: unknown[], token = steward, isDryRun = false) =>
    send("POST", "/figure-imports", token, { body: { figures, isDryRun } });

  it("P-07 are checked without effect, taken once, and change nothing when they come again", async () => {
    const first = await testPartnership(api.store, ACME, { name: "Imported One" });
    await testPartnership(api.store, ACME, { name: "Imported Two" });
    const rows = [
      row("Imported One", "csat_percent", "2026-11", 77, 9),
      row("Imported One", "csat_percent", "2026-12", 78, 9),
      row("imported two", "recurring_revenue", "2026-12", 1234.56),
      ...[...Array(40).keys()].map((at) =>
        row(
          first.partner.partnerId,
          "training_completion_percent",
          `20${20 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`,
          1,
          2,
        ),
      ),
    ];
    const counts = { added: 43, changed: 0, unchanged: 0 };
    expect((await take(rows, steward, true)).body).toEqual({ isDryRun: true, ...counts });
    expect((await take(rows)).body).toEqual({ isDryRun: false, ...counts });
    expect((await take(rows)).body).toEqual({
      isDryRun: false,
      added: 0,
      changed: 0,
      unchanged: 43,
    });
    const corrected = rows.with(1, row("Imported One", "csat_percent", "2026-12", 70, 9));
    expect((await take(corrected)).body).toMatchObject({ changed: 1, unchanged: 42 });
  });

  it("P-07 come as a CSV text too: tried first, taken once, refused whole with row and column", async () => {
    await testPartnership(api.store, ACME, { name: "Filed One" });
    await testPartnership(api.store, ACME, { name: "Filed Two" });
    const file = (csv: string, isDryRun = false, token = steward) =>
      send("POST", "/figure-imports", token, { body: { csv, isDryRun } });
    const good =
      '\uFEFFMonth,partner,measure,of,value,note\r\n2026-11,"Filed One",csat_percent,9,77.5,"two\nlines"\r\n' +
      "\r\n2026-12,filed two,recurring_revenue,,1234.56,\r\n";
    const counts = { added: 2, changed: 0, unchanged: 0 };
    expect((await file(good, true)).body).toEqual({ isDryRun: true, ...counts, errors: [] });
    expect((await file(good)).body).toEqual({ isDryRun: false, ...counts });
    const again = { isDryRun: false, added: 0, changed: 0, unchanged: 2 };
    expect((await file(good)).body).toEqual(again);

    const wrong =
      "partner,measure,month,value,of\nNobody,csat_percent,2026-11,77,9\nNorthwind,csat_percent,2026-11,=7+7,9\n" +
      'Northwind,csat_percent,11/2026,"77,5",1.5\nNorthwind,csat_percent,2027-06,70,9\nNorthwind,csat_percent,2026-10,70,9\n';
    const { errors, ...tried } = (await file(wrong, true)).body;
    expect(tried).toMatchObject({ isDryRun: true, added: 1 });
    const places = (errors as { row: number; column: string }[]).map(
      ({ row, column }) => `${row} ${column}`,
    );
    const expected = ["2 partner", "3 value", "4 month", "4 value", "4 of", "5 month"];
    expect(places).toEqual(expected);
    const refused = await file(wrong);
    expect(refused).toMatchObject({ status: 422, body: { code: "figures-invalid" } });
    expect((refused.body.errors as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(
      expected.map((place) => `row ${place.replace(" ", ", column ")}`),
    );
    // Nothing of it was written: the good row is still new.
    expect((await file(wrong, true)).body).toMatchObject({ added: 1 });
    for (const csv of [
      "partner,measure\nA,b\n",
      "partner,measure,month,value\n",
      'a,"b',
      "a\uFFFD,b\n",
    ]) {
      expect((await file(csv)).status).toBe(422);
    }
    const both = { csv: good, figures: [row("Northwind", "csat_percent", "2026-11", 77, 9)] };
    expect((await send("POST", "/figure-imports", steward, { body: both })).status).toBe(400);
    expect((await send("POST", "/figure-imports", steward, { body: {} })).status).toBe(400);
    expect((await file(good, false, globex)).status).toBe(422);
    expect((await file(good, false, people.south)).status).toBe(422);
  });

  it("P-07 are refused together where one is wrong, with every wrong row named", async () => {
    const refused = await take([
      row("Northwind", "csat_percent", "2026-11", 77, 9),
      row("Nobody", "csat_percent", "2026-11", 77, 9),
      row("Northwind", "no_such_figure", "2026-11", 77, 9),
      row("Northwind", "csat_percent", "2026-11", 78, 9),
      row("Northwind", "csat_percent", "2027-06", 78, 9),
      row("Northwind", "renewal_rate_percent", "2026-11", 78, 9),
    ]);
    expect(codeOf(refused)).toEqual([422, "figures-invalid"]);
    expect(placesOf(refused)).toEqual([
      "/figures/1/partner",
      "/figures/2/measure",
      "/figures/3",
      "/figures/4/month",
      "/figures/5/value",
    ]);
    const { figures } = (await send("GET", `${pathOf(northwind)}/figures/2026-Q4`, steward))
      .body as FigureOverview;
    const csat = figures.find(({ measure }) => measure === "csat_percent");
    expect(csat?.months.every(({ figure }) => figure === null)).toBe(true);
    expect((await take([])).status).toBe(400);
  });

  it("P-04 come with a key of their scope, and of one partner where the key is", async () => {
    const admin = (await api.member(ACME, "admin")).token;
    const { partnerId } = northwind.partner;
    const issued = await send("POST", "/api-keys", admin, {
      body: { name: "Service desk", scopes: ["figures:write"], lifetimeDays: 30, partnerId },
    });
    const own = row("Northwind", "service_level_percent", "2026-10", 9, 10);
    expect((await take([own], issued.body.key)).body).toMatchObject({ added: 1 });
    const other = row("Southwind", "service_level_percent", "2026-10", 9, 10);
    expect(placesOf(await take([own, other], issued.body.key))).toEqual(["/figures/1/partner"]);
    expect((await send("GET", `${pathOf(northwind)}`, issued.body.key)).status).toBe(403);
  });

  it("are taken of a partner for itself alone, and for what it supplies", async () => {
    const own = row("Southwind", "service_level_percent", "2026-09", 9, 10);
    expect((await take([own], people.south)).body).toMatchObject({ added: 1 });
    const foreign = row("Northwind", "service_level_percent", "2026-09", 9, 10);
    expect(placesOf(await take([own, foreign], people.south))).toEqual(["/figures/1/partner"]);
    const vendors = row("Southwind", "csat_percent", "2026-09", 99, 10);
    expect(codeOf(await take([own, vendors], people.south))).toEqual([403, "figure-of-vendor"]);
  });

  it("P-06 leave their events in the audit trail of the tenant", async () => {
    const { partnerId } = northwind.partner;
    const { store } = api.store.asSystem(ACME);
    const key = { partnerId, measure: "renewal_rate_percent", month: "2027-01" };
    const figure = await store.figures.get(key);
    const id = `${partnerId}.renewal_rate_percent.2027-01`;
    const trail = [];
    for await (const state of store.audit.everyState()) {
      if (state.object.type === "Figure" && state.object.id === id) trail.push(state);
    }
    expect(trail).toMatchObject([{ object: { version: figure?.version }, isLatest: true }]);
  });
});
