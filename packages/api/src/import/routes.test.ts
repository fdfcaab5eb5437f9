import type { ImportId } from "@concord/core/id";
import { runImport, runReevaluation } from "@concord/core/import";
import { addMember, endMember } from "@concord/core/member";
import {
  ACME,
  answerOf,
  GLOBEX,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;
const itemsOf = async (response: Response) => (await bodyOf(response))["items"] as Body[];

const HEADER =
  "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value";
const FILE = [
  HEADER,
  "A1,North,Rack Pro,Mill,Won,2027-01-05,2027-02-10,900",
  "A2,North,RackPro,,Won,2027-01-05,2027-02-10,800",
  "A3,Nord,Rack Pro,Mill,Lost,2027-01-05,2027-02-10,0",
  "A4,North,Rack Pro,Mill,Won,2027-01-05,soon,1",
].join("\n");

describe("from a source to facts over HTTP", () => {
  let api: TestApi;
  let steward: string;
  let viewer: string;
  let foreign: string;
  let sourceId: string;
  beforeAll(async () => {
    api = await testApi();
    steward = (await api.member(ACME, "data-steward", "program-manager")).token;
    viewer = (await api.member(ACME, "viewer")).token;
    foreign = (await api.member(GLOBEX, "admin")).token;
  });

  const ports = { wallNow: () => 0, shouldPause: () => false };
  const run = (importId: string) =>
    runImport(api.store.asSystem(ACME), ports, {
      importId: importId as ImportId,
      file: {
        async *open() {
          yield Buffer.from(FILE);
        },
      },
    });

  it("adds partners from a team list, and none when it is repeated", async () => {
    const body = {
      csv: "sales_agent,manager,regional_office\r\nNorth,Nobody,Central\r\nSouth,Nobody,East\r\n",
    };
    const put = () =>
      api.request("/v1/partners/team-list", { method: "PUT", token: steward, body });
    expect(await bodyOf(await put())).toMatchObject({
      rows: [
        { row: 2, partner: "North", outcome: "created", hasPartnerManager: false },
        { row: 3, partner: "South", outcome: "created" },
      ],
    });
    const again = (await bodyOf(await put()))["rows"] as Body[];
    expect(again.map(({ outcome }) => outcome)).toEqual(["exists", "exists"]);
    const wrong = await api.request("/v1/partners/team-list", {
      method: "PUT",
      token: steward,
      body: { csv: "sales_agent,manager,regional_office\nWest,,\n" },
    });
    expect(wrong.status).toBe(422);
    expect(await bodyOf(wrong)).toMatchObject({
      code: "team-list-invalid",
      errors: [{ pointer: "row 2, column regional_office" }],
    });
  });

  it("names as partner manager who alone has the name today", async () => {
    const owner = api.store.asMember(ACME, "owner");
    const add = (displayName: string, email: string) =>
      addMember(api.store.asSystem(ACME), {
        ...{ displayName, email, roles: ["partner-manager"] },
        initialPassword: TEST_PASSWORD,
      });
    const left = await add("Dara Voss", "left@people.test");
    await endMember(owner, { memberId: left.memberId, ifVersion: left.version });
    await add("Lin Ode", "one@people.test");
    await add("Lin Ode", "two@people.test");
    const put = async (...rows: [partner: string, partnerManager: string][]) => {
      const body = {
        rows: rows.map(([partner, partnerManager]) => ({
          partner,
          partnerManager,
          region: "East",
        })),
      };
      const path = "/v1/partners/team-list";
      return answerOf(await api.request(path, { method: "PUT", token: steward, body }));
    };
    const { status, body } = await put(["Alder", "Dara Voss"], ["Birch", "Lin Ode"]);
    expect(status).toBe(200);
    const outcomes = { outcome: "created", hasPartnerManager: false };
    expect(body.rows).toMatchObject([outcomes, outcomes]);
    const { memberId } = await add("Dara Voss", "today@people.test");
    expect((await put(["Cedar", "dara voss"])).body.rows).toMatchObject([
      { outcome: "created", hasPartnerManager: true },
    ]);
    const { items } = await bodyOf(await api.request("/v1/partners", { token: viewer }));
    expect(items).toContainEqual(
      expect.objectContaining({ name: "Cedar", partnerManagerId: memberId }),
    );
  });

  it("S-30 registers a source and its price list, all rows or none", async () => {
    const created = await api.request("/v1/sources", {
      token: steward,
      body: { name: "CRM", currency: "USD" },
    });
    expect(created.status).toBe(201);
    sourceId = String((await bodyOf(created))["sourceId"]);
    const put = (prices: Body[], ifMatch = '"1"') =>
      api.request(`/v1/sources/${sourceId}/price-list`, {
        method: "PUT",
        token: steward,
        body: { prices },
        headers: { "If-Match": ifMatch },
      });
    const wrong = await put([
      { product: "Desk", listPrice: "100" },
      { product: "desk ", listPrice: "-1" },
    ]);
    expect(wrong.status).toBe(422);
    expect(await bodyOf(wrong)).toMatchObject({
      code: "price-list-invalid",
      errors: [{ pointer: "/prices/1/product" }, { pointer: "/prices/1/listPrice" }],
    });
    const path = `/v1/sources/${sourceId}/price-list`;
    expect(await itemsOf(await api.request(path, { token: viewer }))).toEqual([]);
    expect((await put([{ product: "Rack Pro", listPrice: "1000" }])).status).toBe(200);
    expect(await itemsOf(await api.request(path, { token: viewer }))).toEqual([
      { product: "Rack Pro", listPrice: { amount: "1000.00", currency: "USD" } },
    ]);
    expect((await put([{ product: "Desk", listPrice: "1" }])).status).toBe(412);
  });

  it("P-07 announces a file, shows its progress, its row errors and its held rows", async () => {
    const announce = () =>
      api.request("/v1/imports", {
        token: steward,
        body: { sourceId, fileName: "export.csv" },
        headers: { "Idempotency-Key": "the-first-file" },
      });
    const announced = await announce();
    expect(announced.status).toBe(201);
    const body = await bodyOf(announced);
    const { importId } = body["import"] as { importId: string };
    expect(body).toMatchObject({
      import: { status: "awaiting-upload", asOf: "2027-01-15" },
      upload: { method: "PUT", url: expect.stringContaining(`/imports/${ACME}/${importId}.csv`) },
    });
    const repeated = await announce();
    expect(repeated.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await bodyOf(repeated)).toEqual(body);

    const shown = await bodyOf(await api.request(`/v1/imports/${importId}`, { token: viewer }));
    expect(shown["upload"]).toBeUndefined();
    await run(importId);
    expect(
      await bodyOf(await api.request(`/v1/imports/${importId}`, { token: viewer })),
    ).toMatchObject({
      status: "completed",
      progress: { rowsRead: 4, rowsChanged: 2, rowsHeld: 1, rowsRefused: 1 },
    });
    expect(
      await itemsOf(await api.request(`/v1/imports/${importId}/row-errors`, { token: viewer })),
    ).toEqual([{ row: 5, column: "close_date", code: "date-invalid", detail: expect.any(String) }]);
    expect(
      await itemsOf(await api.request(`/v1/sources/${sourceId}/held-rows`, { token: viewer })),
    ).toMatchObject([{ externalId: "A3", partner: "Nord", row: 4 }]);
  });

  it("S-34 lists the flags with the rows behind them, and one alias resolves a flag", async () => {
    const open = async () =>
      itemsOf(await api.request("/v1/data-quality-flags?status=open", { token: viewer }));
    const flag = (await open()).find(({ code }) => code === "product-unknown");
    expect(flag).toMatchObject({ value: "RackPro", openRows: 1, column: "product" });
    expect(
      await itemsOf(
        await api.request(`/v1/data-quality-flags/${flag?.["flagId"]}/rows`, { token: viewer }),
      ),
    ).toMatchObject([{ row: 3, column: "product", externalId: "A2" }]);
    const added = await api.request(`/v1/sources/${sourceId}/aliases`, {
      token: steward,
      body: { kind: "product", text: "RackPro", product: "Rack Pro" },
    });
    expect(added.status).toBe(201);
    const jobs = await itemsOf(await api.request("/v1/imports", { token: viewer }));
    const queued = jobs.find(({ status }) => status === "queued");
    await runReevaluation(
      api.store.asSystem(ACME),
      ports,
      String(queued?.["importId"]) as ImportId,
    );
    expect((await open()).map(({ code }) => code)).not.toContain("product-unknown");
  });

  it("S-32 shows a partner its own facts, takes its report, and lets the steward correct", async () => {
    const partners = await itemsOf(await api.request("/v1/partners", { token: viewer }));
    const idOf = (wanted: string) =>
      String(partners.find(({ name }) => name === wanted)?.["partnerId"]);
    const [north, south] = [idOf("North"), idOf("South")];
    const own = await api.partnerUser(ACME, north as never, "partner-exec");
    const other = await api.partnerUser(ACME, south as never, "partner-exec");
    const path = `/v1/partners/${north}/opportunities`;
    const facts = await itemsOf(await api.request(path, { token: own.token }));
    const fact = facts.find(({ externalId }) => externalId === "A1");
    expect(fact).toMatchObject({
      amount: { amount: "900.00", currency: "USD" },
      listAmount: { amount: "1000.00", currency: "USD" },
      row: 2,
    });
    for (const token of [other.token, foreign]) {
      const response = await api.request(`${path}/${fact?.["opportunityId"]}`, { token });
      expect(response.status).toBe(404);
    }
    const reported = await api.request(`/v1/partners/${north}/fact-reports`, {
      token: own.token,
      body: { kind: "wrong", opportunityId: fact?.["opportunityId"], text: "It was 950" },
    });
    expect(reported.status).toBe(201);
    const correct = (headers: Record<string, string>, body: Body) =>
      api.request(`${path}/${fact?.["opportunityId"]}/correct`, { token: steward, body, headers });
    const change = { reason: "invoice", fields: { amount: "950" } };
    expect((await correct({}, change)).status).toBe(428);
    expect((await correct({ "If-Match": '"9"' }, change)).status).toBe(412);
    const corrected = await correct({ "If-Match": '"1"', "Idempotency-Key": "fix" }, change);
    expect(corrected.status).toBe(200);
    expect(corrected.headers.get("ETag")).toBe('"2"');
    const again = await correct({ "If-Match": '"1"', "Idempotency-Key": "fix" }, change);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await bodyOf(again)).toEqual(await bodyOf(corrected));
  });

  it.each([
    ["a source", () => `/v1/sources/${sourceId}`, "source-not-found"],
    ["its price list", () => `/v1/sources/${sourceId}/price-list`, "source-not-found"],
    ["its held rows", () => `/v1/sources/${sourceId}/held-rows`, "source-not-found"],
  ])("answers another tenant that asks for %s as if it were missing", async (_, path, code) => {
    const response = await api.request(path(), { token: foreign });
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toMatchObject({ code });
  });
});
