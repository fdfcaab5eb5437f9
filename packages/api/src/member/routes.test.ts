import { createPartner } from "@concord/core/partner";
import {
  ACME,
  GLOBEX,
  refusalOf,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;
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
  const invite = (token: string, email: string, ...roles: string[]) =>
    api.request("/v1/invitations", { token, body: { email, roles } });

  it("shows a member with neither password nor person, and lists them", async () => {
    const { member: added } = await api.member(ACME, "program-manager");
    const read = await api.request(`/v1/members/${added.memberId}`, { token: admin });
    const member = await bodyOf(read);
    expect(Object.keys(member).sort()).toEqual(
      [
        "createdAt",
        "displayName",
        "duties",
        "email",
        "memberId",
        "roles",
        "status",
        "updatedAt",
        "version",
      ].sort(),
    );
    const list = await bodyOf(await api.request("/v1/members?limit=100", { token: admin }));
    expect(list["items"]).toContainEqual(member);
  });

  it("lets an admin make no owner and touch no owner, and an owner do both", async () => {
    const refused = await invite(admin, "boss@people.test", "owner");
    expect([refused.status, (await bodyOf(refused))["code"]]).toEqual([403, "role-not-grantable"]);
    expect((await invite(owner, "boss@people.test", "owner")).status).toBe(201);
    const { member: made } = await api.member(ACME, "owner");
    const change = (token: string) =>
      api.request(`/v1/members/${made.memberId}`, {
        method: "PATCH",
        token,
        body: { roles: ["viewer"] },
        version: 1,
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
    const { token, partnerUser } = await api.partnerUser(ACME, own.partnerId, "partner-exec");
    const { personId: _, ...user } = partnerUser;
    const read = (partnerId: string, as: string) => api.request(users(partnerId), { token: as });
    expect((await bodyOf(await read(own.partnerId, token)))["items"]).toEqual([user]);
    for (const answer of [await read(other.partnerId, token), await read(own.partnerId, globex)]) {
      expect([answer.status, (await bodyOf(answer))["code"]]).toEqual([404, "partner-not-found"]);
    }
    const ended = await api.request(`${users(own.partnerId)}/${user.partnerUserId}/end`, {
      method: "POST",
      token: admin,
      version: 1,
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

  it("P-02 makes a moderator by two administrators together, and by nothing else", async () => {
    const { member, token: candidate } = await api.member(ACME, "admin", "data-steward");
    const { token: viewer } = await api.member(ACME, "viewer");
    const path = `/v1/members/${member.memberId}`;
    const proposal = `${path}/moderator-proposal`;
    const post = (token: string, to: string, version?: number) =>
      api.request(to, { method: "POST", token, version });

    const alone = await api.request(path, {
      method: "PATCH",
      token: owner,
      body: { roles: ["moderator"] },
      version: 1,
    });
    expect(await refusalOf(alone)).toEqual([403, "moderator-needs-two"]);
    const invited = await invite(owner, "moderator@people.test", "moderator");
    expect(await refusalOf(invited)).toEqual([403, "moderator-needs-two"]);

    expect(await refusalOf(await post(viewer, proposal))).toEqual([403, "permission-denied"]);
    expect(await refusalOf(await post(candidate, proposal))).toEqual([403, "member-is-yourself"]);
    expect(await refusalOf(await post(globex, proposal))).toEqual([404, "member-not-found"]);
    expect((await post(admin, proposal)).status).toBe(201);
    expect(await refusalOf(await post(owner, proposal))).toEqual([409, "moderator-proposal-open"]);
    const confirm = `${proposal}/confirm`;
    expect(await refusalOf(await post(admin, confirm, 1))).toEqual([403, "moderator-needs-two"]);
    expect(await refusalOf(await post(candidate, confirm, 1))).toEqual([403, "member-is-yourself"]);
    expect(await refusalOf(await post(owner, confirm, 9))).toEqual([412, "version-stale"]);
    const before = await bodyOf(await api.request(path, { token: owner }));
    expect(before).toMatchObject({ roles: ["admin", "data-steward"], version: 1 });

    expect(await bodyOf(await post(owner, confirm, 1))).toMatchObject({ status: "confirmed" });
    const after = await bodyOf(await api.request(path, { token: owner }));
    expect(after).toMatchObject({ roles: ["admin", "data-steward", "moderator"], version: 2 });
    expect(await refusalOf(await post(owner, confirm, 2))).toEqual([409, "moderator-already"]);
  });

  it("makes no moderator on the word of somebody who may not give it any more", async () => {
    const { member } = await api.member(ACME, "viewer");
    const { member: proposer, token } = await api.member(ACME, "admin");
    const proposal = `/v1/members/${member.memberId}/moderator-proposal`;
    await api.request(proposal, { method: "POST", token });
    const demoted = await api.request(`/v1/members/${proposer.memberId}`, {
      method: "PATCH",
      token: owner,
      body: { roles: ["viewer"] },
      version: 1,
    });
    expect(demoted.status).toBe(200);
    const confirmed = await api.request(`${proposal}/confirm`, {
      method: "POST",
      token: owner,
      version: 1,
    });
    expect(await bodyOf(confirmed)).toMatchObject({ code: "moderator-proposal-void" });
    const withdrawn = await api.request(`${proposal}/withdraw`, {
      method: "POST",
      token: owner,
      version: 1,
    });
    expect(await bodyOf(withdrawn)).toMatchObject({ status: "withdrawn", version: 2 });
    expect((await api.request(proposal, { method: "POST", token: owner })).status).toBe(201);
  });
});
