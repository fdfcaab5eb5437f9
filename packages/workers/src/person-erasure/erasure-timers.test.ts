import { addMember } from "@concord/core/member";
import { eraseMember } from "@concord/core/person-erasure";
import {
  ACME,
  GLOBEX,
  NOON,
  TEST_PASSWORD,
  type TestStore,
  testStore,
} from "@concord/local/testing";
import { openSystemStore, systemContexts } from "@concord/storage";
import { beforeEach, describe, expect, it } from "vitest";
import { personErasureTimers } from "./erasure-timers.ts";

const EMAIL = "ada@timer.test";
const LATER = new Date(NOON.getTime() + 60_000);

describe("the timers of an erasure", () => {
  let test: TestStore;
  let timers: ReturnType<typeof personErasureTimers>;
  beforeEach(async () => {
    test = await testStore();
    const { people, personErasures } = openSystemStore(test.table);
    const contextOf = systemContexts({ table: test.table, now: () => NOON, mint: test.mint });
    timers = personErasureTimers({ contextOf: contextOf("schedule"), people, personErasures });
  });
  const add = (tenantId: typeof ACME, displayName: string) =>
    addMember(test.asSystem(tenantId), {
      ...{ email: EMAIL, displayName, roles: ["viewer"], initialPassword: TEST_PASSWORD },
    });
  const texts = async () => JSON.stringify(await test.dump());
  const due = async () => {
    const found = [];
    for (let shard = 0; shard < 16; shard += 1) {
      for await (const timer of openSystemStore(test.table).timers.due(shard, LATER)) {
        found.push(timer);
      }
    }
    return found;
  };

  it("P-15 finish what a request of the tenant had begun, and leave the other tenant's part", async () => {
    const acme = await add(ACME, "Ada of Acme");
    await add(GLOBEX, "Ada of Globex");
    const ctx = test.asMember(ACME, "owner");
    const killed = async () => {
      throw new Error("killed");
    };
    const store = { ...ctx.store, loginSessions: { ...ctx.store.loginSessions, endAllOf: killed } };
    const { personErasures } = openSystemStore(test.table);
    const erasing = eraseMember(
      { ...ctx, store, personErasures, tenantId: ACME },
      { memberId: acme.memberId, ifVersion: 1 },
    );
    await expect(erasing).rejects.toThrow("killed");
    expect(await texts()).toContain("Ada of Acme");

    const [timer, ...others] = await due();
    expect([timer?.kind, timer?.subject, others]).toEqual([
      "membership-erasure",
      acme.memberId,
      [],
    ]);
    if (!timer) throw new Error("it is due");
    for (let round = 0; round < 2; round += 1) {
      expect(await timers["membership-erasure"](timer, LATER)).toBe("done");
    }
    expect(await texts()).not.toContain("Ada of Acme");
    expect(await texts()).toContain("Ada of Globex");
  });

  it("P-15 finish what a person had begun, and leave alone who has not", async () => {
    const { personId } = await add(ACME, "Ada of Acme");
    await add(GLOBEX, "Ada of Globex");
    const timer = { kind: "person-erasure", subject: personId, tenantId: ACME } as const;
    const fire = () => timers["person-erasure"]({ ...timer, dueAt: NOON.toISOString() }, LATER);
    expect(await fire()).toBe("done");
    expect(await texts()).toContain(EMAIL);
    const { people, personErasures } = openSystemStore(test.table);
    const { person } = await people.load(personId);
    if (!person) throw new Error("the person is there");
    await personErasures.begin({ ...person, erasure: "requested", version: 2 }, []);
    for (let round = 0; round < 2; round += 1) expect(await fire()).toBe("done");
    const left = await texts();
    for (const canary of [EMAIL, "Ada of", "argon2"]) expect(left).not.toContain(canary);
  });
});
