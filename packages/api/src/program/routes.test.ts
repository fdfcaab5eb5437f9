import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;

describe("programs over HTTP", () => {
  let api: TestApi;
  let token: string;
  beforeAll(async () => {
    api = await testApi();
    token = (await api.member(ACME, "program-manager")).token;
  });

  const create = async (headers: Record<string, string> = {}) =>
    api.request("/v1/programs", { token, body: { from: "reseller-template" }, headers });
  const created = async () => String((await bodyOf(await create()))["programId"]);
  const publish = (programId: string, options: { ifMatch?: string; token?: string } = {}) =>
    api.request(`/v1/programs/${programId}/publish`, {
      token: options.token ?? token,
      body: { effectiveFrom: "2027-Q1" },
      headers: options.ifMatch === undefined ? {} : { "If-Match": options.ifMatch },
    });

  it("S-03 go from template to a published version that both sides can read", async () => {
    const response = await create();
    const program = await bodyOf(response);
    expect(response.status).toBe(201);
    expect(response.headers.get("ETag")).toBe('"1"');
    expect(response.headers.get("Location")).toBe(`/v1/programs/${program["programId"]}`);
    const published = await publish(String(program["programId"]), { ifMatch: '"1"' });
    expect(published.status).toBe(200);
    expect(published.headers.get("ETag")).toBe('"2"');
    expect(await bodyOf(published)).toMatchObject({
      published: { version: 1, effectiveFrom: "2027-Q1", warnings: [] },
    });
    const version = await api.request(`/v1/programs/${program["programId"]}/versions/1`, { token });
    expect(await bodyOf(version)).toMatchObject({
      version: 1,
      definition: { currency: "USD", minimumCoveragePercent: 60 },
    });
  });

  it("S-98 publish their criteria to both sides, and to nobody of another tenant", async () => {
    const programId = await created();
    const path = `/v1/programs/${programId}/criteria`;
    expect((await api.request(path, { token })).status).toBe(404);
    await publish(programId, { ifMatch: '"1"' });
    const { partnerId } = await createPartner(api.store.asMember(ACME, "admin"), {
      name: "Northwind",
      type: "reseller",
      lifecycleStage: "growing",
      region: "West",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const partner = await api.partnerUser(ACME, partnerId, "partner-user");
    const [ours, theirs, stranger] = await Promise.all(
      [token, partner.token, (await api.member(GLOBEX, "owner")).token].map((as) =>
        api.request(path, { token: as }),
      ),
    );
    const page = ours && (await bodyOf(ours));
    expect(page).toMatchObject({ programId, version: 1, effectiveFrom: "2027-Q1" });
    expect(theirs && (await bodyOf(theirs))).toEqual(page);
    expect(stranger?.status).toBe(404);
    expect((await api.request(`${path}?version=2`, { token })).status).toBe(404);
    expect((await api.request(`${path}?version=none`, { token })).status).toBe(400);
  });

  it("S-24 name every fault of a draft at once, with pointers", async () => {
    const programId = await created();
    const draft = await bodyOf(await api.request(`/v1/programs/${programId}`, { token }));
    const { metrics } = draft["draft"] as { metrics: Body[] };
    const faulty = metrics.map((metric, index) =>
      index === 0 ? { ...metric, weightPercent: 20.5, verification: "" } : metric,
    );
    const changed = await api.request(`/v1/programs/${programId}/draft`, {
      method: "PATCH",
      token,
      body: { metrics: faulty },
      version: 1,
    });
    expect(changed.status).toBe(200);
    const response = await publish(programId, { ifMatch: '"2"' });
    expect(response.status).toBe(422);
    const problem = await bodyOf(response);
    expect(problem["code"]).toBe("program-not-publishable");
    expect((problem["errors"] as Body[]).map(({ pointer }) => pointer)).toEqual([
      "/draft/metrics",
      "/draft/metrics/0/verification",
    ]);
  });

  it("keep what a change leaves out", async () => {
    const programId = await created();
    const patch = (body: unknown, ifMatch: string) =>
      api.request(`/v1/programs/${programId}/draft`, {
        method: "PATCH",
        token,
        body,
        headers: { "If-Match": ifMatch },
      });
    await patch({ minimumSample: 25 }, '"1"');
    const answer = await bodyOf(await patch({ name: "Renamed" }, '"2"'));
    expect(answer["draft"]).toMatchObject({ name: "Renamed", minimumSample: 25 });
  });

  it("replay a repeated creation under one Idempotency-Key", async () => {
    const headers = { "Idempotency-Key": "program-once" };
    const [first, second] = [await create(headers), await create(headers)];
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await bodyOf(second)).toEqual(await bodyOf(first));
  });

  it.each([
    ["without If-Match", {}, 428, "version-required"],
    ["with a stale ETag", { ifMatch: '"9"' }, 412, "version-stale"],
  ])("refuse to be published %s", async (_, options, status, code) => {
    const response = await publish(await created(), options);
    expect(response.status).toBe(status);
    expect((await bodyOf(response))["code"]).toBe(code);
  });

  it("refuse a viewer, and answer a foreign and a missing program identically", async () => {
    const programId = await created();
    const viewer = (await api.member(ACME, "viewer")).token;
    expect((await publish(programId, { ifMatch: '"1"', token: viewer })).status).toBe(403);
    const stranger = (await api.member(GLOBEX, "program-manager")).token;
    const problems = await Promise.all(
      [programId, "pgm_0000000000000000000000000Z"].map(async (id) => {
        const response = await api.request(`/v1/programs/${id}`, { token: stranger });
        const { requestId: _requestId, instance: _instance, ...rest } = await bodyOf(response);
        return [response.status, rest];
      }),
    );
    expect(problems[0]).toEqual(problems[1]);
    expect(problems[0]?.[0]).toBe(404);
  });

  it("page through versions", async () => {
    const programId = await created();
    await publish(programId, { ifMatch: '"1"' });
    await publish(programId, { ifMatch: '"2"' });
    const path = `/v1/programs/${programId}/versions?limit=1`;
    const first = await bodyOf(await api.request(path, { token }));
    const cursor = encodeURIComponent(String(first["nextCursor"]));
    const second = await bodyOf(await api.request(`${path}&cursor=${cursor}`, { token }));
    const versions = [first, second].map(({ items }) => (items as Body[])[0]?.["version"]);
    expect(versions).toEqual([1, 2]);
    expect(second["nextCursor"]).toBeNull();
  });
});
