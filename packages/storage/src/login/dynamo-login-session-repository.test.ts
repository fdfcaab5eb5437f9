import { LoginSessionId } from "@concord/core/id";
import { openLoginSession, type PublicKey, publishKeys } from "@concord/core/login";
import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, NOON, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { createMeter } from "../dynamo-table/meter.ts";
import { openTenantStore } from "../tenant-store.ts";

type Test = Awaited<ReturnType<typeof testStore>>;

describe("login sessions in the table", () => {
  let test: Test;
  beforeAll(async () => {
    test = await testStore();
  });

  async function loggedIn(email: string) {
    const member = await addMember(test.asSystem(ACME), {
      email,
      displayName: "Ada",
      roles: ["viewer"],
      initialPassword: "a password of these tests",
    });
    const session = openLoginSession(
      {
        sessionId: test.mint(LoginSessionId),
        membershipId: member.memberId,
        personId: member.personId,
        method: "password",
        client: "Firefox 142 on Windows",
        refreshHash: "h".repeat(43),
      },
      NOON,
    );
    await test.openTenant(ACME).loginSessions.create(session);
    return { member, session };
  }

  it("are read with their membership in one request of two units (AP-39)", async () => {
    const { member, session } = await loggedIn("ada@people.test");
    const meter = createMeter();
    const { loginSessions } = openTenantStore(test.table.metered(meter), ACME);
    const found = await loginSessions.find(session.membershipId, session.sessionId);
    expect(found).toEqual({ holder: { kind: "member", member }, session });
    expect(meter.usage()).toEqual({ requests: 1, readUnits: 2, writeUnits: 0 });
  });

  it("are not there once ended, and in no other tenant", async () => {
    const { member, session } = await loggedIn("bea@people.test");
    const { membershipId, sessionId } = session;
    expect(await test.openTenant(GLOBEX).loginSessions.find(membershipId, sessionId)).toEqual({
      holder: undefined,
      session: undefined,
    });
    const { loginSessions } = test.openTenant(ACME);
    await loginSessions.end(membershipId, sessionId);
    await loginSessions.end(membershipId, sessionId);
    expect(await loginSessions.find(membershipId, sessionId)).toEqual({
      holder: { kind: "member", member },
      session: undefined,
    });
  });

  it("are refreshed by one of those who try at once, and by nobody once ended", async () => {
    const { session } = await loggedIn("dai@people.test");
    const { loginSessions } = test.openTenant(ACME);
    const next = (client: string) => ({ ...session, client, generation: 1 });
    const outcomes = await Promise.all(
      ["one", "two", "three"].map((client) => loginSessions.rotate(next(client))),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await loginSessions.rotate(next("late"))).toBe(false);
    await loginSessions.end(session.membershipId, session.sessionId);
    expect(await loginSessions.rotate({ ...session, generation: 2 })).toBe(false);
    expect(await loginSessions.listOf(session.membershipId)).toEqual([]);
  });

  it("are listed and ended for one membership alone, among its other rows", async () => {
    const [own, other] = [await loggedIn("eve@people.test"), await loggedIn("fay@people.test")];
    const { loginSessions } = test.openTenant(ACME);
    const second = { ...own.session, sessionId: test.mint(LoginSessionId) };
    await loginSessions.create(second);
    expect(await loginSessions.listOf(own.session.membershipId)).toEqual(
      expect.arrayContaining([own.session, second]),
    );
    await loginSessions.endAllOf(own.session.membershipId);
    expect(await loginSessions.listOf(own.session.membershipId)).toEqual([]);
    expect(await loginSessions.listOf(other.session.membershipId)).toEqual([other.session]);
    expect(await test.openTenant(GLOBEX).loginSessions.listOf(other.session.membershipId)).toEqual(
      [],
    );
    const found = await loginSessions.find(own.session.membershipId, second.sessionId);
    expect(found.holder).toMatchObject({ member: { status: "active" } });
  });

  it("of the first shape are read until they end, and cannot be refreshed", async () => {
    const { session } = await loggedIn("gil@people.test");
    const { membershipId, personId, createdAt } = session;
    const sessionId = test.mint(LoginSessionId);
    const expiresAt = NOON.getTime() / 1000 + 600;
    const keys = { pk: `T#${ACME}#MEMBERSHIP#${membershipId}`, sk: `SESSION#${sessionId}` };
    const stored = { sessionId, membershipId, personId, createdAt, expiresAt };
    await test.table.put(
      { ...keys, ...stored, entity: "LoginSession", schemaVersion: 1 },
      { expression: "attribute_not_exists(#pk)", names: { "#pk": "pk" } },
    );
    const found = await test.openTenant(ACME).loginSessions.find(membershipId, sessionId);
    expect(found.session).toEqual({
      ...stored,
      method: "password",
      client: "",
      lastUsedAt: createdAt,
      endsAt: expiresAt,
      generation: 0,
      secondFactor: "absent",
      refreshHash: "",
    });
  });

  it("costs one unit to open and one to end (AP-37, AP-38)", async () => {
    const { session } = await loggedIn("cai@people.test");
    const meter = createMeter();
    const { loginSessions } = openTenantStore(test.table.metered(meter), ACME);
    await loginSessions.create({ ...session, sessionId: test.mint(LoginSessionId) });
    expect(meter.usage()).toEqual({ requests: 1, readUnits: 0, writeUnits: 1 });
    await loginSessions.end(session.membershipId, session.sessionId);
    expect(meter.usage()).toEqual({ requests: 2, readUnits: 0, writeUnits: 2 });
  });
});

