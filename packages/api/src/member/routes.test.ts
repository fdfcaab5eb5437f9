import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;
const person = (email: string, ...roles: string[]) => ({
  email,
  displayName: "Ada",
  roles,
  initialPassword: TEST_PASSWORD,
});

describe("members and partner users over HTTP", () => {
  let api: TestApi;
  let owner: string;
  let admin: string;
  let globex: string;
  beforeAll(async () => {
    api = await testApi();
    owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
    admin = (await api.member(ACME, "admin")).token;
    globex = await api.logIn("owner@globex.test", TEST_PASSWORD);
  });
  const add = (token: string, body: unknown) => api.request("/v1/members", { token, body });

  it("P-02 adds a member who logs in and is listed, and shows no password", async () => {
    const added = await add(admin, person("ada@people.test", "program-manager"));
    expect(added.status).toBe(201);
    const member = await bodyOf(added);
    expect(Object.keys(member).sort()).toEqual(
      [
        "createdAt",
        "displayName",
        "email",
        "memberId",
        "roles",
        "status",
        "updatedAt",
        "version",
      ].sort(),
    );
    const address = added.headers.get("Location") ?? "";
    expect(await bodyOf(await api.request(address, { token: admin }))).toEqual(member);
    const list = await bodyOf(await api.request("/v1/members?limit=100", { token: admin }));
    expect(list["items"]).toContainEqual(member);
    const token = await api.logIn("ada@people.test", TEST_PASSWORD);
    expect(await bodyOf(await api.request("/v1/me", { token }))).toMatchObject({
      actor: { kind: "member", roles: ["program-manager"] },
    });
  });

  it("tells nobody whether an address is known to another tenant", async () => {
    await add(globex, person("known@people.test", "viewer"));
    const answers = [
      await add(admin, person("known@people.test", "viewer")),
      await add(admin, person("unknown@people.test", "viewer")),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [known, unknown] = await Promise.all(answers.map(bodyOf));
    const varying = { memberId: "", email: "" };
    expect({ ...known, ...varying }).toEqual({ ...unknown, ...varying });
  });

  it("lets an admin make no owner and touch no owner, and an owner do both", async () => {
    const refused = await add(admin, person("boss@people.test", "owner"));
    expect([refused.status, (await bodyOf(refused))["code"]]).toEqual([403, "role-not-grantable"]);
    const made = await bodyOf(await add(owner, person("boss@people.test", "owner")));
    const change = (token: string) =>
      api.request(`/v1/members/${made["memberId"]}`, {
        method: "PATCH",
        token,
        body: { roles: ["viewer"] },
        headers: { "If-Match": '"1"' },
      });
    expect((await change(admin)).status).toBe(403);
    const changed = await change(owner);
    expect([changed.status, changed.headers.get("ETag")]).toEqual([200, '"2"']);
    expect((await change(owner)).status).toBe(412);
  });

  it("keeps the people of a partner to the tenant and to that partner", async () => {
    const ctx = api.store.asMember(ACME, "admin");
    const input = (name: string) => ({
      name,
      type: "reseller" as const,
      lifecycleStage: "growing" as const,
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const own = await createPartner(ctx, input("Own"));
    const other = await createPartner(ctx, input("Other"));
    const users = (partnerId: string) => `/v1/partners/${partnerId}/users`;
    const added = await api.request(users(own.partnerId), {
      token: admin,
      body: person("exec@people.test", "partner-exec"),
    });
    expect(added.status).toBe(201);
    const user = await bodyOf(added);
    const token = await api.logIn("exec@people.test", TEST_PASSWORD);
    const read = (partnerId: string, as: string) => api.request(users(partnerId), { token: as });
    expect((await bodyOf(await read(own.partnerId, token)))["items"]).toEqual([user]);
    for (const answer of [await read(other.partnerId, token), await read(own.partnerId, globex)]) {
      expect([answer.status, (await bodyOf(answer))["code"]]).toEqual([404, "partner-not-found"]);
    }
    const foreign = await api.request(users(own.partnerId), {
      token: globex,
      body: person("spy@people.test", "partner-exec"),
    });
    expect([foreign.status, (await bodyOf(foreign))["code"]]).toEqual([404, "partner-not-found"]);

    const ended = await api.request(`${users(own.partnerId)}/${user["partnerUserId"]}/end`, {
      method: "POST",
      token: admin,
      headers: { "If-Match": '"1"' },
    });
    expect(await bodyOf(ended)).toMatchObject({ status: "ended", version: 2 });
    expect((await api.request("/v1/me", { token })).status).toBe(401);
  });

  it("P-01 shows the tenant to its people and lets administrators change it", async () => {
    const before = await api.request("/v1/tenant", { token: owner });
    expect(await bodyOf(before)).toMatchObject({ tenantId: ACME, name: "Acme", currency: "USD" });
    const patch = (token: string, body: unknown) =>
      api.request("/v1/tenant", {
        method: "PATCH",
        token,
        body,
        headers: { "If-Match": before.headers.get("ETag") ?? "" },
      });
    const wrong = await patch(owner, { timeZone: "Mars/Olympus", fiscalYearStartMonth: 13 });
    expect(wrong.status).toBe(400);
    const { errors } = (await wrong.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(["/timeZone", "/fiscalYearStartMonth"]);
    expect((await patch(owner, { currency: "EUR" })).status).toBe(400);
    expect((await patch(owner, { name: "Acme Ltd" })).status).toBe(200);
    expect(await bodyOf(await api.request("/v1/tenant", { token: globex }))).toMatchObject({
      tenantId: GLOBEX,
      name: "Globex",
    });
  });
});
