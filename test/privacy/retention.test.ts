import { eventOf } from "@concord/core/event";
import type { TenantId } from "@concord/core/id";
import { finishPersonErasure } from "@concord/core/person-erasure";
import {
  type DueRecord,
  type RetentionProgress,
  type RetentionRepository,
  runRetention,
} from "@concord/core/retention";
import { ACME, GLOBEX, NOON, type TestStore, testStore } from "@concord/local/testing";
import {
  type Item,
  openPinnedStore,
  openSystemStore,
  type Table,
  type TenantStore,
} from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { leftIn, type RecordsWorld, RULES, recordsWorld } from "./records.fixture.ts";
import { recordAll, verified } from "./world.fixture.ts";

const SYSTEM = { kind: "system", name: "schedule" } as const;
const LATER = new Date("2028-03-01T12:00:00.000Z");
const always = {
  expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};
const kinds = Object.keys(RULES.days);

interface RunOptions {
  readonly now?: Date;
  readonly tenantId?: TenantId;
  readonly store?: (store: TenantStore) => TenantStore;
  readonly shouldPause?: () => boolean;
}

const runOnce = (table: Table, options: RunOptions = {}): Promise<RetentionProgress> => {
  const { now = LATER, tenantId = ACME, store = (own) => own, shouldPause } = options;
  return runRetention(
    {
      actor: SYSTEM,
      store: store(openPinnedStore(table, tenantId)),
      now,
      mint: () => {
        throw new Error("nothing is made here");
      },
    },
    { shouldPause: shouldPause ?? (() => false), wallNow: () => now.getTime() },
  );
};

async function finishedRun(table: Table, options: RunOptions = {}) {
  for (let call = 0; call < 100; call += 1) {
    const progress = await runOnce(table, options);
    if (progress.outcome === "finished") return progress.run;
  }
  throw new Error("the run comes to no end");
}

async function copyOf(rows: readonly Item[]): Promise<TestStore> {
  const copy = await testStore();
  await Promise.all(rows.map((row) => copy.table.put(row, always)));
  return copy;
}

const removedOf = (run: { outcomes: readonly { kind: string; removed: number }[] }) =>
  Object.fromEntries(run.outcomes.map(({ kind, removed }) => [kind, removed]));
const heldOf = (run: { outcomes: readonly { kind: string; held: number }[] }) =>
  Object.fromEntries(run.outcomes.map(({ kind, held }) => [kind, held]));
const each = (count: number) =>
  Object.fromEntries(kinds.map((kind) => [kind, kind === "contribution" ? 2 * count : count]));

