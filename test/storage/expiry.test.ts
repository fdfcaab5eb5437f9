import { LoginSessionId } from "@concord/core/id";
import { ACME, NOON, testApi } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The service deletes expired rows days late, so the engine here never does. */
describe("a row that has expired but is still stored", () => {
  let api: Awaited<ReturnType<typeof testApi>>;
  beforeAll(async () => {
    api = await testApi();
  });
  const tokenAt = async (wallNow: Date) => {
    api.wallNow = wallNow;
    return api.logIn("owner@acme.test", "a password of these tests");
  };
  const create = (token: string, name: string) =>
    api.request("/v1/partners", {
      token,
      headers: { "Idempotency-Key": "the-same-key" },
      body: { name, region: "Central" },
    });

  it("frees its Idempotency-Key after 24 hours, and not before", async () => {
    const token = await tokenAt(NOON);
    expect((await create(token, "First")).status).toBe(201);
    const repeated = await create(token, "First");
    expect(repeated.headers.get("Idempotency-Replayed")).toBe("true");

    const late = await tokenAt(new Date(NOON.getTime() + DAY_MS - 1000));
    expect((await create(late, "Second")).status).toBe(422);

    const later = await tokenAt(new Date(NOON.getTime() + DAY_MS));
    const anew = await create(later, "Second");
    expect(anew.status).toBe(201);
    expect(anew.headers.get("Idempotency-Replayed")).toBeNull();
    const replayed = await create(later, "Second");
    expect(replayed.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await replayed.json()).toEqual(await anew.json());
  });

  it("lets no login session go on that its token would outlive", async () => {
    const token = await tokenAt(NOON);
    expect((await api.request("/v1/me", { token })).status).toBe(200);
    const [, claims = ""] = token.split(".");
    const { mid, sid } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
      mid: never;
      sid: string;
    };
    const { loginSessions } = api.store.openTenant(ACME);
    const { session } = await loginSessions.find(mid, LoginSessionId.parse(sid));
    if (!session) throw new Error("the log-in stored no session");
    await loginSessions.end(mid, session.sessionId);
    await loginSessions.create({ ...session, expiresAt: NOON.getTime() / 1000 });
    expect((await api.request("/v1/me", { token })).status).toBe(401);
  });
});