describe("the public keys", () => {
  const keyOf = (kid: string): PublicKey => ({
    kty: "RSA",
    kid,
    use: "sig",
    alg: "RS256",
    n: "AQAB",
    e: "AQAB",
  });
  const publishedKey = (kid: string) => ({
    ...keyOf(kid),
    signsFrom: NOON.toISOString(),
    withdrawnAt: null,
  });

  it("are none at first, then each once, though published at the same time", async () => {
    const { table } = await testStore();
    const { publicKeys } = openSystemStore(table);
    expect(await publicKeys.get()).toEqual({ keys: [], version: 0 });
    await publishKeys(publicKeys, [keyOf("first")], NOON);
    const lists = ["second", "second", "third"].map((kid) => [keyOf("first"), keyOf(kid)]);
    await Promise.all(lists.map((list) => publishKeys(publicKeys, list, NOON)));
    const { keys } = await publicKeys.get();
    expect(keys.map(({ kid }) => kid).sort()).toEqual(["first", "second", "third"]);
    expect(keys.at(-1)).toEqual(publishedKey("first"));
  });

  it("of the first shape sign as before", async () => {
    const { table } = await testStore();
    await table.put(
      {
        ...{ pk: "SYSTEM#SIGNING-KEYS", sk: "PUBLIC", entity: "PublicKeySet", schemaVersion: 1 },
        ...{ keys: [keyOf("old")], version: 3 },
      },
      { expression: "attribute_not_exists(#pk)", names: { "#pk": "pk" } },
    );
    expect(await openSystemStore(table).publicKeys.get()).toEqual({
      keys: [{ ...keyOf("old"), signsFrom: "1970-01-01T00:00:00.000Z", withdrawnAt: null }],
      version: 3,
    });
  });

  it("costs one unit to read and one to write (AP-18, AP-19)", async () => {
    const { table } = await testStore();
    const meter = createMeter();
    const { publicKeys } = openSystemStore(table.metered(meter));
    await publicKeys.get();
    expect(meter.usage()).toEqual({ requests: 1, readUnits: 1, writeUnits: 0 });
    await publicKeys.save({ keys: [publishedKey("a")], version: 1 });
    expect(meter.usage()).toEqual({ requests: 2, readUnits: 1, writeUnits: 1 });
  });
});
