import { manifest } from "@concord/api";
import type { ClassifiedRecord } from "@concord/core/classification";
import { begin, changeEdition, happen } from "@concord/core/edition";
import {
  ACME,
  GLOBEX,
  NOON,
  seeded,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { ownId } from "../isolation/arena.ts";
import { attackOn } from "../isolation/attack.ts";
import { type FilledTenant, fillTenant, type Side } from "../isolation/world.ts";

const SEED = 20_270_121;
/** Everything that can be classified, written down by hand. */
const everything = [
  ...["opportunity", "scorecard", "ranking", "review", "contribution", "session", "action-item"],
  ...["development-plan", "fact-report", "import-row", "export"],
] as ClassifiedRecord[];
const usualClasses = {
  confidential: {
    members: ["owner", "admin", "data-steward"],
    partners: ["partner-exec"],
  },
  restricted: { members: ["owner", "admin"], partners: [] },
};
const rulesOf = (information: Record<string, string>, over: object = {}) => ({
  classes: usualClasses,
  information,
  allowsAgreements: true,
  readsKeptDays: 90,
  ...over,
});
const all = (classification: string) =>
  Object.fromEntries(everything.map((name) => [name, classification]));

/** What is written into the classified fields of a side, as the world writes it. */
const closeTexts = ({ canary }: Side) =>
  ["account", "win", "act", "summary", "report", "cell", "refused"].map(
    (what) => `${what} ${canary}`,
  );

describe("what is confidential", () => {
  let api: TestApi;
  let acme: FilledTenant;
  let globex: FilledTenant;
  let viewer: string;
  let theirViewer: string;
  let ownerToken: string;
  beforeAll(async () => {
    api = await testApi();
    acme = await fillTenant(api, ACME, ["north", "south"]);
    globex = await fillTenant(api, GLOBEX, ["east", "west"]);
    viewer = (await api.member(ACME, "viewer")).token;
    theirViewer = (await api.member(GLOBEX, "viewer")).token;
    ownerToken = await api.logIn("owner@acme.test", TEST_PASSWORD);
  });

  const ask = async (path: string, token: string, more: object = {}) => {
    const response = await api.request(`/v1${path}`, { token, ...more });
    const text = await response.text();
    const body = () => JSON.parse(text) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, text, body };
  };
  const put = async (path: string, body: unknown, token: string, version?: string) => {
    const known = version ?? (await ask(path, token)).headers.get("ETag") ?? "";
    return ask(path, token, { method: "PUT", body, headers: { "If-Match": known } });
  };
  const post = async (path: string, body: unknown, token: string, of: string) => {
    const version = (await ask(of, token)).headers.get("ETag") ?? "";
    const more = body === undefined ? {} : { body };
    return ask(path, token, { method: "POST", ...more, headers: { "If-Match": version } });
  };
  const set = async (information: Record<string, string>, over: object = {}) => {
    const answer = await put("/confidentiality", rulesOf(information, over), ownerToken);
    expect(answer.status, answer.text).toBe(200);
  };
  const codeOf = ({ status, body }: Awaited<ReturnType<typeof ask>>) => [status, body()["code"]];

  /** Every answer that a route with GET gives this person of this side, by operation. */
  const everyAnswer = async (token: string, side: Side): Promise<ReadonlyMap<string, string>> => {
    const answers = new Map<string, string>();
    for (const { definition } of manifest.routes.filter((one) => one.definition.method === "get")) {
      const { path } = attackOn(definition, () => ownId(side), seeded(SEED));
      const response = await api.request(path.split("?")[0] ?? "", { token });
      if (response.status === 200) answers.set(definition.operationId, await response.text());
    }
    return answers;
  };
  const operationsWith = (answers: ReadonlyMap<string, string>, texts: readonly string[]) =>
    [...answers].filter(([, text]) => texts.some((one) => text.includes(one))).map(([id]) => id);
  const factPath = ([side]: FilledTenant["sides"]) =>
    `/partners/${side.partnerId}/opportunities/${side.ids.get("opp")?.[0]}`;
  const planPath = ([side]: FilledTenant["sides"]) =>
    `/development-plans/${side.ids.get("pln")?.[0]}`;

  it("S-17 is nothing where nobody has said anything: no field withheld, no read recorded, no request more", async () => {
    const [side] = acme.sides;
    const answers = await everyAnswer(viewer, side);
    expect(operationsWith(answers, closeTexts(side)).length).toBeGreaterThan(8);
    expect(operationsWith(answers, ["withheld"])).toEqual([]);
    await ask(factPath(acme.sides), viewer);
    expect(api.log.at(-1)).toMatchObject({ requests: 2, writeUnits: 0 });
    const { body } = await ask("/confidential-reads", ownerToken);
    expect(body()).toEqual({ items: [], nextCursor: null });
    const { body: rules, headers } = await ask("/confidentiality", viewer);
    expect(headers.get("ETag")).toBe('"0"');
    expect(rules()).toMatchObject({ version: 0, information: {}, allowsAgreements: false });
  });

  it("S-17 is refused by code and pointer: unknown fields and roles, blinded owners, a stale version", async () => {
    const refusedAt = async (body: unknown, version?: string) => {
      const answer = await put("/confidentiality", body, ownerToken, version);
      const { code, errors } = answer.body() as {
        code: string;
        errors?: { pointer: string }[];
      };
      return [answer.status, code, ...(errors ?? []).map(({ pointer }) => pointer)];
    };
    expect(await refusedAt(rulesOf({ "opportunity.colour": "shared" }))).toEqual([
      400,
      "request-invalid",
      "/information/opportunity.colour",
    ]);
    expect(await refusedAt(rulesOf({ opportunity: "secret" }))).toEqual([
      400,
      "request-invalid",
      "/information/opportunity",
    ]);
    const confidential = { members: ["owner", "king"], partners: [] };
    expect(await refusedAt(rulesOf({}, { classes: { ...usualClasses, confidential } }))).toEqual([
      400,
      "request-invalid",
      "/classes/confidential/members/1",
    ]);
    const restricted = { members: ["admin"], partners: ["partner-user"] };
    expect(await refusedAt(rulesOf({}, { classes: { ...usualClasses, restricted } }))).toEqual([
      ...[422, "confidentiality-rules-invalid"],
      ...["/classes/restricted/members", "/classes/restricted/partners"],
    ]);
    expect(await refusedAt(rulesOf({}, { readsKeptDays: 1 }))).toEqual([
      400,
      "request-invalid",
      "/readsKeptDays",
    ]);
    expect(await refusedAt(rulesOf({}), '"7"')).toEqual([412, "version-stale"]);
    const byViewer = await put("/confidentiality", rulesOf({}), viewer, '"0"');
    expect(codeOf(byViewer)).toEqual([403, "permission-denied"]);
  });

  it("S-17 leaves every route without what is withheld: lists, cards, exports, rows; and the other tenant alone", async () => {
    const [side] = acme.sides;
    const contents = async () =>
      [...(await everyAnswer(theirViewer, globex.sides[0]))].map(([id, text]) => [
        id,
        text.startsWith("{") ? (JSON.parse(text) as unknown) : text,
      ]);
    const before = await contents();
    await set(all("restricted"));
    const answers = await everyAnswer(viewer, side);
    expect(operationsWith(answers, closeTexts(side))).toEqual([]);
    // With the defence there is something to find: an owner sees it all through the same routes.
    const seen = operationsWith(await everyAnswer(ownerToken, side), closeTexts(side));
    expect(seen.length).toBeGreaterThan(8);
    expect(await contents()).toEqual(before);
    expect(operationsWith(answers, ["withheld"])).toEqual(
      expect.arrayContaining([
        ...["listActionItems", "getActionItem", "listDevelopmentPlans", "getDevelopmentPlan"],
        ...["listOpportunities", "getOpportunity", "listContributions", "getSession"],
        ...["listFactReports", "listRanking", "getRankingSummary", "exportRanking"],
        ...["getPartnerScorecard", "exportPartnerScorecard", "getScorecard"],
        ...["listScorecardRevisions", "listHeldRows"],
      ]),
    );
    const fact = (await ask(factPath(acme.sides), viewer)).body();
    expect(fact["withheld"]).toEqual(["customerAccount", "product", "amount", "listAmount"]);
    expect(fact).not.toHaveProperty("amount");
    expect(fact).toMatchObject({ outcome: "won", closedOn: "2026-11-20" });
  });

  it("S-17 keeps the score of a card visible, and its sums, measures and steps from who may not see amounts", async () => {
    await set({ "opportunity.amount": "internal" });
    const [side] = acme.sides;
    const path = `/partners/${side.partnerId}/scorecards/2026-Q4?explain=true`;
    type Told = {
      card: { score: number | null; metrics: Record<string, unknown>[] };
      explanation: { metrics: Record<string, unknown>[] };
    };
    const vendor = (await ask(path, viewer)).body() as Told;
    const partner = (await ask(path, side.partnerToken)).body() as Told;
    expect(vendor.card).not.toHaveProperty("withheld");
    expect(partner.card).toMatchObject({ score: vendor.card.score, withheld: ["sums"] });
    for (const metric of partner.card.metrics) {
      const isMoney = String(metric["unit"]).startsWith("money");
      expect(metric["withheld"], String(metric["metricId"])).toEqual(
        isMoney ? ["value"] : undefined,
      );
      expect(metric).toHaveProperty("score");
    }
    const told = JSON.stringify(partner.explanation.metrics);
    expect(told).toContain("wonCount");
    expect(told).not.toMatch(/Amount|USD/);
    expect(JSON.stringify(vendor.explanation.metrics)).toMatch(/USD/);
    const csv = await ask(`${path.split("?")[0]}/export`, side.partnerToken);
    expect(csv.text).toContain("withheld,USD");
  });

  it("S-17 is shown to whoever has a duty on it: the manager of the partner, the author, the approver", async () => {
    await set({
      "development-plan": "restricted",
      "fact-report": "restricted",
      opportunity: "restricted",
    });
    const [{ partnerId, partnerToken }] = acme.sides;
    const budgetFor = async (token: string) =>
      (await ask(planPath(acme.sides), token)).body()["budget"];
    expect(await budgetFor(viewer)).toBeUndefined();
    expect(await budgetFor(acme.adminToken)).toEqual({ amount: "5000.00", currency: "USD" });
    // The report is the partner user's own.
    const reports = (await ask(`/partners/${partnerId}/fact-reports`, partnerToken)).body();
    expect(reports["items"]).toMatchObject([{ text: expect.stringContaining("report") }]);
    const others = (await ask(`/partners/${partnerId}/fact-reports`, viewer)).body();
    expect(others["items"]).toMatchObject([{ withheld: ["details", "text", "answer"] }]);
    const named = await api.member(ACME, "viewer");
    const path = factPath(acme.sides);
    expect((await ask(path, named.token)).body()["withheld"]).toContain("amount");
    const partner = await ask(`/partners/${partnerId}`, acme.adminToken);
    const answered = await ask(`/partners/${partnerId}`, acme.adminToken, {
      method: "PATCH",
      body: { partnerManagerId: named.member.memberId },
      headers: { "If-Match": partner.headers.get("ETag") ?? "" },
    });
    expect(answered.status, answered.text).toBe(200);
    expect((await ask(path, named.token)).body()).toMatchObject({
      amount: { amount: "3000.00", currency: "USD" },
    });
  });

  it("S-17 is recorded when somebody reads it: once an hour, with who, what, how and when", async () => {
    await set({ "opportunity.amount": "confidential" });
    const key = await ask("/api-keys", ownerToken, {
      body: { name: "feed", scopes: ["opportunities:read"], lifetimeDays: 1 },
    });
    const { key: secret, apiKeyId } = key.body() as Record<string, string>;
    const path = factPath(acme.sides);
    const [side] = acme.sides;
    for (let time = 0; time < 3; time += 1) await ask(path, secret ?? "");
    const first = api.log.filter(({ actor }) => actor === apiKeyId)[0];
    const last = api.log.at(-1);
    expect(Number(last?.["requests"])).toBeLessThan(Number(first?.["requests"]));
    await ask(`/partners/${side.partnerId}/opportunities`, secret ?? "");
    // Nothing close is shown to a viewer, so nothing is recorded of one.
    await ask(path, viewer);

    const of = async (query: string, token = ownerToken) => {
      const { body, text, status } = await ask(`/confidential-reads?${query}`, token);
      expect(status, text).toBe(200);
      return (body() as { items: Record<string, unknown>[] }).items;
    };
    const byKey = await of(`actorId=${apiKeyId}`);
    const opportunityId = side.ids.get("opp")?.[0];
    expect(byKey).toHaveLength(2);
    expect(byKey[0]).toMatchObject({
      day: "2027-01-15",
      by: { kind: "api-key", apiKeyId },
      partnerId: side.partnerId,
      record: "opportunity",
      fields: ["amount"],
      classification: "confidential",
      operationId: expect.stringMatching(/^(get|list)Opportunit/),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    for (const read of byKey) expect(read["objectIds"]).toEqual([opportunityId]);
    expect(await of(`partnerId=${side.partnerId}&objectId=${opportunityId}`)).toEqual(
      expect.arrayContaining(byKey),
    );
    expect(await of(`partnerId=${acme.sides[1].partnerId}&objectId=${opportunityId}`)).toEqual([]);
    expect(await of("from=2027-01-15&to=2027-01-15")).toEqual(expect.arrayContaining(byKey));
    expect(await of("from=2027-01-14&to=2027-01-14")).toEqual([]);

    const firstPage = (await ask("/confidential-reads?limit=1", ownerToken)).body();
    expect(firstPage["items"]).toHaveLength(1);
    const cursor = encodeURIComponent(String(firstPage["nextCursor"]));
    const second = (await ask(`/confidential-reads?limit=1&cursor=${cursor}`, ownerToken)).body();
    expect(second["items"]).not.toEqual(firstPage["items"]);

    const csv = (await ask(`/confidential-reads/export?actorId=${apiKeyId}`, ownerToken)).text;
    const [header, ...lines] = csv.trimEnd().split("\r\n");
    expect(header).toBe(
      "at,actorKind,actorId,partnerId,record,objectIds,fields,classification,operation,requestId",
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`api-key,${apiKeyId},${side.partnerId},opportunity,`);

    const moderator = (await api.member(ACME, "data-steward")).token;
    expect((await of(`actorId=${apiKeyId}`, moderator)).length).toBe(2);
    expect(codeOf(await ask("/confidential-reads", viewer))).toEqual([403, "permission-denied"]);
    expect(codeOf(await ask("/confidential-reads", side.partnerToken))).toEqual([
      403,
      "permission-denied",
    ]);
    const theirs = await api.logIn("owner@globex.test", TEST_PASSWORD);
    expect(await of(`actorId=${apiKeyId}`, theirs)).toEqual([]);
    expect(await of("", theirs)).toEqual([]);
    expect(await of(`partnerId=${side.partnerId}&actorId=${apiKeyId}`)).toEqual(byKey);
    expect(await of(`partnerId=${acme.sides[1].partnerId}&actorId=${apiKeyId}`)).toEqual([]);
    expect(
      codeOf(await ask("/confidential-reads?from=2026-01-01&to=2026-12-31", ownerToken)),
    ).toEqual([422, "audit-range-too-long"]);
  });

  it("S-17 is not shown where the read cannot be recorded", async () => {
    await set({ "opportunity.amount": "confidential" });
    const { openRequestStores } = await import("@concord/storage");
    const failing = api.through((request) => {
      const stores = openRequestStores(api.store.table, request);
      return {
        ...stores,
        openTenant(tenantId, record) {
          const store = stores.openTenant(tenantId, record);
          const confidentialReads = {
            ...store.confidentialReads,
            record: () => Promise.reject(new Error("the table does not answer")),
          };
          return { ...store, confidentialReads };
        },
      };
    });
    const path = `/v1${factPath(acme.sides)}`;
    expect((await failing(path, { token: ownerToken })).status).toBe(500);
    expect((await failing(path, { token: viewer })).status).toBe(200);
  });

  it("S-18 is kept closer for one partner, whose people read how in words", async () => {
    await set({});
    const [one, other] = acme.sides;
    const path = `/partners/${one.partnerId}/confidentiality`;
    const tightened = await put(path, { information: { contribution: "internal" } }, ownerToken);
    expect(tightened.status, tightened.text).toBe(200);
    const texts = async ({ partnerId, partnerToken, partnership }: Side) => {
      const { cycleId } = partnership.review;
      const list = `/review-cycles/${cycleId}/reviews/${partnerId}/contributions`;
      return (await ask(list, partnerToken)).body()["items"];
    };
    expect(await texts(one)).toMatchObject([{ kind: "win", withheld: ["text"] }]);
    expect(await texts(other)).toMatchObject([{ kind: "win", text: "win south" }]);
    const told = (await ask(path, one.partnerToken)).body() as {
      handling: Record<string, unknown>[];
    };
    expect(told.handling).toContainEqual({
      information: "contribution.vendorText",
      what: "Contributions to a review: what the vendor wrote",
      classification: "internal",
      seenBy: "the vendor's people alone",
      because: "tightened",
      isReadRecorded: false,
    });
    const ofOther = `/partners/${other.partnerId}/confidentiality`;
    expect(codeOf(await ask(ofOther, one.partnerToken))).toEqual([404, "partner-not-found"]);
    const theirs = await api.logIn("owner@globex.test", TEST_PASSWORD);
    expect(codeOf(await ask(path, theirs))).toEqual([404, "partner-not-found"]);
    expect(codeOf(await put(path, { information: {} }, one.partnerToken))).toEqual([
      403,
      "permission-denied",
    ]);
    expect((await put(path, { information: {} }, ownerToken)).status).toBe(200);
    expect(await texts(one)).toMatchObject([{ text: "win north" }]);
  });

  it("S-18 is opened for one partner by what both sides acknowledged, and by nothing else", async () => {
    await set({ "opportunity.amount": "internal" });
    const [one, other] = acme.sides;
    const path = `/partners/${one.partnerId}/confidentiality`;
    const proposal = { information: { "opportunity.amount": "shared" }, reason: "joint plan" };
    const isSeen = async (side: Side) =>
      (await ask(`/partners/${side.partnerId}/opportunities`, side.partnerToken)).text.includes(
        '"amount":{',
      );
    expect(await isSeen(one)).toBe(false);
    const user = await api.partnerUser(ACME, one.partnerId, "partner-user");
    expect(codeOf(await post(`${path}/agreement`, proposal, user.token, path))).toEqual([
      403,
      "permission-denied",
    ]);
    const proposed = await post(`${path}/agreement`, proposal, one.partnerToken, path);
    expect(proposed.status, proposed.text).toBe(200);
    expect(await isSeen(one)).toBe(false);
    expect(
      codeOf(await post(`${path}/agreement/acknowledge`, undefined, one.partnerToken, path)),
    ).toEqual([409, "confidentiality-agreement-acknowledged"]);
    const agreed = await post(`${path}/agreement/acknowledge`, undefined, ownerToken, path);
    expect(agreed.body()["agreement"]).toMatchObject({
      acknowledged: {
        vendor: { by: { kind: "member" }, at: "2027-01-15T12:00:00.000Z" },
        partner: { by: { kind: "partner-user" }, at: "2027-01-15T12:00:00.000Z" },
      },
    });
    expect(await isSeen(one)).toBe(true);
    expect(await isSeen(other)).toBe(false);
    expect((await ask(path, one.partnerToken)).body()).toMatchObject({ isAgreementInForce: true });
    await set({ "opportunity.amount": "restricted" });
    expect(await isSeen(one)).toBe(false);
    await set({ "opportunity.amount": "internal" }, { allowsAgreements: false });
    expect(await isSeen(one)).toBe(false);
    await set({ "opportunity.amount": "internal" });
    expect(await isSeen(one)).toBe(true);
    const ended = await post(`${path}/agreement/end`, undefined, one.partnerToken, path);
    expect(ended.status).toBe(200);
    expect(await isSeen(one)).toBe(false);
  });

  it("S-17 is in the trail of changes, with what the rules were before", async () => {
    const { items } = (
      await ask(`/audit-events?objectType=Confidentiality&objectId=${ACME}`, ownerToken)
    ).body() as { items: { type: string }[] };
    // Entries are made from the stream, which does not run here; the events are what it reads.
    expect(items).toEqual([]);
    const store = api.store.openTenant(ACME);
    const states: string[] = [];
    for await (const { object } of store.audit.everyState()) states.push(object.type);
    expect(states).toEqual(expect.arrayContaining(["Confidentiality", "PartnerHandling"]));
  });

  it("S-17 keeps reads no longer than the edition does", async () => {
    const by = { kind: "system", name: "bootstrap" } as const;
    const { subscriptions } = api.store.openTenant(GLOBEX);
    const current = await subscriptions.get();
    if (!current) throw new Error("the tenant has a subscription");
    const used = { partners: 2, members: 1, programs: 1 };
    await subscriptions.save(changeEdition(current, "starter", used, by, NOON));
    const theirs = await api.logIn("owner@globex.test", TEST_PASSWORD);
    const keptFor = async (readsKeptDays: number) =>
      put("/confidentiality", rulesOf({}, { readsKeptDays }), theirs);
    expect(codeOf(await keptFor(366))).toEqual([403, "edition-limit-reached"]);
    expect((await keptFor(365)).body()).toMatchObject({ version: 1, readsKeptDays: 365 });
  });

  it("S-17 is read and not changed in a suspended tenant", async () => {
    const { subscriptions } = api.store.openTenant(ACME);
    const by = { kind: "system", name: "bootstrap" } as const;
    const current = (await subscriptions.get()) ?? begin("growth", "active", by, NOON).next;
    const change = happen(current, "closed", by, NOON);
    if (!change) throw new Error("it was open");
    await subscriptions.save({ ...change, next: { ...change.next, state: "suspended" } });
    expect((await ask("/confidentiality", ownerToken)).status).toBe(200);
    expect((await ask(factPath(acme.sides), viewer)).body()["withheld"]).toBeUndefined();
    expect(codeOf(await put("/confidentiality", rulesOf({}), ownerToken))).toEqual([
      403,
      "tenant-suspended",
    ]);
  });
});
