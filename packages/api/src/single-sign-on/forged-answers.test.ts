import { addMember } from "@concord/core/member";
import { ACME, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { begin, codeIn, comeBack, connectTo, redeem } from "./browser.fixture.ts";
import { type ForgingProvider, startForgingProvider } from "./forging-provider.fixture.ts";

const seconds = (from: number): number => Math.floor(Date.now() / 1000) + from;

describe("what an identity provider says", () => {
  let api: TestApi;
  let provider: ForgingProvider;
  beforeAll(async () => {
    provider = await startForgingProvider();
    api = await testApi({ wallNow: new Date() });
    await addMember(api.store.asSystem(ACME), {
      email: "ada@acme.test",
      displayName: "Ada",
      roles: ["viewer"],
      initialPassword: TEST_PASSWORD,
    });
    expect((await connectTo(api, provider)).status).toBe(201);
  });
  beforeEach(() => {
    api.wallNow = new Date();
    Object.assign(provider, { claims: {}, isKeyForeign: false, described: undefined });
  });
  afterAll(() => provider.stop());

  const through = async () => {
    const begun = await begin(api);
    const back = await comeBack(api, provider.logIn(begun.loginUrl), begun.cookie);
    return { ...begun, back };
  };

  it("is believed where everything about it is right", async () => {
    const { back, verifier } = await through();
    expect(back.status).toBe(200);
    expect((await redeem(api, await codeIn(back), verifier)).status).toBe(200);
  });

  it.each([
    ["for another client", { aud: "another" }],
    ["for several, without saying who asked", { aud: ["concord", "another"] }],
    ["asked for by another client", { aud: ["concord", "another"], azp: "another" }],
    ["as another issuer", { iss: "https://login.globex.example" }],
    ["with another nonce", { nonce: "A".repeat(43) }],
    ["without a nonce", { nonce: undefined }],
    ["without a subject", { sub: undefined }],
    ["without an end", { exp: undefined }],
    ["and it ended a minute ago", { iat: seconds(-400), exp: seconds(-60) }],
    ["and it begins in a minute", { nbf: seconds(60) }],
    ["without vouching for the address", { email_verified: false }],
    ["and vouches for the address in text", { email_verified: "true" }],
    ["without a word of the address", { email_verified: undefined }],
    ["without an address", { email: undefined }],
  ])("is not believed %s", async (_, claims) => {
    // A subject that is known already would be let in by its link alone.
    provider.claims = { sub: "a subject of this test", ...claims };
    const { back } = await through();
    expect(back.status).toBe(401);
    expect(await back.json()).toMatchObject({ code: "sso-failed" });
  });

  it("is not believed where a key signed that it has not published", async () => {
    provider.isKeyForeign = true;
    const { back } = await through();
    expect(back.status).toBe(401);
  });

  it.each([
    ["ended 25 seconds ago by our clock", 25, 200],
    ["ended a minute ago by our clock", 60, 401],
    ["begins in 25 seconds by our clock", -25, 200],
  ])("which %s (our clock is %s seconds ahead) is answered with %s", async (_, ahead, status) => {
    const machine = Date.now();
    const fresh = await testApi({ wallNow: new Date(machine) });
    await addMember(fresh.store.asSystem(ACME), {
      email: "ada@acme.test",
      displayName: "Ada",
      roles: ["viewer"],
      initialPassword: TEST_PASSWORD,
    });
    await connectTo(fresh, { ...provider, clientId: "concord", clientSecret: `of ${ahead}` });
    // The provider's clock is the machine's; ours is ahead of it, or behind.
    fresh.wallNow = new Date(machine + ahead * 1000 + 700_000);
    provider.claims = { iat: seconds(699), nbf: seconds(699), exp: seconds(700) };
    const begun = await begin(fresh);
    const back = await comeBack(fresh, provider.logIn(begun.loginUrl), begun.cookie);
    expect(back.status).toBe(status);
  });

  it("is not asked where its description names another issuer", async () => {
    provider.described = "https://login.globex.example";
    const other = { ...provider, clientSecret: "another secret" };
    const refused = await connectTo(api, other);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: "sso-issuer-unusable" });
  });

  it("is not exchanged where the browser is not the one that began", async () => {
    const begun = await begin(api);
    const before = provider.exchanges;
    expect((await comeBack(api, provider.logIn(begun.loginUrl), "")).status).toBe(401);
    expect(provider.exchanges).toBe(before);
  });

  it("is waited for in vain while it is down: 503, and the log-in can begin again later", async () => {
    const down = await startForgingProvider();
    const fresh = await testApi({ wallNow: new Date() });
    expect((await connectTo(fresh, down)).status).toBe(201);
    const begun = await begin(fresh);
    const at = down.logIn(begun.loginUrl);
    await down.stop();
    const back = await comeBack(fresh, at, begun.cookie);
    expect([back.status, ((await back.json()) as { code: string }).code]).toEqual([
      503,
      "unavailable",
    ]);
    fresh.wallNow = new Date(fresh.wallNow.getTime() + 600_000);
    expect((await begin(fresh)).response.status).toBe(503);
  });
});
