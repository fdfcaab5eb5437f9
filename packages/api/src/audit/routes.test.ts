import { linkDay, recordChange } from "@concord/core/audit";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import { auditSourceOf, tenantIdOf } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

type Json = Record<string, unknown> & { items: Record<string, unknown>[] };

describe("the audit trail over the API", () => {
  let api: TestApi;
  let owner = "";
  let viewer = "";
  let partnerToken = "";
  let partnerId = "";
  const get = async (path: string, token = owner) => api.request(`/v1${path}`, { token });
  const json = async (path: string) => (await (await get(path)).json()) as Json;

  beforeAll(async () => {
    api = await testApi();
    owner = (await api.member(ACME, "owner")).token;
    viewer = (await api.member(ACME, "viewer")).token;
    await api.member(GLOBEX, "owner");
    const body = { name: "Northwind", type: "reseller", lifecycleStage: "growing", region: "East" };
    const created = await api.request("/v1/partners", { token: owner, body });
    const partner = (await created.json()) as { partnerId: never };
    partnerId = partner.partnerId;
    partnerToken = (await api.partnerUser(ACME, partner.partnerId, "partner-exec")).token;
    for (const row of await api.store.dump()) {
      const tenantId = tenantIdOf(String(row["pk"]));
      if (row["entity"] !== "Event" || !tenantId) continue;
      await recordChange(api.store.asSystem(tenantId), auditSourceOf(row));
    }
  });

  it("S-100 tells who changed an object, by which request, and what a person did", async () => {
    const { items } = await json(`/audit-events?objectType=Partner&objectId=${partnerId}`);
    expect(items).toMatchObject([
      { type: "partner.created", by: { kind: "member" }, object: { id: partnerId, version: 1 } },
    ]);
    expect(api.log.map(({ requestId }) => requestId)).toContain(items[0]?.["requestId"]);
    const by = items[0]?.["by"] as { memberId: string } | undefined;
    const done = await json(`/audit-events?actorId=${by?.memberId}`);
    expect(done.items.map(({ type }) => type)).toEqual(["partner.created"]);
  });

  it("P-06 lists the changes of some days page by page, of one tenant alone", async () => {
    const found: unknown[] = [];
    let cursor = "";
    do {
      const page = await json(`/audit-events?from=2027-01-10&to=2027-01-20&limit=2${cursor}`);
      found.push(...page.items.map(({ key }) => key));
      cursor = page["nextCursor"] ? `&cursor=${String(page["nextCursor"])}` : "";
    } while (cursor);
    const own = (await api.store.dump()).filter(
      ({ pk, entity }) => entity === "AuditEntry" && String(pk).includes(ACME),
    );
    expect(found).toEqual(own.map(({ key }) => String(key)).sort());
    expect(found.length).toBeGreaterThan(4);
  });

  it("P-06 exports them as CSV and as one JSON object a line", async () => {
    const csv = await get("/audit-exports/csv?type=partner.created");
    expect(csv.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const [header, first, end] = (await csv.text()).split("\r\n");
    expect(header).toBe(
      "at,type,actorKind,actorId,objectType,objectId,version,requestId,before,after,eventDigest",
    );
    expect(first).toContain(`,partner.created,member,`);
    expect(end).toBe("");
    const lines = await get("/audit-exports/ndjson?type=partner.created");
    expect(JSON.parse(await lines.text())).toMatchObject({ object: { id: partnerId } });
  });

  it("P-06 verifies the trail, and names the place where it was changed", async () => {
    const ctx = api.store.asSystem(ACME);
    await linkDay(ctx, "2027-01-15");
    expect(await json("/audit-verification")).toMatchObject({ outcome: "intact", links: 1 });
    expect((await json("/audit-heads")).items).toEqual([]);
    const row = (await api.store.dump()).find(
      ({ entity, type }) => entity === "Event" && type === "partner.created",
    );
    if (!row) throw new Error("a partner was created");
    const anything = { expression: "attribute_exists(#pk)", names: { "#pk": "pk" } };
    await api.store.table.put({ ...row, data: { forged: true } }, anything);
    const found = await json("/audit-verification");
    expect(found["outcome"]).toBe("broken");
    expect(found["findings"]).toMatchObject([
      { kind: "event-altered", place: expect.stringContaining(partnerId) },
    ]);
    await api.store.table.put(row, anything);
  });

  it.each(["/audit-events", "/audit-heads", "/audit-keys", "/audit-verification"])(
    "refuses %s to everybody but owners and admins",
    async (path) => {
      expect((await get(path, viewer)).status).toBe(403);
      expect((await get(path, partnerToken)).status).toBe(403);
      expect((await get(path)).status).toBe(200);
    },
  );

  it.each([
    ["/audit-events?from=2027-01-01&to=2027-03-01", 422, "audit-range-too-long"],
    ["/audit-events?from=2027-01-02&to=2027-01-01", 400, "request-invalid"],
    ["/audit-events?objectType=Partner", 400, "request-invalid"],
  ])("refuses %s", async (path, status, code) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });
});
