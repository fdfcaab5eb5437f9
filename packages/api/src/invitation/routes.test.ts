import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Body = Record<string, unknown>;
const bodyOf = (response: Response) => response.json() as Promise<Body>;
const told = async (response: Response) => [response.status, (await bodyOf(response))["code"]];

describe("invitations over HTTP", () => {
  let api: TestApi;
  let owner: string;
  let globex: string;
  beforeAll(async () => {
    api = await testApi();
    owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
    globex = await api.logIn("owner@globex.test", TEST_PASSWORD);
  });
  const invite = (token: string, email: string, ...roles: string[]) =>
    api.request("/v1/invitations", { token, body: { email, roles } });
  const accept = (token: string, more: Body = {}) =>
    api.request("/v1/invitations/accept", { body: { token, displayName: "Ada", ...more } });
  const post = (token: string, path: string, version: number) =>
    api.request(path, { method: "POST", token, version });

  it("P-02 leads from an invitation to a login, and shows neither token nor person on the way", async () => {
    const answer = await invite(owner, "Ada@People.test", "program-manager");
    expect([answer.status, answer.headers.get("ETag")]).toEqual([201, '"1"']);
    const invitation = await bodyOf(answer);
    expect(invitation).toMatchObject({
      email: "ada@people.test",
      to: { kind: "member", roles: ["program-manager"] },
      status: "pending",
      validUntil: "2027-01-22T12:00:00.000Z",
    });
    expect(Object.keys(invitation)).not.toContain("tokenHash");
    expect(Object.keys(invitation)).not.toContain("personId");
    const token = await api.mailedToken(ACME, String(invitation["invitationId"]));
    expect(JSON.stringify(invitation)).not.toContain(token.split(".")[2]);

    const joined = await accept(token, { password: TEST_PASSWORD });
    expect(joined.status).toBe(200);
    const login = await bodyOf(joined);
    expect(login).toMatchObject({
      tenant: { tenantId: ACME, name: "Acme" },
      actor: { kind: "member", roles: ["program-manager"], email: "ada@people.test" },
    });
    const me = await api.request("/v1/me", { token: String(login["accessToken"]) });
    expect(me.status).toBe(200);
    await api.logIn("ada@people.test", TEST_PASSWORD);

    const address = answer.headers.get("Location") ?? "";
    const read = await api.request(address, { token: owner });
    expect(await bodyOf(read)).toMatchObject({ status: "accepted", version: 2 });
    const list = await bodyOf(await api.request("/v1/invitations", { token: owner }));
    expect(list["items"]).toMatchObject([{ email: "ada@people.test", status: "accepted" }]);
    expect(await told(await accept(token))).toEqual([409, "invitation-accepted"]);
    expect(JSON.stringify(api.log)).not.toContain(token.split(".")[2]);
  });

  it("P-02 gives one person a second tenant without a second password", async () => {
    const ours = await bodyOf(await invite(owner, "both@people.test", "viewer"));
    const first = await api.mailedToken(ACME, String(ours["invitationId"]));
    expect(await told(await accept(first))).toEqual([422, "password-needed"]);
    expect((await accept(first, { password: TEST_PASSWORD })).status).toBe(200);
    const theirs = await bodyOf(await invite(globex, "both@people.test", "viewer"));
    const second = await api.mailedToken(GLOBEX, String(theirs["invitationId"]));
    const joined = await accept(second, { password: "what globex would have them use" });
    expect(await bodyOf(joined)).toMatchObject({ tenant: { tenantId: GLOBEX } });
    for (const tenantId of [ACME, GLOBEX]) {
      const login = (password: string) =>
        api.request("/v1/login", { body: { email: "both@people.test", password, tenantId } });
      expect((await login(TEST_PASSWORD)).status).toBe(200);
      expect(await told(await login("what globex would have them use"))).toEqual([
        401,
        "login-failed",
      ]);
    }
  });

  it("tells nobody whether another tenant knows the address", async () => {
    await api.request("/v1/invitations", {
      token: globex,
      body: { email: "pending@people.test", roles: ["viewer"] },
    });
    const { member } = await api.member(GLOBEX, "viewer");
    const answers = [
      await invite(owner, member.email, "viewer"),
      await invite(owner, "pending@people.test", "viewer"),
      await invite(owner, "unknown@people.test", "viewer"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const bodies = await Promise.all(answers.map(bodyOf));
    const varying = { invitationId: "", email: "" };
    for (const body of bodies)
      expect({ ...body, ...varying }).toEqual({ ...bodies[0], ...varying });
    const costs = api.log
      .slice(-3)
      .map(({ requests, readUnits, writeUnits }) => [requests, readUnits, writeUnits]);
    expect(new Set(costs.map(String)).size).toBe(1);
  });

  it("answers wrong, foreign and replaced tokens alike, with 404, and writes nothing", async () => {
    const invitation = await bodyOf(await invite(owner, "wrong@people.test", "viewer"));
    const id = String(invitation["invitationId"]);
    const replaced = await api.mailedToken(ACME, id);
    const resent = await post(owner, `/v1/invitations/${id}/resend`, 1);
    expect([resent.status, resent.headers.get("ETag")]).toEqual([200, '"2"']);
    const good = await api.mailedToken(ACME, id);
    expect(good).not.toBe(replaced);
    const wrong = [
      replaced,
      good.replace(ACME, GLOBEX),
      good.slice(0, -1),
      `${ACME}.inv_${"0".repeat(26)}.${good.split(".")[2]}`,
      "garbage",
    ];
    const problems = [];
    for (const token of wrong) {
      const answer = await accept(token, { password: TEST_PASSWORD });
      expect(answer.status).toBe(404);
      const { requestId: _id, instance: _instance, ...problem } = await bodyOf(answer);
      problems.push(problem);
      expect(api.log.at(-1)).toMatchObject({ writeUnits: 0 });
    }
    for (const problem of problems) expect(problem).toEqual(problems[0]);
    expect(problems[0]?.["code"]).toBe("invitation-not-found");
    expect((await accept(good, { password: TEST_PASSWORD })).status).toBe(200);
  });

  it.each([
    { name: "no name", body: { displayName: " ", password: TEST_PASSWORD } },
    { name: "a short password", body: { password: "1234567" } },
    { name: "a token that is no text", body: { token: 1 } },
    { name: "a token of 201 characters", body: { token: "x".repeat(201) } },
    { name: "an unknown member", body: { roles: ["owner"] } },
  ])("refuses $name with 400 before any work", async ({ body }) => {
    expect((await accept("any", body)).status).toBe(400);
    expect(api.log.at(-1)).toMatchObject({ requests: 0 });
  });

  it("shows expired ones as expired, and withdraws by version", async () => {
    const answer = await invite(owner, "late@people.test", "viewer");
    const path = answer.headers.get("Location") ?? "";
    const token = await api.mailedToken(ACME, path.split("/").at(-1) ?? "");
    const { token: admin } = await api.member(ACME, "admin");
    expect(await told(await post(admin, `${path}/revoke`, 7))).toEqual([412, "version-stale"]);
    expect(await told(await post(globex, `${path}/revoke`, 1))).toEqual([
      404,
      "invitation-not-found",
    ]);
    api.wallNow = new Date(NOON.getTime() + 7 * 86_400_000);
    const fresh = await api.logIn("owner@acme.test", TEST_PASSWORD);
    expect(await bodyOf(await api.request(path, { token: fresh }))).toMatchObject({
      status: "expired",
    });
    expect(await told(await accept(token, { password: TEST_PASSWORD }))).toEqual([
      409,
      "invitation-expired",
    ]);
    api.wallNow = NOON;
    expect(await bodyOf(await post(owner, `${path}/revoke`, 1))).toMatchObject({
      status: "revoked",
    });
    expect(await told(await accept(token, { password: TEST_PASSWORD }))).toEqual([
      409,
      "invitation-revoked",
    ]);
  });

  it("P-02 lets an executive of a partner invite to that partner, and see no other's invitations", async () => {
    const partnerOf = (name: string) =>
      createPartner(api.store.asMember(ACME, "admin"), {
        name,
        type: "reseller",
        lifecycleStage: "growing",
        region: "Central",
        partnerManagerId: null,
        executiveSponsorId: null,
        dataStewardId: null,
      });
    const [own, other] = [await partnerOf("Own"), await partnerOf("Other")];
    const { token: exec } = await api.partnerUser(ACME, own.partnerId, "partner-exec");
    const { token: user } = await api.partnerUser(ACME, own.partnerId, "partner-user");
    const path = (partnerId: string) => `/v1/partners/${partnerId}/invitations`;
    const body = { email: "colleague@people.test", roles: ["partner-user"] };
    const mine = await api.request(path(own.partnerId), { token: exec, body });
    expect(mine.status).toBe(201);
    expect(await told(await api.request(path(own.partnerId), { token: user, body }))).toEqual([
      403,
      "permission-denied",
    ]);
    for (const token of [exec, globex]) {
      const partnerId = token === exec ? other.partnerId : own.partnerId;
      expect(await told(await api.request(path(partnerId), { token, body }))).toEqual([
        404,
        "partner-not-found",
      ]);
      expect(await told(await api.request(path(partnerId), { token }))).toEqual([
        404,
        "partner-not-found",
      ]);
    }
    const list = await bodyOf(await api.request(path(own.partnerId), { token: exec }));
    expect(list["items"]).toMatchObject([{ email: "colleague@people.test" }]);
    const { invitationId } = await bodyOf(mine);
    const joined = await accept(await api.mailedToken(ACME, String(invitationId)), {
      password: TEST_PASSWORD,
    });
    expect(await bodyOf(joined)).toMatchObject({
      actor: { kind: "partner-user", partnerId: own.partnerId, roles: ["partner-user"] },
    });
  });

  it("repeats the answer of an invitation whose answer was lost, and sends no second one", async () => {
    const request = () =>
      api.request("/v1/invitations", {
        token: owner,
        body: { email: "lost@people.test", roles: ["viewer"] },
        headers: { "Idempotency-Key": "lost-answer" },
      });
    const [first, second] = [await request(), await request()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await bodyOf(second)).toEqual(await bodyOf(first));
  });
});
