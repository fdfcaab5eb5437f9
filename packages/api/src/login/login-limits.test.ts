import { eventOf } from "@concord/core/event";
import { admitGuess, loginLimits } from "@concord/core/login-limit";
import { addMember, endMember } from "@concord/core/member";
import { ACME, NOON, TEST_PASSWORD, type TestApi, testApi } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";

const WRONG = "not the password";
const HOME = "198.51.100.20";
const bodyOf = (response: Response) => response.json() as Promise<Record<string, unknown>>;

describe("limits of guesses", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await testApi({ loginLimits });
  });
  const newcomer = async (email: string) => {
    const who = { email, displayName: "Olga", initialPassword: TEST_PASSWORD };
    await addMember(api.store.asSystem(ACME), { ...who, roles: ["viewer"] });
    return email;
  };
  const logIn = (email: string, password: string, clientAddress: string) =>
    api.request("/v1/login", { body: { email, password }, clientAddress });
  /** Status, body without the request's own id, Retry-After, and what it cost. */
  async function seen(email: string, password: string, clientAddress: string) {
    const before = api.hashes;
    const response = await logIn(email, password, clientAddress);
    const { requestId: _id, instance: _instance, ...body } = await bodyOf(response);
    const { requests, readUnits, writeUnits } = api.log.at(-1) ?? {};
    const retryAfter = response.headers.get("Retry-After");
    const { status } = response;
    const hashes = api.hashes - before;
    return { status, body, retryAfter, cost: { requests, readUnits, writeUnits, hashes } };
  }
  /** Guesses from as many networks, counted as the route counts them, without a hash each. */
  const guessFrom = async (email: string, networks: number, second: number) => {
    const { guesses } = openSystemStore(api.store.table);
    const ctx = { guesses, loginLimits, wallNow: NOON };
    for (let n = 0; n < networks; n += 1) {
      await admitGuess(ctx, { email, clientAddress: `10.${second}.${n}.1` });
    }
  };

  it("P-03 refuses the twenty-first stranger's guess with 429, before anything is hashed", async () => {
    const email = await newcomer("olga@one.example");
    await guessFrom(email, 19, 1);
    expect((await logIn(email, WRONG, "10.1.76.1")).status).toBe(401);
    const refused = await seen(email, TEST_PASSWORD, "10.1.77.1");
    expect(refused.body).toMatchObject({ code: "login-limited", status: 429 });
    expect(refused.retryAfter).toBe("900");
    expect(refused.cost).toMatchObject({ hashes: 0, readUnits: 0 });
  });

  it("P-03 lets the owner in where they have logged in before, whatever strangers do", async () => {
    const email = await newcomer("olga@two.example");
    expect((await logIn(email, TEST_PASSWORD, HOME)).status).toBe(200);
    await guessFrom(email, 25, 2);
    expect((await logIn(email, TEST_PASSWORD, "10.2.99.1")).status).toBe(429);
    expect((await logIn(email, TEST_PASSWORD, HOME)).status).toBe(200);
  });

  it("answers known and unknown addresses alike to the byte, at the same cost, below the limit and above it", async () => {
    const known = await newcomer("olga@three.example");
    const unknown = "nobody@three.example";
    const withoutAny = "nobody@four.example";
    const first = await seen(known, WRONG, "10.3.0.1");
    const others = [
      await seen(unknown, WRONG, "10.4.0.1"),
      await seen(withoutAny, WRONG, "10.5.0.1"),
    ];
    for (const other of others) {
      expect(other.status).toBe(401);
      expect(other.body).toEqual(first.body);
    }
    // A pair, a network, an account and a mail domain; then the address and the person.
    expect(first.cost).toEqual({ requests: 6, readUnits: 2, writeUnits: 4, hashes: 1 });
    expect(others[1]?.cost).toEqual(first.cost);
    await guessFrom(known, 20, 6);
    await guessFrom(unknown, 20, 7);
    const limited = [await seen(known, WRONG, "10.8.0.1"), await seen(unknown, WRONG, "10.9.0.1")];
    expect(limited.map(({ status }) => status)).toEqual([429, 429]);
    expect(limited[1]).toEqual(limited[0]);
  });

  it("gives the guesses back with time", async () => {
    const email = await newcomer("olga@five.example");
    await guessFrom(email, 21, 10);
    api.wallNow = new Date(NOON.getTime() + 15 * 60_000);
    expect((await logIn(email, TEST_PASSWORD, "10.10.99.1")).status).toBe(200);
    api.wallNow = NOON;
  });

  it("answers an address without a password, one whose membership has ended, and one of a tenant with single sign-on alone as it answers a wrong password", async () => {
    const known = await newcomer("olga@six.example");
    const system = api.store.asSystem(ACME);
    const who = { displayName: "Olga", roles: ["viewer" as const] };
    const withoutPassword = await newcomer("olga@seven.example");
    const { people } = openSystemStore(api.store.table);
    const personId = await people.findPersonId(withoutPassword);
    const { person } = personId ? await people.load(personId) : {};
    if (!person) throw new Error("she is there");
    await people.save({ ...person, passwordHash: null, version: person.version + 1 });
    const ended = { ...who, email: "olga@eight.example", initialPassword: TEST_PASSWORD };
    const { memberId } = await addMember(system, ended);
    await endMember(api.store.asMember(ACME, "owner"), { memberId, ifVersion: 1 });
    const first = await seen(known, WRONG, "10.20.0.1");
    expect(first).toMatchObject({ status: 401, body: { code: "login-failed" } });
    expect(first.cost).toEqual({ requests: 6, readUnits: 2, writeUnits: 4, hashes: 1 });
    expect(await seen(withoutPassword, WRONG, "10.21.0.1")).toEqual(first);
    expect(await seen(ended.email, WRONG, "10.22.0.1")).toEqual(first);
    // A second guess finds the buckets of the first, of whatever address.
    const second = await seen(known, WRONG, "10.26.0.1");
    // Who knows the password of nothing that is open learns no more than who does not.
    expect(await seen(ended.email, TEST_PASSWORD, "10.23.0.1")).toEqual(second);

    const connection = {
      ...{ issuer: "https://id.six.example", clientId: "concord", sealedClientSecret: "sealed" },
      ...{ isEnabled: true, isRequired: true, version: 1 },
      ...{ createdAt: NOON.toISOString(), updatedAt: NOON.toISOString() },
    };
    const { issuer, clientId, isEnabled, isRequired } = connection;
    await system.store.singleSignOn.save(
      connection,
      eventOf("single-sign-on.connected", system.actor, NOON, {
        issuer,
        clientId,
        isEnabled,
        isRequired,
      }),
    );
    expect(await seen(known, WRONG, "10.24.0.1")).toEqual(second);
    expect((await seen(known, TEST_PASSWORD, "10.25.0.1")).body).toMatchObject({
      code: "sso-required",
    });
  });
});
