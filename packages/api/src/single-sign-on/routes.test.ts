import { addMember } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import {
  ACME,
  GLOBEX,
  refusalOf,
  TEST_PASSWORD,
  type TestApi,
  testApi,
} from "@concord/local/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { begin, codeIn, comeBack, connectTo, ownerOf, redeem } from "./browser.fixture.ts";
import { type ForgingProvider, startForgingProvider } from "./forging-provider.fixture.ts";

describe("a tenant's single sign-on", () => {
  let api: TestApi;
  let provider: ForgingProvider;
  let owner: string;
  beforeAll(async () => {
    provider = await startForgingProvider();
    api = await testApi({ wallNow: new Date() });
    expect((await connectTo(api, provider)).status).toBe(201);
    owner = await api.logIn(ownerOf(ACME), TEST_PASSWORD);
  });
  afterAll(() => provider.stop());

  const read = (token = owner) => api.request("/v1/single-sign-on", { token });
  const change = async (body: unknown, token = owner) => {
    const version = (await read()).headers.get("ETag") ?? "";
    return api.request("/v1/single-sign-on", {
      method: "PATCH",
      token,
      body,
      headers: { "If-Match": version },
    });
  };
  const person = (name: string, roles: readonly ["viewer"] | readonly ["owner"] = ["viewer"]) =>
    addMember(api.store.asSystem(ACME), {
      email: `${name}@people.test`,
      displayName: name,
      roles: [...roles],
      initialPassword: TEST_PASSWORD,
    });
  const logIn = (email: string, password = TEST_PASSWORD) =>
    api.request("/v1/login", { body: { email, password } });

  it("is set up and changed by owners alone, since who directs the provider can be anybody", async () => {
    const admin = await api.member(ACME, "admin");
    expect((await read(admin.token)).status).toBe(200);
    expect(await refusalOf(await change({ isEnabled: false }, admin.token))).toEqual([
      403,
      "permission-denied",
    ]);
    const viewer = await api.member(ACME, "program-manager");
    expect((await read(viewer.token)).status).toBe(403);
    const theirs = await api.logIn(ownerOf(GLOBEX), TEST_PASSWORD);
    expect(await refusalOf(await read(theirs))).toEqual([404, "sso-not-found"]);
  });

  it("shows everything but the client's secret", async () => {
    const answer = await read();
    expect(answer.headers.get("ETag")).toMatch(/^"\d+"$/);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      issuer: provider.issuer,
      clientId: "concord",
      isEnabled: true,
      isRequired: false,
    });
    expect(text).not.toMatch(/secret/i);
  });

  it.each(["", " ", "no address"])("takes no issuer of the form %j", async (issuer) => {
    expect(await refusalOf(await change({ issuer }))).toEqual([400, "request-invalid"]);
  });

  it("is there once, and moves to no other issuer or client with the secret of the last one", async () => {
    const { issuer, clientId, clientSecret } = provider;
    const again = await api.request("/v1/single-sign-on", {
      token: owner,
      body: { issuer, clientId, clientSecret },
    });
    expect(await refusalOf(again)).toEqual([409, "sso-exists"]);
    for (const body of [{ issuer: "https://evil.test" }, { clientId: "another" }]) {
      expect(await refusalOf(await change(body))).toEqual([422, "sso-secret-needed"]);
    }
  });

  it.each(["http://login.example", "https://10.0.0.1", "https://nowhere.invalid", "file:///etc"])(
    "takes no issuer such as %s",
    async (issuer) => {
      const answer = await change({ issuer, clientSecret: "a secret" });
      expect(await refusalOf(answer)).toEqual([422, "sso-issuer-unusable"]);
    },
  );

  it("P-03 while it is required, a member's password opens nothing; an owner's and a partner's does", async () => {
    const member = await person("ada");
    const boss = await person("boss", ["owner"]);
    const { partnerId } = await createPartner(api.store.asMember(ACME, "admin"), {
      name: "Northwind",
      type: "reseller",
      lifecycleStage: "growing",
      region: "Central",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    const { partnerUser } = await api.partnerUser(ACME, partnerId, "partner-user");
    expect((await logIn(member.email)).status).toBe(200);
    expect((await change({ isRequired: true })).status).toBe(200);

    const refused = await logIn(member.email);
    const problem = (await refused.json()) as Record<string, string>;
    expect([refused.status, problem["code"]]).toEqual([403, "sso-required"]);
    expect(problem["detail"]).toContain(`/v1/login/sso/start?tenant=${ACME}`);
    // Who does not have the password is told nothing.
    expect(await refusalOf(await logIn(member.email, "another password"))).toEqual([
      401,
      "login-failed",
    ]);
    expect((await logIn(boss.email)).status).toBe(200);
    expect((await logIn(partnerUser.email)).status).toBe(200);

    provider.claims = { sub: "ada", email: member.email };
    const begun = await begin(api);
    const back = await comeBack(api, provider.logIn(begun.loginUrl), begun.cookie);
    expect((await redeem(api, await codeIn(back), begun.verifier)).status).toBe(200);

    // Switched off, it is required of nobody.
    expect((await change({ isEnabled: false })).status).toBe(200);
    expect((await logIn(member.email)).status).toBe(200);
    expect(await refusalOf((await begin(api)).response)).toEqual([404, "sso-unavailable"]);
    expect((await change({ isEnabled: true, isRequired: false })).status).toBe(200);
  });

  it("ends what is under way where it is switched off or moved meanwhile", async () => {
    await person("bea");
    provider.claims = { sub: "bea", email: "bea@people.test" };
    const begun = await begin(api);
    const at = provider.logIn(begun.loginUrl);
    expect((await change({ isEnabled: false })).status).toBe(200);
    expect(await refusalOf(await comeBack(api, at, begun.cookie))).toEqual([401, "sso-failed"]);
    expect((await change({ isEnabled: true })).status).toBe(200);
  });
});
