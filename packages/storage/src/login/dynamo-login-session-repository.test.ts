import { LoginSessionId } from "@concord/core/id";
import { type PublicKey, publishKey } from "@concord/core/login";
import { addMember } from "@concord/core/member";
import { ACME, GLOBEX, NOON, testStore } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { createMeter } from "../meter.ts";
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
    const session = {
      sessionId: test.mint(LoginSessionId),
      membershipId: member.memberId,
      personId: member.personId,
      createdAt: NOON.toISOString(),
      expiresAt: NOON.getTime() / 1000 + 600,
    };
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

  it("are none at first, then newest first, each once, though published at the same time", async () => {
    const { table } = await testStore();
    const { publicKeys } = openSystemStore(table);
    expect(await publicKeys.get()).toEqual({ keys: [], version: 0 });
    await publishKey(publicKeys, keyOf("first"));
    await Promise.all(
      ["second", "second", "third"].map((kid) => publishKey(publicKeys, keyOf(kid))),
    );
    const { keys, version } = await publicKeys.get();
    expect(version).toBe(3);
    expect(keys.map(({ kid }) => kid).sort()).toEqual(["first", "second", "third"]);
    expect(keys.at(-1)?.kid).toBe("first");
  });

  it("keep the last four rotations", async () => {
    const { table } = await testStore();
    const { publicKeys } = openSystemStore(table);
    for (const kid of ["a", "b", "c", "d", "e"]) await publishKey(publicKeys, keyOf(kid));
    expect((await publicKeys.get()).keys.map(({ kid }) => kid)).toEqual(["e", "d", "c", "b"]);
  });

  it("costs one unit to read and one to write (AP-18, AP-19)", async () => {
    const { table } = await testStore();
    const meter = createMeter();
    const { publicKeys } = openSystemStore(table.metered(meter));
    await publicKeys.get();
    expect(meter.usage()).toEqual({ requests: 1, readUnits: 1, writeUnits: 0 });
    await publicKeys.save({ keys: [keyOf("a")], version: 1 });
    expect(meter.usage()).toEqual({ requests: 2, readUnits: 1, writeUnits: 1 });
  });
});
