import { LoginLinkId, type TenantId } from "@concord/core/id";
import { loginLimits } from "@concord/core/login-limit";
import { mailedLink } from "@concord/core/login-link";
import { addMember } from "@concord/core/member";
import { createPartner } from "@concord/core/partner";
import { ACME, GLOBEX, TEST_PASSWORD, type TestApi, testApi, totpOf } from "@concord/local/testing";
import { openRequestStores } from "@concord/storage";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bodyOf, type Enrolled, enrol, nextStep } from "./authenticator.fixture.ts";
import { diesAfterNewPassword } from "./dying-table.fixture.ts";

const bare = ({ requestId, instance, ...rest }: Record<string, unknown>) => rest;

describe("log-in with a second factor", () => {
  let api: TestApi;
  let email: string;
  let token: string;
  let ada: Enrolled;
  const logIn = (more: object = {}, clientAddress?: string) =>
    api.request("/v1/login", {
      body: { email, password: TEST_PASSWORD, ...more },
      ...(clientAddress ? { clientAddress } : {}),
    });
  const challenged = async (clientAddress?: string) =>
    String((await bodyOf(await logIn({}, clientAddress)))["challenge"]);
  const show = (challenge: string, proof: object, clientAddress?: string) =>
    api.request("/v1/login/second-factor", {
      body: { challenge, ...proof },
      ...(clientAddress ? { clientAddress } : {}),
    });
  const codeOf = async (response: Response) => (await bodyOf(response))["code"];

  beforeAll(async () => {
    api = await testApi();
  });
  beforeEach(async () => {
    const made = await api.member(ACME, "viewer");
    ({ token } = made);
    email = made.member.email;
    ada = await enrol(api, token);
  });

  it("P-03 gives no session for the password, and one for a code of the app", async () => {
    const asked = await logIn();
    expect(asked.status).toBe(409);
    const problem = await bodyOf(asked);
    expect(problem).toMatchObject({ code: "second-factor-needed", expiresIn: 300 });
    expect(problem).not.toHaveProperty("accessToken");
    const answer = await show(String(problem["challenge"]), { code: ada.code() });
    expect(answer.status).toBe(200);
    const { accessToken, ...rest } = await bodyOf(answer);
    expect(rest).toMatchObject({ tenant: { tenantId: ACME }, owesSecondFactor: false });
    const me = await api.request("/v1/me", { token: String(accessToken) });
    expect(me.status).toBe(200);
    const { items } = (await (
      await api.request("/v1/me/login-sessions", { token: String(accessToken) })
    ).json()) as { items: { method: string }[] };
    expect(items.map(({ method }) => method)).toEqual(["password", "password"]);
  });

  it("takes a code once, and after it none of an earlier step", async () => {
    const code = ada.code();
    expect((await show(await challenged(), { code })).status).toBe(200);
    expect(await codeOf(await show(await challenged(), { code }))).toBe("second-factor-wrong");
    const before = totpOf(ada.secret, new Date(api.wallNow.getTime() - 30_000));
    expect(await codeOf(await show(await challenged(), { code: before }))).toBe(
      "second-factor-wrong",
    );
    nextStep(api);
    expect((await show(await challenged(), { code: ada.code() })).status).toBe(200);
  });

  it("lets one of several in that show the same code at once", async () => {
    const challenges = await Promise.all(Array.from({ length: 5 }, () => challenged()));
    const answers = await Promise.all(challenges.map((one) => show(one, { code: ada.code() })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422]);
  });

  it("takes a challenge once, within five minutes, and keeps it through a wrong code", async () => {
    const challenge = await challenged();
    expect(await codeOf(await show(challenge, { code: "000000" }))).toBe("second-factor-wrong");
    expect((await show(challenge, { code: ada.code() })).status).toBe(200);
    nextStep(api);
    const again = await show(challenge, { code: ada.code() });
    expect([again.status, await codeOf(again)]).toEqual([401, "login-challenge-invalid"]);
    const late = await challenged();
    nextStep(api, 10);
    expect(await codeOf(await show(late, { code: ada.code() }))).toBe("login-challenge-invalid");
    expect(await codeOf(await show("x".repeat(43), { code: ada.code() }))).toBe(
      "login-challenge-invalid",
    );
  });

  it("takes each recovery code once, in place of a code", async () => {
    const [recoveryCode = ""] = ada.recoveryCodes;
    expect(ada.recoveryCodes).toHaveLength(10);
    expect((await show(await challenged(), { recoveryCode })).status).toBe(200);
    const again = await show(await challenged(), { recoveryCode });
    expect(await codeOf(again)).toBe("second-factor-wrong");
    const view = await api.request("/v1/me/second-factor", { token });
    expect(await bodyOf(view)).toMatchObject({ status: "active", recoveryCodesLeft: 9 });
  });

  it("tells who has one to nobody without the password, at the same cost", async () => {
    const { member } = await api.member(ACME, "viewer");
    const addresses = [email, member.email, "nobody@people.test"];
    const seen = [];
    for (const address of addresses) {
      // So long that every bucket of guesses is full again.
      nextStep(api, 10);
      const hashes = api.hashes;
      const wrong = await logIn({ email: address, password: "not the password" });
      const { requests, readUnits, writeUnits } = api.log.at(-1) ?? {};
      seen.push({
        status: wrong.status,
        body: bare(await bodyOf(wrong)),
        hashes: api.hashes - hashes,
        cost: [requests, readUnits, writeUnits],
      });
    }
    expect(seen[0]).toMatchObject({ status: 401, body: { code: "login-failed" }, hashes: 1 });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  /** The answer to a mailed link with a new password. */
  async function redeemed(password: string): Promise<Record<string, unknown>> {
    await api.request("/v1/login/link", { body: { email } });
    const ids = (await api.store.dump()).filter((row) => row["entity"] === "LoginLink");
    const { linkId } =
      ids.sort((a, b) => (String(a["linkId"]) < String(b["linkId"]) ? 1 : -1))[0] ?? {};
    const link = mailedLink(api.tokenSecret, LoginLinkId.parse(linkId));
    return bodyOf(await api.request("/v1/login/link/redeem", { body: { token: link, password } }));
  }

  it("has ended the other login sessions where a process dies once the password of a link is set", async () => {
    const password = "another password of mine";
    const { challenge } = await redeemed(password);
    const cutOff = api.through((opened) =>
      openRequestStores(diesAfterNewPassword(api.store.table), opened),
    );
    expect((await api.request("/v1/me", { token })).status).toBe(200);
    const body = { challenge, code: ada.code() };
    expect((await cutOff("/v1/login/second-factor", { body })).status).toBe(500);
    expect(await codeOf(await logIn({ password }))).toBe("second-factor-needed");
    expect((await api.request("/v1/me", { token })).status).toBe(401);
  });

  it("asks after a mailed link too, and sets the password that came with it only then", async () => {
    const password = "another password of mine";
    const { code, challenge } = await redeemed(password);
    expect(code).toBe("second-factor-needed");
    expect((await bodyOf(await logIn({ password })))["code"]).toBe("login-failed");
    expect((await api.request("/v1/me", { token })).status).toBe(200);

    expect((await show(String(challenge), { code: ada.code() })).status).toBe(200);
    expect((await bodyOf(await logIn({ password })))["code"]).toBe("second-factor-needed");
    expect((await api.request("/v1/me", { token })).status).toBe(401);
  });

  it("asks after an invitation too: a mailbox is no second proof", async () => {
    const { token: admin } = await api.member(GLOBEX, "admin");
    const invited = await api.request("/v1/invitations", {
      token: admin,
      body: { email, roles: ["viewer"] },
    });
    const { invitationId } = (await invited.json()) as { invitationId: string };
    const accepted = await api.request("/v1/invitations/accept", {
      body: { token: await api.mailedToken(GLOBEX, invitationId), displayName: "Ada" },
    });
    expect(accepted.status).toBe(409);
    const { challenge } = await bodyOf(accepted);
    const answer = await show(String(challenge), { code: ada.code() });
    expect(await bodyOf(answer)).toMatchObject({ tenant: { tenantId: GLOBEX } });
  });

  it("goes along when the person changes to another membership", async () => {
    await addMember(api.store.asSystem(GLOBEX), {
      ...{ email, displayName: "Ada", initialPassword: TEST_PASSWORD },
      roles: ["viewer"],
    });
    const challenge = (await bodyOf(await logIn({ tenantId: ACME })))["challenge"];
    const { accessToken } = await bodyOf(await show(String(challenge), { code: ada.code() }));
    const own = (await (
      await api.request("/v1/me/memberships", { token: String(accessToken) })
    ).json()) as { items: { tenantId: string; membershipId: string }[] };
    const other = own.items.find(({ tenantId }) => tenantId === GLOBEX);
    const moved = await api.request("/v1/login/switch", {
      token: String(accessToken),
      body: { membershipId: other?.membershipId },
    });
    expect(await bodyOf(moved)).toMatchObject({ tenant: { tenantId: GLOBEX } });
  });

  it("leaves neither secret, code, challenge nor recovery code in a row or a log line", async () => {
    const challenge = await challenged();
    const text = JSON.stringify([await api.store.dump(), api.log]);
    // What is found shows that it would be found.
    for (const known of [email, "SecondFactor", "LoginChallenge"]) expect(text).toContain(known);
    for (const secret of [ada.secret, challenge, ...ada.recoveryCodes]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.replaceAll("-", ""));
    }
  });

  it("is confirmed in one session and ends all others", async () => {
    const { member } = await api.member(ACME, "viewer");
    const first = await api.logIn(member.email, TEST_PASSWORD);
    const second = await api.logIn(member.email, TEST_PASSWORD);
    await enrol(api, first);
    expect((await api.request("/v1/me", { token: first })).status).toBe(200);
    expect((await api.request("/v1/me", { token: second })).status).toBe(401);
  });

  it("is begun by who knows the password alone, and not asked for before it is confirmed", async () => {
    const { member, token: theirs } = await api.member(ACME, "viewer");
    for (const body of [{}, { currentPassword: "not the password" }]) {
      const refused = await api.request("/v1/me/second-factor", { token: theirs, body });
      expect(await codeOf(refused)).toBe("password-wrong");
    }
    const body = { currentPassword: TEST_PASSWORD };
    const begun = await api.request("/v1/me/second-factor", { token: theirs, body });
    expect(begun.status).toBe(201);
    expect((await logIn({ email: member.email })).status).toBe(200);
    const wrong = await api.request("/v1/me/second-factor/confirm", {
      token: theirs,
      body: { code: "000000" },
    });
    expect(await codeOf(wrong)).toBe("second-factor-wrong");
  });

  it("is given up with a password, a code or a recovery code; that ends every session", async () => {
    const end = (body: object) => api.request("/v1/me/second-factor/end", { token, body });
    expect(await codeOf(await end({ code: "000000" }))).toBe("second-factor-wrong");
    expect(await codeOf(await end({ currentPassword: "wrong" }))).toBe("password-wrong");
    expect((await end({ code: ada.code() })).status).toBe(204);
    expect((await api.request("/v1/me", { token })).status).toBe(401);
    expect((await logIn()).status).toBe(200);
  });

  it("has its recovery codes renewed: those from before are good for nothing", async () => {
    const renewed = await api.request("/v1/me/second-factor/recovery-codes", {
      token,
      body: { currentPassword: TEST_PASSWORD },
    });
    const { recoveryCodes } = (await renewed.json()) as { recoveryCodes: string[] };
    const [old = "", fresh = ""] = [ada.recoveryCodes[0], recoveryCodes[0]];
    const refused = await show(await challenged(), { recoveryCode: old });
    expect(await codeOf(refused)).toBe("second-factor-wrong");
    expect((await show(await challenged(), { recoveryCode: fresh })).status).toBe(200);
  });
});

describe("guesses at codes", () => {
  const few = {
    ...loginLimits,
    codePair: { ...loginLimits.codePair, burst: 3 },
    codeAccount: { ...loginLimits.codeAccount, burst: 5 },
  };
  const HOME = "192.0.2.1";
  const AWAY = "198.51.100.1";

  it("are counted for who has the password, and hold up neither the person at home nor a recovery code", async () => {
    const api = await testApi({ loginLimits: few });
    const { member, token } = await api.member(ACME, "viewer");
    const ada = await enrol(api, token);
    const challenged = async (clientAddress: string) => {
      const body = { email: member.email, password: TEST_PASSWORD };
      return String(
        (await bodyOf(await api.request("/v1/login", { body, clientAddress })))["challenge"],
      );
    };
    const show = (challenge: string, proof: object, clientAddress: string) =>
      api.request("/v1/login/second-factor", { body: { challenge, ...proof }, clientAddress });
    const atHome = await show(await challenged(HOME), { code: ada.code() }, HOME);
    expect(atHome.status).toBe(200);
    nextStep(api);

    // A thief of the password: each log-in gives a new challenge, and none of them a new guess.
    const answers: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) {
      const network = `198.51.${100 + (guess % 3)}.1`;
      const challenge = await challenged(network);
      answers.push((await show(challenge, { code: "000000" }, network)).status);
    }
    expect(answers.filter((status) => status === 422)).toHaveLength(4);
    // The person's own first log-in took one.
    expect(answers.slice(4)).toEqual([429, 429, 429, 429]);

    const again = await show(await challenged(HOME), { code: ada.code() }, HOME);
    expect(again.status).toBe(200);
    nextStep(api);
    const [recoveryCode] = ada.recoveryCodes;
    expect(
      (await show(await challenged("203.0.113.1"), { code: ada.code() }, "203.0.113.1")).status,
    ).toBe(429);
    const recovered = await show(await challenged("203.0.113.1"), { recoveryCode }, "203.0.113.1");
    expect(recovered.status).toBe(200);
  });

  it("of somebody without the password take nothing from the person's codes", async () => {
    const api = await testApi({ loginLimits: few });
    const { member, token } = await api.member(ACME, "viewer");
    const ada = await enrol(api, token);
    for (let guess = 0; guess < 10; guess += 1) {
      const body = { challenge: "x".repeat(43), code: "000000" };
      await api.request("/v1/login/second-factor", { body, clientAddress: AWAY });
    }
    const body = { email: member.email, password: TEST_PASSWORD };
    const { challenge } = await bodyOf(
      await api.request("/v1/login", { body, clientAddress: AWAY }),
    );
    const proof = { challenge, code: ada.code() };
    const answer = await api.request("/v1/login/second-factor", {
      body: proof,
      clientAddress: AWAY,
    });
    expect(answer.status).toBe(200);
  });
});

