import { oneTimeToken } from "@concord/core/one-time-token";
import { SIGN_UP_SECONDS } from "@concord/core/sign-up";
import { NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeEach, describe, expect, it } from "vitest";

const SECRET = new TextEncoder().encode("the token secret of these tests, all of it");
const tenant = { name: "Initech", timeZone: "Europe/Berlin", fiscalYearStartMonth: 7 };

describe("a sign-up", () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await testApi();
  });
  const wish = (email: string) => ({
    email,
    displayName: "Ida",
    tenant: { ...tenant, currency: "EUR" },
  });
  const signUp = async (email: string, clientAddress = "192.0.2.1") => {
    const before = new Set(await tenantsSigned());
    const response = await api.request("/v1/sign-ups", { body: wish(email), clientAddress });
    const [tenantId = ""] = (await tenantsSigned()).filter((one) => !before.has(one));
    const token = `${tenantId}.${oneTimeToken(SECRET, "sign-up", tenantId, 1)}`;
    return { response, text: await response.text(), token, cost: api.log.at(-1) };
  };
  /** The mail is the only way to learn of it; the test looks into the table. */
  const tenantsSigned = async () => {
    const rows = await api.store.dump();
    return rows.filter(({ entity }) => entity === "SignUp").map((row) => String(row["tenantId"]));
  };
  const confirm = (token: string, password = "a password of Ida's own") =>
    api.request("/v1/sign-ups/confirm", { body: { token, password } });
  const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code;

  it("P-01 answers and costs the same whoever it is", async () => {
    // The first of each network: what a second one costs depends on the first, not on the address.
    const known = await signUp("owner@acme.test", "192.0.2.1");
    const unknown = await signUp("nobody@nowhere.test", "198.51.100.1");
    expect(known.response.status).toBe(202);
    expect(known.text).toBe(unknown.text);
    const costOf = ({ cost }: typeof known) => {
      const { requests, readUnits, writeUnits } = cost as Record<string, number>;
      return { requests, readUnits, writeUnits };
    };
    expect(costOf(known)).toEqual(costOf(unknown));
    // Buckets and the sign-up itself: nothing is looked up.
    expect(costOf(known)).toMatchObject({ readUnits: 0 });
    expect(costOf(known)["writeUnits"]).toBeGreaterThan(0);
  });

  it("P-01 becomes a tenant on its trial with its first owner, once", async () => {
    const { token } = await signUp("ida@initech.test");
    const made = await confirm(token);
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({ name: "Initech", currency: "EUR", version: 1 });
    const accessToken = await api.logIn("ida@initech.test", "a password of Ida's own");
    const get = async (path: string) => {
      const response = await api.request(`/v1${path}`, { token: accessToken });
      return (await response.json()) as Record<string, unknown>;
    };
    expect(await get("/subscription")).toMatchObject({
      state: "trial",
      edition: "growth",
      trialEndsAt: new Date(NOON.getTime() + 30 * 86_400_000).toISOString(),
      usage: { members: { used: 1, limit: 40 } },
    });
    expect(await get("/me")).toMatchObject({ actor: { roles: ["owner"] } });
    expect(await codeOf(await confirm(token))).toBe("sign-up-confirmed");
    expect(await codeOf(await confirm(token, "another password"))).toBe("sign-up-confirmed");
    await api.logIn("ida@initech.test", "a password of Ida's own");
  });

  it("P-01 makes one tenant of two confirmations at once", async () => {
    const { token } = await signUp("ida@initech.test");
    const answers = await Promise.all([confirm(token), confirm(token)]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409]);
    const { items } = await openSystemStore(api.store.table).tenants.list({ limit: 100 });
    expect(items.filter(({ name }) => name === "Initech")).toHaveLength(1);
  });

  it("P-01 gives a person we know a second tenant, and leaves their password alone", async () => {
    const { token } = await signUp("owner@acme.test");
    expect((await confirm(token, "a password of a stranger")).status).toBe(201);
    const response = await api.request("/v1/login", {
      body: { email: "owner@acme.test", password: TEST_PASSWORD },
    });
    expect(await codeOf(response)).toBe("login-choice-needed");
    const refused = await api.request("/v1/login", {
      body: { email: "owner@acme.test", password: "a password of a stranger" },
    });
    expect(refused.status).toBe(401);
  });

  it("refuses a wrong, a foreign and an expired token, and makes nothing", async () => {
    const { token } = await signUp("ida@initech.test");
    const other = await signUp("eve@initech.test");
    const [tenantId] = token.split(".");
    const [, secretOfOther] = other.token.split(".");
    for (const wrong of ["x", `${tenantId}.`, `${tenantId}.${secretOfOther}`, `${token}x`]) {
      expect(await codeOf(await confirm(wrong)), wrong).toBe("sign-up-not-found");
    }
    api.wallNow = new Date(NOON.getTime() + SIGN_UP_SECONDS * 1000);
    expect(await codeOf(await confirm(token))).toBe("sign-up-expired");
    const { items } = await openSystemStore(api.store.table).tenants.list({ limit: 100 });
    expect(items).toHaveLength(2);
  });
});
