import { addMember } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
}
type Body = Record<string, unknown>;
const bodyOf = async (response: Response) => (await response.json()) as Body;
const DAY_MS = 86_400_000;

describe("login sessions", () => {
  let api: TestApi;
  let both: { email: string; acmeId: string; globexId: string };
  beforeAll(async () => {
    api = await testApi();
    const person = { email: "both@people.test", displayName: "Both", roles: ["viewer" as const] };
    const add = (tenantId: typeof ACME) =>
      addMember(api.store.asSystem(tenantId), { ...person, initialPassword: TEST_PASSWORD });
    const [acme, globex] = [await add(ACME), await add(GLOBEX)];
    both = { email: person.email, acmeId: acme.memberId, globexId: globex.memberId };
  });
  beforeEach(() => {
    api.wallNow = NOON;
  });

  const logIn = async (email: string, more: Body = {}, userAgent = "curl/8.7.1") => {
    const response = await api.request("/v1/login", {
      body: { email, password: TEST_PASSWORD, ...more },
      headers: { "User-Agent": userAgent },
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Tokens;
  };
  const refresh = async (refreshToken: string) => {
    const response = await api.request("/v1/login/refresh", { body: { refreshToken } });
    return { status: response.status, body: (await response.json()) as Tokens & Body };
  };
  const statusOfMe = async (token: string) => (await api.request("/v1/me", { token })).status;
  const after = (ms: number) => {
    api.wallNow = new Date(NOON.getTime() + ms);
  };

  describe("refresh", () => {
    it("P-03 gives a new pair for a refresh token, long after the access token has expired", async () => {
      const first = await logIn("owner@acme.test");
      expect(first.refreshExpiresIn).toBe((14 * DAY_MS) / 1000);
      after(10 * DAY_MS);
      expect(await statusOfMe(first.accessToken)).toBe(401);
      const second = await refresh(first.refreshToken);
      expect(second.status).toBe(200);
      expect(second.body).toMatchObject({ tokenType: "Bearer", expiresIn: 600 });
      expect(second.body.refreshToken).not.toBe(first.refreshToken);
      expect(await statusOfMe(second.body.accessToken)).toBe(200);
      await refresh(second.body.refreshToken);
      expect(api.log.at(-1)).toMatchObject({
        route: "/v1/login/refresh",
        // The last of them whether the tenant asks for a second factor.
        requests: 4,
        readUnits: 3.5,
        writeUnits: 1,
      });
    });

    it("P-03 gives a client that lost the answer the same successor for 10 seconds", async () => {
      const { refreshToken } = await logIn("owner@acme.test");
      const first = await refresh(refreshToken);
      after(10_000);
      const again = await refresh(refreshToken);
      expect(again.body.refreshToken).toBe(first.body.refreshToken);
      expect(await statusOfMe(again.body.accessToken)).toBe(200);
      expect((await refresh(again.body.refreshToken)).status).toBe(200);
    });

    it("P-03 ends the whole family when an older token is shown", async () => {
      const { refreshToken: stolen } = await logIn("owner@acme.test");
      const { body: current } = await refresh(stolen);
      after(10_001);
      const replay = await refresh(stolen);
      expect([replay.status, replay.body["code"]]).toEqual([401, "refresh-token-invalid"]);
      expect((await refresh(current.refreshToken)).body["code"]).toBe("refresh-token-invalid");
      expect(await statusOfMe(current.accessToken)).toBe(401);
    });

    it("does not touch a family, nor the table, for a token that we never made", async () => {
      const { refreshToken, accessToken } = await logIn("owner@acme.test");
      const [place, secret = ""] = refreshToken.split(".");
      for (const forged of [`${place}.${secret.slice(1)}A`, `${place}.`, "x", "a.b.c", secret]) {
        const { status, body } = await refresh(forged);
        expect([status, body["code"]]).toEqual([401, "refresh-token-invalid"]);
        expect(api.log.at(-1)).toMatchObject({ requests: 0 });
      }
      expect(await statusOfMe(accessToken)).toBe(200);
      expect((await refresh(refreshToken)).status).toBe(200);
    });

    it("is refused after 14 idle days, and after 90 days in any case", async () => {
      const idle = await logIn("owner@acme.test");
      after(14 * DAY_MS);
      expect((await refresh(idle.refreshToken)).status).toBe(401);
      after(0);
      let { refreshToken } = await logIn("owner@acme.test");
      for (let day = 10; day < 90; day += 10) {
        after(day * DAY_MS);
        refreshToken = (await refresh(refreshToken)).body.refreshToken;
      }
      after(90 * DAY_MS);
      expect((await refresh(refreshToken)).status).toBe(401);
    });

    it("P-03 is refused once the membership has ended, as is the access token", async () => {
      const { token: admin } = await api.member(ACME, "admin");
      const { member } = await api.member(ACME, "viewer");
      const tokens = await logIn(member.email);
      await api.request(`/v1/members/${member.memberId}/end`, {
        method: "POST",
        token: admin,
        version: 1,
      });
      expect((await refresh(tokens.refreshToken)).status).toBe(401);
      expect(await statusOfMe(tokens.accessToken)).toBe(401);
    });

    it("stores neither the token nor its secret, and logs neither", async () => {
      const { refreshToken } = await logIn("owner@acme.test");
      await refresh(refreshToken);
      const lines = JSON.stringify(api.log);
      for (const part of [refreshToken, ...refreshToken.split(".")]) {
        expect(lines).not.toContain(part);
      }
    });
  });

  describe("log-out", () => {
    it("P-03 ends the log-in of a refresh token at once, and no other", async () => {
      const [ended, kept] = [await logIn("owner@acme.test"), await logIn("owner@acme.test")];
      const { refreshToken } = ended;
      const response = await api.request("/v1/logout", { body: { refreshToken } });
      expect([response.status, await response.text()]).toEqual([204, ""]);
      expect(await statusOfMe(ended.accessToken)).toBe(401);
      expect((await refresh(ended.refreshToken)).status).toBe(401);
      expect(await statusOfMe(kept.accessToken)).toBe(200);
    });

    it("answers alike for a token that is none", async () => {
      const response = await api.request("/v1/logout", { body: { refreshToken: "none.of-ours" } });
      expect([response.status, await response.text()]).toEqual([204, ""]);
    });
  });

  describe("of a person", () => {
    const sessionsOf = async (token: string) => {
      const response = await api.request("/v1/me/login-sessions", { token });
      return (await bodyOf(response))["items"] as Body[];
    };

    it("P-03 are listed over all tenants with method, client and times", async () => {
      const firefox =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0";
      await logIn(both.email, { tenantId: GLOBEX }, firefox);
      after(60_000);
      const { accessToken } = await logIn(both.email, { tenantId: ACME });
      const [own, other] = await sessionsOf(accessToken);
      expect(own).toMatchObject({
        tenantId: ACME,
        tenantName: "Acme",
        membershipId: both.acmeId,
        method: "password",
        client: "curl/8.7.1",
        createdAt: "2027-01-15T12:01:00.000Z",
        lastUsedAt: "2027-01-15T12:01:00.000Z",
        expiresAt: "2027-01-29T12:01:00.000Z",
        isCurrent: true,
      });
      expect(other).toMatchObject({
        tenantName: "Globex",
        client: "Firefox 142 on Windows",
        isCurrent: false,
      });
      expect(JSON.stringify([own, other])).not.toMatch(/hash|generation|personId/i);
    });

    it("P-03 end one by one, in any tenant, and for nobody else", async () => {
      const here = await logIn(both.email, { tenantId: ACME });
      const there = await logIn(both.email, { tenantId: GLOBEX });
      const { sessionId } =
        (await sessionsOf(there.accessToken)).find(({ isCurrent }) => isCurrent) ?? {};
      const end = (token: string) =>
        api.request(`/v1/me/login-sessions/${sessionId}/end`, { method: "POST", token });
      const stranger = await api.member(GLOBEX, "owner");
      expect((await end(stranger.token)).status).toBe(404);
      expect(await statusOfMe(there.accessToken)).toBe(200);
      expect((await end(here.accessToken)).status).toBe(204);
      expect(await statusOfMe(there.accessToken)).toBe(401);
      expect(await statusOfMe(here.accessToken)).toBe(200);
      expect((await end(here.accessToken)).status).toBe(404);
    });

    it("P-03 end all at once", async () => {
      const tokens = [
        await logIn(both.email, { tenantId: ACME }),
        await logIn(both.email, { tenantId: ACME }),
        await logIn(both.email, { tenantId: GLOBEX }),
      ];
      const token = tokens[0]?.accessToken;
      const response = await api.request("/v1/me/login-sessions/end-all", {
        method: "POST",
        token,
      });
      expect(response.status).toBe(204);
      for (const { accessToken, refreshToken } of tokens) {
        expect(await statusOfMe(accessToken)).toBe(401);
        expect((await refresh(refreshToken)).status).toBe(401);
      }
    });

    it("P-03 are ended by an administrator for the tenant's own membership alone", async () => {
      const { token: admin } = await api.member(ACME, "admin");
      const here = await logIn(both.email, { tenantId: ACME });
      const there = await logIn(both.email, { tenantId: GLOBEX });
      const logOut = (id: string, token = admin) =>
        api.request(`/v1/members/${id}/log-out`, { method: "POST", token });
      expect((await logOut(both.globexId)).status).toBe(404);
      expect((await logOut(both.acmeId, (await api.member(ACME, "viewer")).token)).status).toBe(
        403,
      );
      expect((await logOut(both.acmeId)).status).toBe(204);
      expect(await statusOfMe(here.accessToken)).toBe(401);
      expect((await refresh(here.refreshToken)).status).toBe(401);
      expect(await statusOfMe(there.accessToken)).toBe(200);
      expect((await logIn(both.email, { tenantId: ACME })).accessToken).toBeTruthy();
    });

    it("P-03 of a partner's person are ended by who looks after the partner", async () => {
      const { partnerId } = await createPartner(api.store.asMember(ACME, "admin"), {
        name: "Northwind",
        type: "reseller",
        lifecycleStage: "growing",
        region: "Central",
        partnerManagerId: null,
        executiveSponsorId: null,
        dataStewardId: null,
      });
      const { token, partnerUser } = await api.partnerUser(ACME, partnerId, "partner-user");
      const { token: manager } = await api.member(ACME, "partner-manager");
      const response = await api.request(
        `/v1/partners/${partnerId}/users/${partnerUser.partnerUserId}/log-out`,
        { method: "POST", token: manager },
      );
      expect(response.status).toBe(204);
      expect(await statusOfMe(token)).toBe(401);
    });
  });

  describe("over several tenants", () => {
    const switchTo = (token: string, membershipId: string) =>
      api.request("/v1/login/switch", { token, body: { membershipId } });

    it("P-02 a person sees all their memberships and switches without a password", async () => {
      const first = await logIn(both.email, { tenantId: ACME });
      const listed = await api.request("/v1/me/memberships", { token: first.accessToken });
      const { items } = (await bodyOf(listed)) as { items: Body[] };
      expect(items.map(({ membershipId, isCurrent }) => [membershipId, isCurrent]).sort()).toEqual(
        [
          [both.acmeId, true],
          [both.globexId, false],
        ].sort(),
      );
      const response = await switchTo(first.accessToken, both.globexId);
      expect(response.status).toBe(200);
      const second = (await bodyOf(response)) as Body & Tokens;
      expect(second).toMatchObject({ tenant: { tenantId: GLOBEX, name: "Globex" } });
      expect(await statusOfMe(second.accessToken)).toBe(200);
      expect(await statusOfMe(first.accessToken)).toBe(200);
      expect((await refresh(second.refreshToken)).status).toBe(200);
    });

    it("does not live longer for being switched", async () => {
      let tokens = await logIn(both.email, { tenantId: ACME });
      for (let day = 10; day <= 80; day += 10) {
        after(day * DAY_MS);
        tokens = (await refresh(tokens.refreshToken)).body;
      }
      after(89 * DAY_MS);
      tokens = (await refresh(tokens.refreshToken)).body;
      const switched = (await bodyOf(
        await switchTo(tokens.accessToken, both.globexId),
      )) as unknown as Tokens;
      expect(switched.refreshExpiresIn).toBe(DAY_MS / 1000);
      after(90 * DAY_MS);
      expect((await refresh(switched.refreshToken)).status).toBe(401);
    });

    it("refuses to switch into somebody else's membership as into none", async () => {
      const { accessToken } = await logIn(both.email, { tenantId: ACME });
      const { member } = await api.member(GLOBEX, "owner");
      const missing = `mem_${"0".repeat(26)}`;
      const answers = await Promise.all(
        [member.memberId, missing].map((id) => switchTo(accessToken, id)),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      const [foreign, none] = await Promise.all(answers.map(bodyOf));
      expect(foreign?.["code"]).toBe("membership-not-found");
      expect({ ...foreign, requestId: 0, instance: 0 }).toEqual({
        ...none,
        requestId: 0,
        instance: 0,
      });
    });

    it("a session of a tenant's single sign-on reaches that tenant alone", async () => {
      await logIn(both.email, { tenantId: GLOBEX });
      const { accessToken } = await logIn(both.email, { tenantId: ACME });
      const { loginSessions } = api.store.openTenant(ACME);
      const sessions = await loginSessions.listOf(both.acmeId as never);
      for (const session of sessions) {
        const { membershipId, sessionId } = session;
        await loginSessions.end(membershipId, sessionId);
        await loginSessions.create({ ...session, method: "sso" });
      }
      expect(await statusOfMe(accessToken)).toBe(200);
      for (const path of ["/v1/me/login-sessions", "/v1/me/memberships"]) {
        const { items } = (await bodyOf(await api.request(path, { token: accessToken }))) as {
          items: Body[];
        };
        expect(items.length).toBeGreaterThan(0);
        expect(new Set(items.map(({ tenantId }) => tenantId))).toEqual(new Set([ACME]));
      }
      const switched = await switchTo(accessToken, both.globexId);
      expect([switched.status, (await bodyOf(switched))["code"]]).toEqual([
        403,
        "login-proves-one-tenant",
      ]);
      const there = await logIn(both.email, { tenantId: GLOBEX });
      await api.request("/v1/me/login-sessions/end-all", { method: "POST", token: accessToken });
      expect(await statusOfMe(accessToken)).toBe(401);
      expect(await statusOfMe(there.accessToken)).toBe(200);
    });
  });
});