describe("a tenant that asks its members for a second factor", () => {
  let api: TestApi;
  let ask: Awaited<ReturnType<typeof ownerOf>>;
  beforeAll(async () => {
    api = await testApi();
    ask = await ownerOf(api, ACME);
  });
  beforeEach(() => ask(true));

  /** An owner from before, whose access token stays what it is. */
  const ownerOf = async (api: TestApi, tenantId: TenantId) => {
    const { token } = await api.member(tenantId, "owner");
    return async (requiresSecondFactor: boolean) => {
      const { headers } = await api.request("/v1/tenant", { token });
      const changed = await api.request("/v1/tenant", {
        method: "PATCH",
        token,
        body: { requiresSecondFactor },
        headers: { "If-Match": headers.get("ETag") ?? "" },
      });
      expect(changed.status).toBe(200);
    };
  };

  it("P-03 opens nothing to them but setting one up, until they have", async () => {
    const { member, token } = await api.member(ACME, "admin");
    const answer = await bodyOf(
      await api.request("/v1/login", { body: { email: member.email, password: TEST_PASSWORD } }),
    );
    expect(answer["owesSecondFactor"]).toBe(true);
    const closed = await api.request("/v1/partners", { token });
    expect([closed.status, (await bodyOf(closed))["code"]]).toEqual([
      403,
      "second-factor-required",
    ]);
    expect((await api.request("/v1/me", { token })).status).toBe(200);
    await enrol(api, token);
    expect((await api.request("/v1/partners", { token })).status).toBe(200);
    const { member: other } = await api.member(GLOBEX, "admin");
    const elsewhere = await api.logIn(other.email, TEST_PASSWORD);
    expect((await api.request("/v1/partners", { token: elsewhere })).status).toBe(200);
  });

  it("is followed by the sessions there are at their next refresh, in both directions", async () => {
    await ask(false);
    const { member } = await api.member(ACME, "viewer");
    const login = { email: member.email, password: TEST_PASSWORD };
    let tokens = await bodyOf(await api.request("/v1/login", { body: login }));
    const refresh = async () => {
      const { refreshToken } = tokens;
      tokens = await bodyOf(await api.request("/v1/login/refresh", { body: { refreshToken } }));
      return api.request("/v1/partners", { token: String(tokens["accessToken"]) });
    };
    await ask(true);
    expect((await refresh()).status).toBe(403);
    await ask(false);
    expect((await refresh()).status).toBe(200);
  });

  it("asks no person of its partners", async () => {
    const partner = await createPartner(api.store.asMember(ACME, "admin"), {
      ...{ name: "Northwind", type: "reseller", lifecycleStage: "growing", region: "Central" },
      ...{ partnerManagerId: null, executiveSponsorId: null, dataStewardId: null },
    });
    const { token } = await api.partnerUser(ACME, partner.partnerId, "partner-user");
    expect((await api.request(`/v1/partners/${partner.partnerId}`, { token })).status).toBe(200);
  });
});
