import { addMember, endMember } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import {
  ACME,
  GLOBEX,
  refusalOf,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { begin, codeIn, comeBack, connectTo, REDIRECT_URI, redeem } from "./browser.fixture.ts";
import { type RealProvider, startRealProvider } from "./real-provider.fixture.ts";

describe("single sign-on at a real provider", () => {
  let api: TestApi;
  let provider: RealProvider;
  beforeAll(async () => {
    provider = await startRealProvider(REDIRECT_URI);
    api = await testApi({ wallNow: new Date() });
    expect((await connectTo(api, provider)).status).toBe(201);
  });
  beforeEach(() => {
    api.wallNow = new Date();
  });
  afterAll(() => provider.stop());

  /** A member, and a user of the provider by the same address. */
  async function known(name: string, tenantId = ACME) {
    const email = `${name}@people.test`;
    provider.users.set(name, { email: `${name}@People.Test`, isVerified: true });
    return addMember(api.store.asSystem(tenantId), {
      email,
      displayName: name,
      roles: ["viewer"],
      initialPassword: TEST_PASSWORD,
    });
  }
  /** From the start until the browser is back. */
  async function through(name: string, options = {}) {
    const begun = await begin(api, options);
    const at = await provider.logIn(begun.loginUrl, name);
    return { ...begun, at, back: await comeBack(api, at, begun.cookie) };
  }

  it("P-03 leads through the provider to tokens of the member whose address it vouches for", async () => {
    const member = await known("ada");
    const { loginUrl, response, back, verifier } = await through("ada");
    expect(response.status).toBe(303);
    expect(response.headers.get("Set-Cookie")).toMatch(
      /^__Host-concord-sso=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    );
    const asked = new URL(loginUrl).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: "concord",
      response_type: "code",
      scope: "openid email profile",
      redirect_uri: REDIRECT_URI,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(back.status).toBe(200);
    expect(back.headers.get("Set-Cookie")).toContain("Max-Age=0");
    const answer = await redeem(api, await codeIn(back), verifier);
    expect(answer.status).toBe(200);
    const { accessToken, tenant } = (await answer.json()) as Record<string, never>;
    expect(tenant).toEqual({ tenantId: ACME, name: "Acme" });
    const me = await api.request("/v1/me", { token: accessToken });
    expect(await me.json()).toMatchObject({
      actor: { kind: "member", membershipId: member.memberId, roles: ["viewer"] },
    });
  });

  it("sends the browser back to an allowed origin with the code, and to no other", async () => {
    await known("bea");
    const { back, verifier } = await through("bea", {
      returnTo: "https://console.concord.test/in?tab=1",
    });
    expect(back.status).toBe(303);
    const to = new URL(back.headers.get("Location") ?? "");
    expect(to.origin + to.pathname).toBe("https://console.concord.test/in");
    expect(to.searchParams.get("tab")).toBe("1");
    const code = to.searchParams.get("code") ?? "";
    expect((await redeem(api, code, verifier)).status).toBe(200);
    for (const returnTo of ["https://evil.test/in", "https://console.concord.test.evil.test/"]) {
      expect(await refusalOf((await begin(api, { returnTo })).response)).toEqual([
        400,
        "request-invalid",
      ]);
    }
  });

  it("tells the client where it began why it failed", async () => {
    provider.users.set("nobody", { email: "nobody@people.test", isVerified: true });
    const { back } = await through("nobody", { returnTo: "https://console.concord.test/in" });
    expect(back.headers.get("Location")).toBe(
      "https://console.concord.test/in?error=sso-no-membership",
    );
  });

  it.each([
    ["an address it does not vouch for", "cai", { email: "cai@people.test", isVerified: false }],
    ["no address", "cai", { isVerified: true }],
  ])("opens nothing with %s", async (_, name, user) => {
    await known(name).catch(() => undefined);
    provider.users.set(name, user);
    expect(await refusalOf((await through(name)).back)).toEqual([401, "sso-failed"]);
  });

  it("opens nothing for who is no member, nor for a member of another tenant alone", async () => {
    provider.users.set("stranger", { email: "stranger@people.test", isVerified: true });
    expect(await refusalOf((await through("stranger")).back)).toEqual([403, "sso-no-membership"]);
    await known("dan", GLOBEX);
    expect(await refusalOf((await through("dan")).back)).toEqual([403, "sso-no-membership"]);
    provider.users.set("boss", { email: "owner@globex.test", isVerified: true });
    expect(await refusalOf((await through("boss")).back)).toEqual([403, "sso-no-membership"]);
  });

  it("opens this tenant alone for who is a member of two", async () => {
    await known("eve", GLOBEX);
    const ours = await known("eve");
    const { back, verifier } = await through("eve");
    const answer = await redeem(api, await codeIn(back), verifier);
    const body = (await answer.json()) as { accessToken: string };
    expect(body).toMatchObject({
      tenant: { tenantId: ACME },
      actor: { membershipId: ours.memberId },
    });
    expect(JSON.stringify(body)).not.toContain(GLOBEX);
  });

  it("P-02 lets in who is invited and has not answered yet, with the invited roles, and without a password", async () => {
    const owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
    const invite = (email: string, token = owner) =>
      api.request("/v1/invitations", { token, body: { email, roles: ["data-steward"] } });
    expect((await invite("lea@people.test")).status).toBe(201);
    provider.users.set("lea", { email: "lea@people.test", isVerified: false });
    expect(await refusalOf((await through("lea")).back)).toEqual([401, "sso-failed"]);
    provider.users.set("lea", { email: "lea@people.test", isVerified: true });
    const { back, verifier } = await through("lea");
    const answer = await redeem(api, await codeIn(back), verifier);
    expect(await answer.json()).toMatchObject({
      tenant: { tenantId: ACME },
      actor: { displayName: "lea of the provider", roles: ["data-steward"] },
    });
    const list = await api.request("/v1/invitations", { token: owner });
    expect(await list.json()).toMatchObject({
      items: [{ email: "lea@people.test", status: "accepted" }],
    });

    const theirs = await api.logIn("owner@globex.test", TEST_PASSWORD);
    expect((await invite("mia@people.test", theirs)).status).toBe(201);
    provider.users.set("mia", { email: "mia@people.test", isVerified: true });
    expect(await refusalOf((await through("mia")).back)).toEqual([403, "sso-no-membership"]);
  });

  it("keeps no name that is no Unicode as it is", async () => {
    const token = await api.logIn("owner@acme.test", TEST_PASSWORD);
    const email = "nia@people.test";
    const body = { email, roles: ["viewer"] };
    expect((await api.request("/v1/invitations", { token, body })).status).toBe(201);
    provider.users.set("nia", {
      email,
      isVerified: true,
      displayName: "Nia \ud800 of half a pair",
    });
    const { back, verifier } = await through("nia");
    const answer = await redeem(api, await codeIn(back), verifier);
    expect(await answer.json()).toMatchObject({
      actor: { displayName: "Nia \ufffd of half a pair" },
    });
  });

  it("never speaks for a partner's people", async () => {
    const { partnerId } = await createPartner(api.store.asMember(ACME, "admin"), {
      name: "Northwind",
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const { partnerUser } = await api.partnerUser(ACME, partnerId, "partner-exec");
    provider.users.set("exec", { email: partnerUser.email, isVerified: true });
    expect(await refusalOf((await through("exec")).back)).toEqual([403, "sso-no-membership"]);
    const owner = await api.logIn("owner@acme.test", TEST_PASSWORD);
    const invited = await api.request(`/v1/partners/${partnerId}/invitations`, {
      token: owner,
      body: { email: "invited@partner.test", roles: ["partner-user"] },
    });
    expect(invited.status).toBe(201);
    provider.users.set("invited", { email: "invited@partner.test", isVerified: true });
    expect(await refusalOf((await through("invited")).back)).toEqual([403, "sso-no-membership"]);
  });

  it("keeps the link of the first log-in: a new address stays the member, a new subject is refused", async () => {
    const member = await known("fay");
    await through("fay");
    provider.users.set("fay", { email: "fay.married@people.test", isVerified: false });
    const again = await through("fay");
    const answer = await redeem(api, await codeIn(again.back), again.verifier);
    expect(await answer.json()).toMatchObject({ actor: { membershipId: member.memberId } });
    provider.users.set("fay-2", { email: "fay@people.test", isVerified: true });
    expect(await refusalOf((await through("fay-2")).back)).toEqual([403, "sso-member-linked"]);
  });

  it("lets nobody in whose membership has ended, and whoever is a member again", async () => {
    const { memberId } = await known("gus");
    await through("gus");
    const owner = api.store.asMember(ACME, "owner");
    const pending = await through("gus");
    await endMember(owner, { memberId, ifVersion: 1 });
    expect(await refusalOf((await through("gus")).back)).toEqual([403, "sso-no-membership"]);
    const late = await redeem(api, await codeIn(pending.back), pending.verifier);
    expect(await refusalOf(late)).toEqual([401, "login-failed"]);
    const again = await known("gus");
    const { back, verifier } = await through("gus");
    const answer = await redeem(api, await codeIn(back), verifier);
    expect(await answer.json()).toMatchObject({ actor: { membershipId: again.memberId } });
  });

  it("is refused with a nonce that is not the one we drew", async () => {
    await known("hal");
    const begun = await begin(api);
    const tampered = new URL(begun.loginUrl);
    tampered.searchParams.set("nonce", "A".repeat(43));
    const at = await provider.logIn(tampered.href, "hal");
    expect(await refusalOf(await comeBack(api, at, begun.cookie))).toEqual([401, "sso-failed"]);
  });

  it("takes a state once, from the browser that began it, within ten minutes", async () => {
    await known("ida");
    const begun = await begin(api);
    const at = await provider.logIn(begun.loginUrl, "ida");
    const other = await begin(api);
    for (const cookie of ["", other.cookie, `${begun.cookie}; ${begun.cookie}`]) {
      expect(await refusalOf(await comeBack(api, at, cookie))).toEqual([401, "sso-failed"]);
    }
    // What another browser tried has not used it up.
    expect((await comeBack(api, at, begun.cookie)).status).toBe(200);
    expect(await refusalOf(await comeBack(api, at, begun.cookie))).toEqual([401, "sso-failed"]);

    const late = await begin(api);
    const lateAt = await provider.logIn(late.loginUrl, "ida");
    api.wallNow = new Date(api.wallNow.getTime() + 600_000);
    expect(await refusalOf(await comeBack(api, lateAt, late.cookie))).toEqual([401, "sso-failed"]);
  });

  it.each([
    ["no state of ours", (at: URL) => at.searchParams.set("state", "A".repeat(70))],
    [
      "another tenant's state",
      (at: URL) =>
        at.searchParams.set(
          "state",
          (at.searchParams.get("state") ?? "").replace(ACME.slice(4), GLOBEX.slice(4)),
        ),
    ],
    ["a code that the provider never gave", (at: URL) => at.searchParams.set("code", "made-up")],
    [
      "the provider's refusal",
      (at: URL) => {
        at.searchParams.delete("code");
        at.searchParams.set("error", "access_denied");
      },
    ],
    ["another issuer in the answer", (at: URL) => at.searchParams.set("iss", "https://evil.test")],
  ])("is refused with %s", async (_, change) => {
    const begun = await begin(api);
    const at = new URL(await provider.logIn(begun.loginUrl, "ida"));
    change(at);
    expect(await refusalOf(await comeBack(api, at.href, begun.cookie))).toEqual([
      401,
      "sso-failed",
    ]);
  });

  it("hands tokens over once, to the client that began, within a minute", async () => {
    await known("joe");
    const { back, verifier } = await through("joe");
    const code = await codeIn(back);
    expect(await refusalOf(await redeem(api, code, "A".repeat(43)))).toEqual([401, "sso-failed"]);
    expect((await redeem(api, code, verifier)).status).toBe(200);
    expect(await refusalOf(await redeem(api, code, verifier))).toEqual([401, "sso-failed"]);

    const late = await through("joe");
    const lateCode = await codeIn(late.back);
    api.wallNow = new Date(api.wallNow.getTime() + 60_000);
    expect(await refusalOf(await redeem(api, lateCode, late.verifier))).toEqual([
      401,
      "sso-failed",
    ]);
  });

  it("answers for a tenant that is not there as for one without single sign-on, at the same cost", async () => {
    const nobody = "ten_0000000000000000000000N0NE";
    const told = [];
    for (const tenantId of [nobody, GLOBEX]) {
      const { response } = await begin(api, { tenantId });
      const {
        requestId: _,
        instance: __,
        ...rest
      } = (await response.json()) as Record<string, unknown>;
      const { requests, readUnits, writeUnits } = api.log.at(-1) ?? {};
      told.push({ status: response.status, rest, requests, readUnits, writeUnits });
    }
    expect(told[0]).toEqual(told[1]);
    expect(told[0]).toMatchObject({ status: 404, requests: 1, rest: { code: "sso-unavailable" } });
  });

  it("writes no secret into a log line, and the client's secret into no row as it is", async () => {
    await known("kim");
    const { loginUrl, back, verifier } = await through("kim");
    const code = await codeIn(back);
    await redeem(api, code, verifier);
    const state = new URL(loginUrl).searchParams.get("state") ?? "";
    const lines = JSON.stringify(api.log);
    for (const secret of [provider.clientSecret, code, verifier, state, "kim@people.test"]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(lines).not.toContain(secret);
    }
    expect(loginUrl).not.toContain(verifier);
    const connection = await api.store.openTenant(ACME).singleSignOn.get();
    expect(connection?.sealedClientSecret).toMatch(/^[\w-]{60,}$/);
    expect(JSON.stringify(connection)).not.toContain(provider.clientSecret);
  });
});
