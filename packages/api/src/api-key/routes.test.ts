import { ApiKeyScope } from "@concord/core/actor";
import { endMember, updateMember } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, NOON, type TestApi, testApi, testPartnership } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const Issued = z.looseObject({ apiKeyId: z.string(), key: z.string() });
type Issued = z.infer<typeof Issued>;

describe("API keys", () => {
  let api: TestApi;
  let admin: Awaited<ReturnType<TestApi["member"]>>;
  beforeAll(async () => {
    api = await testApi();
    admin = await api.member(ACME, "admin");
  });

  const body = (scopes: readonly string[], lifetimeDays = 30) => ({
    name: "Nightly",
    scopes,
    lifetimeDays,
  });
  async function issue(scopes: readonly string[], token = admin.token): Promise<Issued> {
    const response = await api.request("/v1/api-keys", { token, body: body(scopes) });
    expect(response.status).toBe(201);
    return Issued.parse(await response.json());
  }
  const statusOf = async (path: string, token: string) =>
    (await api.request(path, { token })).status;
  const keyOf = async ({ apiKeyId }: Issued) => {
    const response = await api.request(`/v1/api-keys/${apiKeyId}`, { token: admin.token });
    return (await response.json()) as Record<string, unknown>;
  };
  const revoke = ({ apiKeyId }: Issued, version = 1) =>
    api.request(`/v1/api-keys/${apiKeyId}/revoke`, {
      method: "POST",
      token: admin.token,
      version,
    });
  const partnerOf = (tenantId: typeof ACME, name: string) =>
    createPartner(api.store.asMember(tenantId, "admin"), {
      name,
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });

  it("P-04 is shown once, acts by its scope, and stops at the request after it is revoked", async () => {
    const issued = await issue(["partners:read"]);
    expect(issued.key).toMatch(/^cck_[0-9A-Z_]{81}[A-Za-z0-9_-]{43}$/);
    expect(await statusOf("/v1/partners", issued.key)).toBe(200);
    expect(await statusOf("/v1/sources", issued.key)).toBe(403);
    expect(await statusOf("/v1/api-keys", issued.key)).toBe(403);
    const read = await keyOf(issued);
    expect(read).toMatchObject({
      name: "Nightly",
      scopes: ["partners:read"],
      issuedBy: admin.member.memberId,
      expiresAt: "2027-02-14T12:00:00.000Z",
      lastUsedAt: NOON.toISOString(),
      revoked: null,
    });
    expect(JSON.stringify(read)).not.toMatch(/secret/i);
    expect((await revoke(issued)).status).toBe(200);
    const refused = await api.request("/v1/partners", { token: issued.key });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("WWW-Authenticate")).toContain('error="invalid_token"');
    expect((await revoke(issued, 2)).status).toBe(409);
  });

  it("P-04 announces an import and lists the partner's opportunities with one key", async () => {
    const { partnerId } = await partnerOf(ACME, "Northwind");
    const source = await api.request("/v1/sources", {
      token: admin.token,
      body: { name: "CRM", currency: "USD" },
    });
    const { sourceId } = (await source.json()) as { sourceId: string };
    const issued = await issue(["opportunities:write", "opportunities:read"]);
    const created = await api.request("/v1/imports", {
      token: issued.key,
      body: { sourceId, fileName: "deals.csv" },
      headers: { "Idempotency-Key": "tonight" },
    });
    expect(created.status).toBe(201);
    const answered = (await created.json()) as { import: Record<string, unknown> };
    expect(answered.import["createdBy"]).toEqual({ kind: "api-key", apiKeyId: issued.apiKeyId });
    const path = `/v1/imports/${String(answered.import["importId"])}`;
    expect(await statusOf(path, issued.key)).toBe(200);
    expect(await statusOf(`/v1/partners/${partnerId}/opportunities`, issued.key)).toBe(200);
    const again = await api.request("/v1/imports", {
      token: issued.key,
      body: { sourceId, fileName: "deals.csv" },
      headers: { "Idempotency-Key": "tonight" },
    });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await again.json()).toEqual(answered);
  });

  it("costs one request and two units to check, and one write in an hour of uses", async () => {
    const { key } = await issue(["partners:read"]);
    const before = api.wallNow;
    const cost = async () => {
      expect(await statusOf("/v1/members", key)).toBe(403);
      return api.log.at(-1);
    };
    expect(await cost()).toMatchObject({ requests: 2, readUnits: 2, writeUnits: 2 });
    expect(await cost()).toMatchObject({ requests: 1, readUnits: 2, writeUnits: 0 });
    api.wallNow = new Date(before.getTime() + 3_599_999);
    expect(await cost()).toMatchObject({ requests: 1, readUnits: 2, writeUnits: 0 });
    api.wallNow = new Date(before.getTime() + 3_600_000);
    expect(await cost()).toMatchObject({ requests: 2, readUnits: 2, writeUnits: 2 });
    api.wallNow = before;
  });

  it("is refused once its days are over, by the wall clock", async () => {
    const { key } = await issue(["partners:read"]);
    const before = api.wallNow;
    api.wallNow = new Date(before.getTime() + 30 * 86_400_000 - 1);
    expect(await statusOf("/v1/partners", key)).toBe(200);
    api.wallNow = new Date(before.getTime() + 30 * 86_400_000);
    expect(await statusOf("/v1/partners", key)).toBe(401);
    api.wallNow = before;
  });

  it.each([0, 366, 1.5, null, undefined])("takes no lifetime of %s days", async (lifetimeDays) => {
    const response = await api.request("/v1/api-keys", {
      token: admin.token,
      body: { ...body(["partners:read"]), lifetimeDays },
    });
    expect(response.status).toBe(400);
  });

  it("holds no more than its issuer does from the next request on, and nothing once they are gone", async () => {
    const issuer = await api.member(ACME, "admin");
    const { key } = await issue(["partners:read", "partners:write"], issuer.token);
    const add = (name: string) =>
      api.request("/v1/partners", {
        token: key,
        body: { name, type: "reseller", lifecycleStage: "growing", region: "Central" },
      });
    const first = await add("By key");
    expect([first.status, await first.text()]).toEqual([201, expect.any(String)]);
    const owner = api.store.asMember(ACME, "owner");
    const { memberId } = issuer.member;
    await updateMember(owner, { memberId, ifVersion: 1, changes: { roles: ["viewer"] } });
    expect((await add("By key again")).status).toBe(403);
    expect(await statusOf("/v1/partners", key)).toBe(200);
    await endMember(owner, { memberId, ifVersion: 2 });
    expect(await statusOf("/v1/partners", key)).toBe(401);
  });

  it("opens one tenant: its id in the key's place leads nowhere", async () => {
    const theirs = await partnerOf(GLOBEX, "Canary of Globex");
    const { key } = await issue(["partners:read"]);
    const list = await api.request("/v1/partners", { token: key });
    expect(await list.text()).not.toContain("Canary of Globex");
    expect(await statusOf(`/v1/partners/${theirs.partnerId}`, key)).toBe(404);
    const moved = key.replace(ACME.slice(4), GLOBEX.slice(4));
    expect(moved).not.toBe(key);
    expect(await statusOf("/v1/partners", moved)).toBe(401);
  });

  it.each([
    ["one character turned", (key: string) => key.slice(0, -1) + (key.endsWith("A") ? "B" : "A")],
    ["its secret cut", (key: string) => key.slice(0, -5)],
    ["another key's secret", (key: string) => key.slice(0, -43) + "A".repeat(43)],
    ["its prefix alone", () => "cck_"],
    ["its prefix and a token's form", () => "cck_a.b.c"],
  ])("is refused with %s, and no use is noted", async (_, forge) => {
    const issued = await issue(["partners:read"]);
    expect(await statusOf("/v1/partners", forge(issued.key))).toBe(401);
    expect(api.log.at(-1)).toMatchObject({ writeUnits: 0 });
    expect(await keyOf(issued)).toMatchObject({ lastUsedAt: null });
  });

  it("is made once under an Idempotency-Key; the repeat does not show it again", async () => {
    const create = () =>
      api.request("/v1/api-keys", {
        token: admin.token,
        body: body(["partners:read"]),
        headers: { "Idempotency-Key": "make-a-key" },
      });
    const first = Issued.parse(await (await create()).json());
    const repeated = await create();
    expect(repeated.status).toBe(201);
    expect(repeated.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await repeated.json()).toEqual({ ...first, key: null });
    expect(await statusOf("/v1/partners", first.key)).toBe(200);
    const secret = first.key.slice(-43);
    expect(JSON.stringify(api.log)).not.toContain(secret);
  });

  it("is made, seen and revoked by administrators alone", async () => {
    const issued = await issue(["partners:read"]);
    for (const role of ["program-manager", "partner-manager", "data-steward", "viewer"] as const) {
      const { token } = await api.member(ACME, role);
      const made = await api.request("/v1/api-keys", { token, body: body(["partners:read"]) });
      expect(made.status).toBe(403);
      expect(await statusOf("/v1/api-keys", token)).toBe(403);
      expect(await statusOf(`/v1/api-keys/${issued.apiKeyId}`, token)).toBe(403);
    }
    const foreign = await api.member(GLOBEX, "admin");
    expect(await statusOf(`/v1/api-keys/${issued.apiKeyId}`, foreign.token)).toBe(404);
    const list = await api.request("/v1/api-keys", { token: foreign.token });
    expect(await list.json()).toEqual({ items: [], nextCursor: null });
  });

  it("P-04 of one partner reaches that partner alone, of every scope, and no list of all", async () => {
    const [own, other] = await Promise.all(
      ["Limited", "Other"].map((name) => testPartnership(api.store, ACME, { name })),
    );
    if (!own || !other) throw new Error("two partnerships were made");
    const foreign = await partnerOf(GLOBEX, "Foreign");
    const make = (partnerId?: string) =>
      api.request("/v1/api-keys", {
        token: admin.token,
        body: { ...body(ApiKeyScope.options), ...(partnerId ? { partnerId } : {}) },
      });
    expect((await make(foreign.partnerId)).status).toBe(404);
    const made = await make(own.partner.partnerId);
    expect(made.status).toBe(201);
    const limited = Issued.parse(await made.json());
    expect(await keyOf(limited)).toMatchObject({ partnerId: own.partner.partnerId });
    const { key: all } = Issued.parse(await (await make()).json());

    const pathsOf = ({ partner: { partnerId }, review: { cycleId, period } }: typeof own) => [
      `/v1/partners/${partnerId}`,
      `/v1/partners/${partnerId}/opportunities`,
      `/v1/partners/${partnerId}/scorecards/${period}`,
      `/v1/review-cycles/${cycleId}/reviews/${partnerId}`,
      `/v1/review-cycles/${cycleId}/reviews/${partnerId}/contributions`,
    ];
    for (const path of pathsOf(own)) expect(await statusOf(path, limited.key), path).toBe(200);
    for (const path of pathsOf(other)) {
      expect(await statusOf(path, limited.key), path).toBe(404);
      // The same key without its limit shows what there is to hide.
      expect(await statusOf(path, all), path).toBe(200);
    }
    const listed = await api.request("/v1/partners", { token: limited.key });
    expect(await listed.json()).toMatchObject({
      items: [{ partnerId: own.partner.partnerId }],
      nextCursor: null,
    });
    for (const path of ["/v1/sources", "/v1/imports", "/v1/data-quality-flags?status=open"]) {
      expect([path, await statusOf(path, limited.key)]).toEqual([path, 403]);
      expect([path, await statusOf(path, all)]).toEqual([path, 200]);
    }
    const rename = (partnerId: string) =>
      api.request(`/v1/partners/${partnerId}`, {
        method: "PATCH",
        token: limited.key,
        version: 1,
        body: { region: "North" },
      });
    expect((await rename(other.partner.partnerId)).status).toBe(404);
    expect((await rename(own.partner.partnerId)).status).toBe(200);
    const partner = { name: "New", region: "Central" };
    const create = (token: string) => api.request("/v1/partners", { token, body: partner });
    expect((await create(limited.key)).status).toBe(403);

    const source = await api.request("/v1/sources", {
      token: admin.token,
      body: { name: "CRM of keys", currency: "USD" },
    });
    const { sourceId } = (await source.json()) as { sourceId: string };
    const announce = (partnerId?: string) =>
      api.request("/v1/imports", {
        token: limited.key,
        body: { sourceId, fileName: "own.csv", ...(partnerId ? { partnerId } : {}) },
      });
    expect((await announce()).status).toBe(403);
    expect((await announce(other.partner.partnerId)).status).toBe(403);
    const job = await announce(own.partner.partnerId);
    expect(job.status).toBe(201);
    const { import: started } = (await job.json()) as { import: { importId: string } };
    expect(await statusOf(`/v1/imports/${started.importId}`, limited.key)).toBe(200);
  });
});
