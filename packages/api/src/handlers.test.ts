import { createHash } from "node:crypto";
import { mintIds } from "@concord/core/id";
import { loginLimits } from "@concord/core/login-limit";
import { hashPassword } from "@concord/core/person";
import { defaultLimits } from "@concord/core/rate-limit";
import { createTenant } from "@concord/core/tenant";
import { ACME, NOON, TEST_PASSWORD, type TestStore, testStore } from "@concord/local/testing";
import { openRequestStores, openSystemStore } from "@concord/storage";
import { describe, expect, it } from "vitest";
import { isAccountPath } from "../../../infra/account-paths.ts";
import { createAccountHandler } from "./account-handler.ts";
import { createAppHandler } from "./app-handler.ts";
import { generateSigningKey } from "./auth/signing-key.ts";

/** An event of an HTTP API, payload format 2.0. */
const eventOf = (method: string, path: string, body?: unknown, headers = {}) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: { "content-type": "application/json", host: "api.concord.test", ...headers },
  requestContext: {
    accountId: "anonymous",
    apiId: "local",
    authentication: null,
    authorizer: {},
    domainName: "api.concord.test",
    domainPrefix: "api",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
    requestId: "r",
    routeKey: "$default",
    stage: "$default",
    time: "",
    timeEpoch: 0,
  },
  isBase64Encoded: body !== undefined,
  ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)).toString("base64") }),
});

/** A tenant in a table that knows no key yet. */
async function storeOfAcme(): Promise<TestStore> {
  const store = await testStore();
  await createTenant(
    { ...store.asSystem(ACME), openTenant: store.openTenant },
    {
      tenantId: ACME,
      tenant: { name: "Acme", timeZone: "UTC", fiscalYearStartMonth: 1, currency: "USD" },
      owner: {
        email: "owner@acme.test",
        displayName: "Owner of Acme",
        initialPassword: TEST_PASSWORD,
      },
    },
  );
  return store;
}

describe("the handlers of API Gateway events", () => {
  const start = async (api: { table: Parameters<typeof openRequestStores>[0] }) => {
    const signingKey = await generateSigningKey();
    const both = {
      openStores: () => openRequestStores(api.table),
      issuer: "https://api.concord.test",
      cursorSecret: createHash("sha256").update("test").digest(),
      allowedOrigins: [],
      now: () => NOON,
      wallNow: () => NOON,
      mint: mintIds(() => NOON.getTime(), Math.random),
      log: () => undefined,
      checksAnswers: true,
      limits: defaultLimits,
    };
    const account = createAccountHandler({
      ...both,
      signingKeys: [signingKey],
      loginLimits,
      hashPassword,
      tokenSecret: createHash("sha256").update("tokens").digest(),
      singleSignOn: { publicUrl: () => "https://api.concord.test", allowsLoopback: false },
      payments: undefined,
      newSecret: () => "0".repeat(43),
    });
    const app = createAppHandler({
      ...both,
      ports: {
        auditKeys: [],
        newSecret: () => "0".repeat(43),
        downloads: { urlOf: () => Promise.reject(new Error("nothing is downloaded here")) },
        uploads: { targetOf: () => Promise.reject(new Error("nothing is uploaded here")) },
      },
    });
    const handler = (event: ReturnType<typeof eventOf>) =>
      (isAccountPath(event.rawPath) ? account : app)(event as never);
    const call = async (...event: Parameters<typeof eventOf>) =>
      (await handler(eventOf(...event))) as {
        statusCode: number;
        body: string;
        headers: Record<string, string>;
      };
    return { call, signingKey };
  };

  it("takes a member from log-in to their own name", async () => {
    const { call } = await start(await storeOfAcme());
    const credentials = { email: "owner@acme.test", password: TEST_PASSWORD };
    const login = await call("POST", "/v1/login", credentials);
    expect(login.statusCode).toBe(200);
    const { accessToken } = JSON.parse(login.body) as { accessToken: string };
    const me = await call("GET", "/v1/me", undefined, { authorization: `Bearer ${accessToken}` });
    expect(me.statusCode).toBe(200);
    expect(JSON.parse(me.body)).toMatchObject({
      tenant: { tenantId: ACME },
      actor: { displayName: "Owner of Acme" },
    });
    expect(me.headers["request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("verifies the tokens of another process whose key it reads from the table", async () => {
    const store = await storeOfAcme();
    const [one, two] = [await start(store), await start(store)];
    const credentials = { email: "owner@acme.test", password: TEST_PASSWORD };
    const login = await one.call("POST", "/v1/login", credentials);
    const { accessToken } = JSON.parse(login.body) as { accessToken: string };
    const authorization = `Bearer ${accessToken}`;
    expect((await two.call("GET", "/v1/me", undefined, { authorization })).statusCode).toBe(200);
    // The key of the second is published, and signs nothing before everybody knows it.
    const tooEarly = await two.call("POST", "/v1/login", credentials);
    expect([tooEarly.statusCode, JSON.parse(tooEarly.body)]).toEqual([
      503,
      expect.objectContaining({ code: "unavailable" }),
    ]);
    const keys = await two.call("GET", "/.well-known/jwks.json");
    expect((JSON.parse(keys.body) as { keys: object[] }).keys).toEqual(
      [two, one].map(({ signingKey: { kty, kid, use, alg, n, e } }) => ({
        ...{ kty, kid, use, alg, n, e },
      })),
    );
  });

  it("is not ready while the table does not answer, and says no word of why", async () => {
    const { table } = await testStore();
    const broken = {
      ...table,
      metered: () => ({ ...table, get: () => Promise.reject(new Error("endpoint of the table")) }),
    };
    const { call } = await start({ table: broken });
    const ready = await call("GET", "/readyz");
    expect(ready.statusCode).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({ code: "unavailable" });
    expect(ready.body).not.toContain("endpoint");
    expect((await call("GET", "/livez")).statusCode).toBe(200);
    expect(await openSystemStore(table).publicKeys.get()).toEqual({ keys: [], version: 0 });
  });
});
