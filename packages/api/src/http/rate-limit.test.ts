import { defaultLimits, type Limits, RATE_CLASSES } from "@concord/core/rate-limit";
import { ACME, GLOBEX, NOON, type TestApi, testApi } from "@concord/local/testing";
import { openRequestStores, type Table } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { manifest } from "../manifest.ts";

/** Three writes at once and one a second; a hundred reads, ten to a lease. */
const limits: Limits = {
  read: { burst: 100, emissionMilliseconds: 100, lease: 10 },
  write: { burst: 3, emissionMilliseconds: 1_000, lease: 1 },
  bulk: { burst: 1, emissionMilliseconds: 1_000, lease: 1 },
  secret: { burst: 1, emissionMilliseconds: 1_000, lease: 1 },
};
const headersOf = (response: Response) => ({
  policy: response.headers.get("RateLimit-Policy"),
  now: response.headers.get("RateLimit"),
  retryAfter: response.headers.get("Retry-After"),
});

describe("rate limits", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi({ limits });
  });
  const admin = async (tenantId = ACME) => (await api.member(tenantId, "admin")).token;
  let count = 0;
  const write = (token: string, request = api.request) => {
    count += 1;
    return request("/v1/partners", { token, body: { name: `P ${count}`, region: "Central" } });
  };
  const read = (token: string) => api.request("/v1/me", { token });
  const cost = () => {
    const { requests, readUnits, writeUnits } = api.log.at(-1) ?? {};
    return { requests, readUnits, writeUnits };
  };

  it("P-05 says with each answer what the limit is and what is left of it", async () => {
    const token = await admin();
    expect(headersOf(await read(token))).toEqual({
      policy: '"read";q=100;w=10',
      now: '"read";r=99;t=1',
      retryAfter: null,
    });
    expect(headersOf(await write(token))).toEqual({
      policy: '"write";q=3;w=3',
      now: '"write";r=2;t=1',
      retryAfter: null,
    });
  });

  it("P-05 refuses the fourth write with 429 and Retry-After, writes nothing, and lets the next one in then", async () => {
    const token = await admin();
    for (let n = 0; n < 3; n += 1) expect((await write(token)).status).toBe(201);
    const refused = await write(token);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "rate-limited", status: 429 });
    expect(headersOf(refused)).toEqual({
      policy: '"write";q=3;w=3',
      now: '"write";r=0;t=1',
      retryAfter: "1",
    });
    expect(cost()).toEqual({ requests: 1, readUnits: 2, writeUnits: 0 });
    expect((await read(token)).status).toBe(200);

    api.wallNow = new Date(NOON.getTime() + 1_000);
    expect((await write(token)).status).toBe(201);
    expect((await write(token)).status).toBe(429);
    api.wallNow = NOON;
  });

  it("adds one request of one unit to a write, and to one read in ten", async () => {
    const token = await admin();
    const costs: unknown[] = [];
    for (let n = 0; n < 11; n += 1) {
      await read(token);
      costs.push(cost().requests);
    }
    expect(costs).toEqual([4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4]);
    await write(token);
    // One to authenticate, one for the bucket, one for the change: 9 units of a new partner and 1.
    expect(cost()).toEqual({ requests: 3, readUnits: 2, writeUnits: 10 });
  });

  it("keeps persons and tenants apart: who is over the limit slows nobody else down", async () => {
    const [noisy, colleague, victim] = [await admin(), await admin(), await admin(GLOBEX)];
    for (let n = 0; n < 150; n += 1) await write(noisy);
    expect((await write(noisy)).status).toBe(429);
    expect((await write(colleague)).status).toBe(201);
    expect((await write(victim)).status).toBe(201);
  });

  it("holds for a person over all processes of the function", async () => {
    const token = await admin();
    const another = api.through((opened) => openRequestStores(api.store.table, opened));
    const answers = [
      ...[await write(token), await write(token, another)],
      ...[await write(token), await write(token, another), await write(token)],
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429, 429]);
  });

  it("lets a request through, and says so in the log, where its bucket cannot be reached", async () => {
    const token = await admin();
    const deaf = (table: Table): Table => ({
      ...table,
      update: () => Promise.reject(new Error("gone")),
      metered: (meter) => deaf(table.metered(meter)),
    });
    const elsewhere = api.through((opened) => openRequestStores(deaf(api.store.table), opened));
    for (let n = 0; n < 5; n += 1) {
      const passed = await write(token, elsewhere);
      expect(passed.status).toBe(201);
      expect(passed.headers.get("RateLimit")).toBeNull();
      expect(api.log.at(-1)).toMatchObject({ rateLimit: "not checked" });
    }
  });
});

describe("the rate class", () => {
  it("of every route is stated: reads read, and what changes something does not", () => {
    expect(manifest.routes.length).toBeGreaterThan(50);
    for (const { definition } of manifest.routes) {
      expect(RATE_CLASSES, definition.operationId).toContain(definition.rate);
      const isReading = definition.method === "get";
      // A read that reads much counts as bulk; what changes something never counts as a read.
      const fitting = isReading ? ["read", "bulk"] : RATE_CLASSES.filter((one) => one !== "read");
      expect(fitting, definition.operationId).toContain(definition.rate);
    }
    for (const { rate, operationId } of manifest.publicRoutes) {
      expect(["guess", "token", "open"], operationId).toContain(rate);
    }
  });

  it("has a limit by default that no page of a console and no sync job meets", () => {
    for (const rateClass of RATE_CLASSES) {
      const { burst, emissionMilliseconds, lease } = defaultLimits[rateClass];
      expect(burst).toBeGreaterThanOrEqual(10);
      expect(Number.isInteger(emissionMilliseconds)).toBe(true);
      expect(lease).toBeLessThanOrEqual(burst);
    }
    expect(defaultLimits.read).toMatchObject({ burst: 600, lease: 50 });
  });
});
