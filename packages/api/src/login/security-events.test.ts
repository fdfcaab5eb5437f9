import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { bodyOf, enrol, nextStep } from "./authenticator.fixture.ts";

interface Seen {
  readonly kind: string;
  readonly at: string;
  readonly client: string;
  readonly tenantId: string | null;
}

const EMAIL = "ada@events.test";
const AGENT = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko Firefox/142.0" };

describe("the security events of a person", () => {
  let api: TestApi;
  let token = "";
  let refreshToken = "";
  beforeEach(async () => {
    api = await testApi();
    for (const tenantId of [ACME, GLOBEX]) {
      await addMember(api.store.asSystem(tenantId), {
        ...{ email: EMAIL, displayName: "Ada", roles: ["admin"], initialPassword: TEST_PASSWORD },
      });
    }
    ({ token, refreshToken } = await logIn());
  });

  const post = (path: string, body?: object, by?: string) =>
    api.request(`/v1${path}`, {
      ...{ method: "POST", headers: AGENT },
      ...(body ? { body } : {}),
      ...(by ? { token: by } : {}),
    });
  async function logIn(password = TEST_PASSWORD) {
    nextStep(api);
    const response = await post("/login", { email: EMAIL, password, tenantId: ACME });
    const { accessToken, refreshToken, challenge } = await bodyOf(response);
    return {
      token: String(accessToken),
      refreshToken: String(refreshToken),
      challenge: String(challenge),
    };
  }
  const seen = async (by = token, query = ""): Promise<{ items: Seen[]; nextCursor?: string }> => {
    const response = await api.request(`/v1/me/security-events${query}`, { token: by });
    expect(response.status).toBe(200);
    return (await response.json()) as { items: Seen[]; nextCursor?: string };
  };
  const kinds = async (by = token) => (await seen(by)).items.map(({ kind }) => kind);

  it("P-03 begin with the log-in: when, by what, to where, and nothing that proves anything", async () => {
    const { items } = await seen();
    expect(items).toEqual([
      {
        ...{ kind: "logged-in", at: api.wallNow.toISOString(), tenantId: ACME },
        ...{ client: expect.stringContaining("Firefox"), membershipId: expect.any(String) },
      },
    ]);
    const rows = (await api.store.dump()).filter(({ entity }) => entity === "SecurityEvent");
    expect(rows.length).toBeGreaterThan(0);
    const text = JSON.stringify(rows);
    for (const secret of [EMAIL, token, refreshToken, "127.0.0.1"])
      expect(text).not.toContain(secret);
    const expiry = Math.floor(api.wallNow.getTime() / 1000) + 180 * 86_400;
    expect(rows.map(({ expiresAt }) => expiresAt)).toContain(expiry);
  });

  it("P-03 tell of the second factor from its adding to its removal, the newest first", async () => {
    const ada = await enrol(api, token);
    const { challenge } = await logIn();
    const wrong = () => post("/login/second-factor", { challenge, code: "000000" });
    expect((await wrong()).status).toBe(422);
    expect((await wrong()).status).toBe(422);
    nextStep(api);
    const [recoveryCode = ""] = ada.recoveryCodes;
    const answer = await post("/login/second-factor", { challenge, recoveryCode });
    const again = String((await bodyOf(answer))["accessToken"]);
    nextStep(api);
    const renewed = await post("/me/second-factor/recovery-codes", { code: ada.code() }, again);
    expect(renewed.status).toBe(200);
    nextStep(api);
    expect((await post("/me/second-factor/end", { code: ada.code() }, again)).status).toBe(204);
    const { token: last } = await logIn();
    expect(await kinds(last)).toEqual([
      ...["logged-in", "second-factor-removed", "recovery-codes-renewed"],
      ...["recovery-code-used", "logged-in", "second-factor-failed", "second-factor-added"],
      "logged-in",
    ]);
  });

  it("P-03 tell of a new password, of sessions that ended, and of a refresh token that came twice", async () => {
    nextStep(api);
    const newPassword = "another password of these tests";
    const changed = await post(
      "/me/password",
      { currentPassword: TEST_PASSWORD, newPassword },
      token,
    );
    expect(changed.status).toBe(204);
    const other = await logIn(newPassword);
    nextStep(api);
    expect((await post("/logout", { refreshToken: other.refreshToken })).status).toBe(204);
    expect((await post("/logout", { refreshToken: other.refreshToken })).status).toBe(204);
    const stolen = await logIn(newPassword);
    nextStep(api);
    await post("/login/refresh", { refreshToken: stolen.refreshToken });
    nextStep(api, 2);
    const replay = await post("/login/refresh", { refreshToken: stolen.refreshToken });
    expect(replay.status).toBe(401);
    expect((await post("/login/refresh", { refreshToken: stolen.refreshToken })).status).toBe(401);
    nextStep(api);
    expect((await post("/me/login-sessions/end-all", undefined, token)).status).toBe(204);
    const last = await logIn(newPassword);
    expect(await kinds(last.token)).toEqual([
      ...["logged-in", "all-sessions-ended", "refresh-token-reused", "logged-in"],
      ...["session-ended", "logged-in", "password-changed", "logged-in"],
    ]);
  });

  it("are read page by page, by their person alone", async () => {
    for (let times = 0; times < 4; times += 1) await logIn();
    const { items } = await seen();
    expect(items).toHaveLength(5);
    expect(items.map(({ at }) => at)).toEqual(
      items
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    const first = await seen(token, "?limit=2");
    expect(first.items).toEqual(items.slice(0, 2));
    const second = await seen(token, `?limit=2&cursor=${first.nextCursor}`);
    expect(second.items).toEqual(items.slice(2, 4));
    const stranger = await api.member(GLOBEX, "owner");
    const foreign = await api.request(`/v1/me/security-events?cursor=${first.nextCursor}`, {
      token: stranger.token,
    });
    expect(foreign.status).toBe(400);
    expect((await seen(stranger.token)).items).toHaveLength(1);
    expect((await api.request("/v1/me/security-events")).status).toBe(401);
  });

  it("P-15 are in the person's export with the second factor, and go with their erasure", async () => {
    await enrol(api, token);
    const document = await bodyOf(await api.request("/v1/me/export", { token }));
    expect(document["secondFactor"]).toMatchObject({ isOn: true, since: expect.any(String) });
    expect(document["securityEvents"]).toEqual((await seen()).items);
    const rowsOf = async () =>
      (await api.store.dump()).filter(({ pk }) => String(pk).startsWith("SYSTEM#SECURITY#"));
    const stranger = await api.member(GLOBEX, "viewer");
    const before = await rowsOf();
    expect(before.length).toBeGreaterThan(2);
    const erased = await post("/me/erase", { password: TEST_PASSWORD }, token);
    expect(erased.status).toBe(204);
    const left = await rowsOf();
    expect(left.map(({ personId }) => personId)).toEqual([stranger.member.personId]);
  });
});
