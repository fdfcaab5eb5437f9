import { addMember } from "@concord/core/member";
import {
  ACME,
  GLOBEX,
  refusalOf,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { begin, codeIn, comeBack, connectTo, redeem } from "./browser.fixture.ts";
import { type ForgingProvider, startForgingProvider } from "./forging-provider.fixture.ts";

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tenant: { readonly tenantId: string };
}

const EMAIL = "eve@people.test";

describe("a login session that a tenant's provider opened", () => {
  let api: TestApi;
  let provider: ForgingProvider;
  let globexId: string;
  beforeAll(async () => {
    provider = await startForgingProvider();
    api = await testApi({ wallNow: new Date() });
    const eve = { email: EMAIL, displayName: "Eve", initialPassword: TEST_PASSWORD };
    await addMember(api.store.asSystem(ACME), { ...eve, roles: ["viewer"] });
    const theirs = await addMember(api.store.asSystem(GLOBEX), { ...eve, roles: ["viewer"] });
    globexId = theirs.memberId;
  });
  beforeEach(async () => {
    const connected = await connectTo(api, provider);
    expect(connected.status).toBeLessThan(300);
  });
  afterAll(() => provider.stop());

  async function bySso(): Promise<Tokens> {
    provider.claims = { sub: "eve", email: EMAIL };
    const begun = await begin(api);
    const back = await comeBack(api, provider.logIn(begun.loginUrl), begun.cookie);
    const answer = await redeem(api, await codeIn(back), begun.verifier);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Tokens;
  }
  const byPassword = (tenantId: string) =>
    api.request("/v1/login", { body: { email: EMAIL, password: TEST_PASSWORD, tenantId } });
  const tokensOf = async (response: Promise<Response>) => {
    const answered = await response;
    expect(answered.status).toBe(200);
    return (await answered.json()) as Tokens;
  };
  const refresh = ({ refreshToken }: Tokens) =>
    api.request("/v1/login/refresh", { body: { refreshToken } });
  const switchTo = ({ accessToken }: Tokens, membershipId: string) =>
    api.request("/v1/login/switch", { token: accessToken, body: { membershipId } });
  const textOf = async (path: string, { accessToken }: Tokens) =>
    (await api.request(path, { token: accessToken })).text();

  it("P-03 proves that tenant alone: nothing of another is listed, and no way leads there", async () => {
    const other = await tokensOf(byPassword(GLOBEX));
    const session = await bySso();
    for (const path of ["/v1/me/memberships", "/v1/me/login-sessions"]) {
      const text = await textOf(path, session);
      expect(text).toContain(ACME);
      expect(text).not.toContain(GLOBEX);
      // With the password, which proves the person, the other tenant is there.
      expect(await textOf(path, other)).toContain(GLOBEX);
    }
    expect(await refusalOf(await switchTo(session, globexId))).toEqual([
      403,
      "login-proves-one-tenant",
    ]);
  });

  it("is refreshed as what it is, and still leads nowhere else", async () => {
    const refreshed = (await (await refresh(await bySso())).json()) as Tokens;
    expect(await textOf("/v1/me/login-sessions", refreshed)).toContain('"method":"sso"');
    expect(await refusalOf(await switchTo(refreshed, globexId))).toEqual([
      403,
      "login-proves-one-tenant",
    ]);
  });

  it("ends no session of another tenant when it ends all of its own", async () => {
    const other = await tokensOf(byPassword(GLOBEX));
    const session = await bySso();
    const ended = await api.request("/v1/me/login-sessions/end-all", {
      method: "POST",
      token: session.accessToken,
    });
    expect(ended.status).toBe(204);
    expect((await api.request("/v1/me", { token: session.accessToken })).status).toBe(401);
    expect((await api.request("/v1/me", { token: other.accessToken })).status).toBe(200);
  });

  it("P-03 where the tenant wants it, the password leads in by no other door: choice, switch, refresh", async () => {
    const before = await tokensOf(byPassword(ACME));
    const sso = await bySso();
    const elsewhere = await tokensOf(byPassword(GLOBEX));
    const { actor } = JSON.parse(await textOf("/v1/me", before)) as {
      actor: { membershipId: string };
    };
    expect((await connectTo(api, provider, { isRequired: true })).status).toBe(200);

    const asked = await api.request("/v1/login", {
      body: { email: EMAIL, password: TEST_PASSWORD },
    });
    expect(await refusalOf(asked)).toEqual([409, "login-choice-needed"]);
    expect(await refusalOf(await byPassword(ACME))).toEqual([403, "sso-required"]);
    expect((await byPassword(GLOBEX)).status).toBe(200);
    expect(await refusalOf(await switchTo(elsewhere, actor.membershipId))).toEqual([
      403,
      "sso-required",
    ]);
    expect(await refusalOf(await refresh(before))).toEqual([401, "refresh-token-invalid"]);
    expect((await api.request("/v1/me", { token: before.accessToken })).status).toBe(401);
    expect((await refresh(sso)).status).toBe(200);
    expect((await refresh(elsewhere)).status).toBe(200);
  });

  it("is not refreshed once the tenant has switched its provider off", async () => {
    const session = await bySso();
    const owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
    const known = await api.request("/v1/single-sign-on", { token: owner });
    const off = await api.request("/v1/single-sign-on", {
      method: "PATCH",
      token: owner,
      body: { isEnabled: false },
      headers: { "If-Match": known.headers.get("ETag") ?? "" },
    });
    expect(off.status).toBe(200);
    expect(await refusalOf(await refresh(session))).toEqual([401, "refresh-token-invalid"]);
  });
});