describe("retention", () => {
  let w: RecordsWorld;
  /** With the rules set and nothing removed. */
  let ready: readonly Item[] = [];
  beforeAll(async () => {
    w = await recordsWorld();
    const set = await w.api.request("/v1/retention", {
      ...{ method: "PUT", token: w.owner, body: RULES },
      version: 0,
    });
    expect(set.status).toBe(200);
    ready = await w.api.store.dump();
    await recordAll(w.api.store.table, ready);
    ready = await w.api.store.dump();
  }, 120_000);

  const intact = async ({ table, dump }: TestStore, tenantId = ACME) => {
    await recordAll(table, await dump());
    const { outcome, findings } = await verified(table, tenantId);
    expect([outcome, findings]).toEqual(["intact", []]);
  };
  const holdOn = async (
    test: TestStore,
    partnerId: RecordsWorld["first"]["partnership"]["partner"]["partnerId"] | undefined,
    now = LATER,
  ) => {
    const { placeLegalHold } = await import("@concord/core/legal-hold");
    const admin = { ...test.asMember(ACME, "admin"), now };
    return placeLegalHold(admin, { reason: "A dispute", ...(partnerId ? { partnerId } : {}) });
  };

  it("begins with a text of every kind in the table, and intact trails", async () => {
    for (const records of [w.first, w.second, w.foreign]) {
      expect(leftIn(records, ready)).toEqual(kinds);
    }
    const test = await copyOf(ready);
    for (const tenantId of [ACME, GLOBEX]) await intact(test, tenantId);
  });

  it("S-17 leaves no byte of what is past its time, all of the rest, and both trails intact", async () => {
    const test = await copyOf(ready);
    const early = await finishedRun(test.table, { now: new Date("2028-01-14T12:00:00.000Z") });
    expect(removedOf(early)).toEqual(each(0));
    // Answers under Idempotency-Keys hold texts too, and were good for a day.
    expect(early.expiredRows).toBeGreaterThan(10);
    expect(leftIn(w.first, await test.dump())).toEqual(kinds);

    const run = await finishedRun(test.table);
    expect(removedOf(run)).toEqual(each(2));
    expect(run.outcomes).toContainEqual({
      ...{ kind: "session", days: 365, upTo: "2027-03-02", removed: 2, held: 0 },
    });
    const rows = await test.dump();
    expect([leftIn(w.first, rows), leftIn(w.second, rows)]).toEqual([[], []]);
    expect(leftIn(w.foreign, rows)).toEqual(kinds);
    // What the records were about stays.
    for (const entity of ["Review", "FrozenCard", "Cycle", "Partner", "Source"]) {
      const count = (some: readonly Item[]) =>
        some.filter((row) => row["entity"] === entity).length;
      expect(count(rows), entity).toBe(count(ready));
    }
    for (const tenantId of [ACME, GLOBEX]) await intact(test, tenantId);
    const again = await finishedRun(test.table);
    expect(again).toEqual(run);
    const next = await finishedRun(test.table, { now: new Date("2028-03-02T12:00:00.000Z") });
    expect(removedOf(next)).toEqual(each(0));
  });

  it("is found out where it forgets the events: their texts are left", async () => {
    const test = await copyOf(ready);
    const stateAlone = (retention: RetentionRepository): RetentionRepository => ({
      ...retention,
      removables: async (records) =>
        (await retention.removables(records)).map((one) => ({ ...one, rows: one.rows.slice(-1) })),
    });
    const run = await finishedRun(test.table, {
      store: (store) => ({ ...store, retention: stateAlone(store.retention) }),
    });
    expect(removedOf(run)).toEqual(each(2));
    const left = leftIn(w.first, await test.dump());
    expect(left).toContain("action-item");
    expect(left).toContain("development-plan");
    expect(left).toContain("import");
  });

  it("S-17 keeps all that a legal hold covers until it is released", async () => {
    const test = await copyOf(ready);
    const { partnerId } = w.second.partnership.partner;
    const hold = await holdOn(test, partnerId);
    const run = await finishedRun(test.table);
    expect([removedOf(run), heldOf(run)]).toEqual([each(1), each(1)]);
    const rows = await test.dump();
    expect([leftIn(w.first, rows), leftIn(w.second, rows)]).toEqual([[], kinds]);
    await intact(test);

    const { releaseLegalHold } = await import("@concord/core/legal-hold");
    const now = new Date("2028-03-02T10:00:00.000Z");
    const admin = { ...test.asMember(ACME, "owner"), now };
    const seen = { holdId: hold.holdId, ifVersion: hold.version };
    await releaseLegalHold(admin, { ...seen, reason: "Settled" });
    const next = await finishedRun(test.table, { now: new Date("2028-03-02T12:00:00.000Z") });
    expect([removedOf(next), heldOf(next)]).toEqual([each(1), each(0)]);
    expect(leftIn(w.second, await test.dump())).toEqual([]);
    await intact(test);
  });

  it("removes nothing once a hold or other rules come in between", async () => {
    const test = await copyOf(ready);
    let isHeld = false;
    const interfering = (store: TenantStore): TenantStore => ({
      ...store,
      retention: {
        ...store.retention,
        removables: async (records: readonly DueRecord[]) => {
          if (records.length > 0 && !isHeld) {
            isHeld = true;
            await holdOn(test, undefined);
          }
          return store.retention.removables(records);
        },
      },
    });
    expect(await runOnce(test.table, { store: interfering })).toMatchObject({ outcome: "paused" });
    expect(isHeld).toBe(true);
    const run = await finishedRun(test.table);
    expect([removedOf(run), heldOf(run)]).toEqual([each(0), each(2)]);
    expect(leftIn(w.first, await test.dump())).toEqual(kinds);
    await intact(test);
  });

  it("goes on where it was broken off, beside another, and counts each removal once", async () => {
    const test = await copyOf(ready);
    const run = await finishedRun(test.table, { shouldPause: () => true });
    expect(removedOf(run)).toEqual(each(2));
    await intact(test);

    const twice = await copyOf(ready);
    const outcomes = await Promise.all([
      finishedRun(twice.table),
      finishedRun(twice.table, { shouldPause: () => true }),
    ]);
    expect(outcomes.map(removedOf)).toEqual([each(2), each(2)]);
    expect(leftIn(w.first, await twice.dump())).toEqual([]);
    await intact(twice);
  });

  it("removes a record with more rows than a transaction takes, also where it was killed on the way", async () => {
    const test = await copyOf(ready);
    const { partnership, cycleId } = w.first;
    const { partnerId } = partnership.partner;
    const { sessions } = test.openTenant(ACME);
    let session = await sessions.get({ cycleId, partnerId });
    if (!session) throw new Error("the session was planned");
    const by = { kind: "member", memberId: partnership.members.manager.memberId } as const;
    for (let change = 0; change < 120; change += 1) {
      session = { ...session, version: session.version + 1 };
      await sessions.save(session, eventOf("session.agenda-changed", by, NOON, {}) as never);
    }
    await recordAll(test.table, await test.dump());
    let removals = 0;
    const dying: Table = {
      ...test.table,
      remove: async (key, condition) => {
        removals += 1;
        if (removals > 40) throw new Error("killed");
        return test.table.remove(key, condition);
      },
    };
    await expect(runOnce(dying)).rejects.toThrow("killed");
    expect(leftIn(w.first, await test.dump(), ["session"])).toEqual(["session"]);
    await intact(test);
    const run = await finishedRun(test.table);
    expect(removedOf(run)["session"]).toBe(3);
    expect(leftIn(w.first, await test.dump())).toEqual([]);
    await intact(test);
  });

  describe("the trail", () => {
    const rowOf = async (test: TestStore, entity: string, tenantId = ACME): Promise<Item> => {
      const row = (await test.dump()).find(
        (one) => one["entity"] === entity && String(one["pk"]).startsWith(`T#${tenantId}#`),
      );
      if (!row) throw new Error(`there is a ${entity}`);
      return row;
    };
    const removeRow = (test: TestStore, { pk, sk }: Item) =>
      test.table.remove({ pk: String(pk), sk: String(sk) }, always);
    const findingsOf = async (test: TestStore, tenantId = ACME) => {
      await recordAll(test.table, await test.dump());
      return (await verified(test.table, tenantId)).findings.map(({ kind }) => kind);
    };

    it("P-06 finds what was removed without a run, also after one", async () => {
      const test = await copyOf(ready);
      const { partnerId } = w.second.partnership.partner;
      await holdOn(test, partnerId);
      await finishedRun(test.table);
      expect(await findingsOf(test)).toEqual([]);
      await removeRow(test, await rowOf(test, "Session"));
      expect(await findingsOf(test)).toEqual(["state-missing"]);
      await removeRow(test, await rowOf(test, "ActionItem", GLOBEX));
      expect(await findingsOf(test, GLOBEX)).toEqual(["state-missing"]);
    });

    it("P-06 finds a removal that names rules there were not, comes too early, or under a hold", async () => {
      const forge = async (test: TestStore, change: Record<string, unknown>, at = LATER) => {
        const session = await rowOf(test, "Session");
        await removeRow(test, session);
        const { cycleId, partnerId, version } = session;
        const object = { type: "Session", id: `${String(cycleId)}.${String(partnerId)}`, version };
        const { retention } = test.openTenant(ACME);
        const run = {
          ...{ day: at.toISOString().slice(0, 10), rulesVersion: 1, finishedAt: null },
          ...{ startedAt: at.toISOString(), outcomes: [], expiredRows: 0, position: null },
          ...{ clearedUpTo: {}, version: 1 },
        };
        const data = {
          ...{ kind: "session", days: 365, rulesVersion: 1, upTo: "2027-03-02" },
          objects: [{ ...object, partnerId }],
          ...change,
        };
        await retention.saveRun(run, eventOf("retention.removed", SYSTEM, at, data) as never);
      };
      const rightly = await copyOf(ready);
      await forge(rightly, {});
      expect(await findingsOf(rightly)).toEqual([]);
      for (const change of [{ days: 30 }, { rulesVersion: 2 }, { kind: "scorecard" }]) {
        const test = await copyOf(ready);
        await forge(test, change);
        expect(await findingsOf(test), JSON.stringify(change)).toEqual(["removal-unruled"]);
      }
      const early = await copyOf(ready);
      await forge(early, {}, new Date("2027-06-01T12:00:00.000Z"));
      expect(await findingsOf(early)).toEqual(["removal-unruled"]);
      const unripe = await copyOf(ready);
      await forge(unripe, { upTo: "2026-06-01" });
      expect(await findingsOf(unripe)).toEqual(["removal-unruled"]);
      const held = await copyOf(ready);
      await holdOn(held, undefined, new Date("2028-02-01T12:00:00.000Z"));
      await forge(held, {});
      expect(await findingsOf(held)).toEqual(["removal-unruled"]);
    });

    it("P-06 finds what is there again after it was removed", async () => {
      const test = await copyOf(ready);
      const session = await rowOf(test, "Session");
      await finishedRun(test.table);
      await test.table.put(session, always);
      expect(await findingsOf(test)).toContain("state-altered");
    });
  });

  it("P-15 erases a person as before, whose records were removed", async () => {
    const test = await copyOf(ready);
    await finishedRun(test.table);
    await intact(test);
    const { people, personErasures } = openSystemStore(test.table);
    const { personId, memberId, displayName } = w.first.partnership.members.manager;
    const { person } = await people.load(personId);
    if (!person) throw new Error("the manager is a person");
    const asked = { ...person, erasure: "requested" as const, version: person.version + 1 };
    await personErasures.begin(asked, []);
    const openTenant = (tenantId: TenantId) => openPinnedStore(test.table, tenantId);
    const ctx = { actor: SYSTEM, people, personErasures, openTenant, now: LATER };
    await finishPersonErasure(ctx, personId);
    const member = await test.openTenant(ACME).members.get(memberId);
    expect(member).toMatchObject({ displayName: "Erased person" });
    expect(JSON.stringify(await test.dump())).not.toContain(displayName);
    await intact(test);
  });
});
