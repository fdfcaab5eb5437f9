import { raise } from "@concord/core/error";
import type { TenantId } from "@concord/core/id";
import { type SetTimer, tickHealth } from "@concord/core/timer";
import { ACME, discreet, GLOBEX, type TestStore, testStore } from "@concord/local/testing";
import { openSystemStore, type Table } from "@concord/storage";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { Broken, faultyTable } from "../cycle/faulty-table.fixture.ts";
import { runTick, type TimerHandler } from "./run-tick.ts";

const NOW = new Date("2027-04-01T11:00:00Z");
const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();

describe("a tick", () => {
  let test: TestStore;
  let log: Readonly<Record<string, unknown>>[];
  beforeEach(async () => {
    test = await testStore();
    log = [];
  });

  const timer = (
    tenantId: TenantId,
    subject: string,
    dueAt: string,
    kind: SetTimer["kind"] = "cycle-work",
  ): SetTimer => ({ tenantId, kind, subject, dueAt });
  const timersOf = (table: Table = test.table) => openSystemStore(table).timers;
  const set = async (...timers: SetTimer[]) => {
    for (const one of timers) await timersOf().set(one);
  };
  const tick = (handler: TimerHandler, now = NOW, table: Table = test.table) =>
    runTick(
      {
        timers: timersOf(table),
        handlers: {
          "cycle-open": handler,
          "cycle-work": handler,
          "cycle-freeze": handler,
          "cycle-close": handler,
          dispute: handler,
          "ranking-recount": handler,
          "re-score": handler,
          subscription: handler,
          "trial-ending": handler,
          "invoice-due": handler,
          "audit-link": handler,
          "tenant-erasure": handler,
          "membership-erasure": handler,
          "person-erasure": handler,
          retention: handler,
          "tenant-export": handler,
        },
        log: discreet((line) => log.push(line)),
      },
      now,
    );
  const recording =
    (fired: SetTimer[]): TimerHandler =>
    (one) => {
      fired.push(one);
      return Promise.resolve("done");
    };

  it("fires what is due, by the instant it was due, once, and leaves what is not", async () => {
    const first = timer(ACME, "a", before(500_000));
    const second = timer(ACME, "b", before(3), "cycle-freeze");
    const now = timer(ACME, "c", NOW.toISOString());
    const later = timer(ACME, "d", before(-1));
    await set(later, now, second, first);
    const fired: SetTimer[] = [];
    expect(await tick(recording(fired))).toMatchObject({ fired: 3, waiting: 0, failed: 0 });
    expect(fired).toEqual([first, second, now]);
    expect(await tick(recording(fired))).toMatchObject({ fired: 0 });
    await tick(recording(fired), new Date(NOW.getTime() + 60_000));
    expect(fired).toEqual([first, second, now, later]);
  });

  it("fires a timer that is set for the past at the next tick, whenever and wherever it is set", async () => {
    const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".split("");
    const tenant = fc
      .array(fc.constantFrom(...letters), { minLength: 26, maxLength: 26 })
      .map((symbols) => `ten_${symbols.join("")}` as TenantId);
    const minutes = fc.integer({ min: 0, max: 2_000_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(tenant, minutes), { maxLength: 12, selector: String }),
        async (drawn) => {
          const nameOf = (one: SetTimer) => `${one.tenantId} ${one.subject} ${one.dueAt}`;
          const wanted: string[] = [];
          const fired: SetTimer[] = [];
          for (const [tenantId, ago] of drawn) {
            const one = timer(tenantId, `s${ago}`, before(ago));
            wanted.push(nameOf(one));
            await set(one);
            // A tick between any two of them moves nothing out of reach.
            if (ago % 2 === 0) await tick(recording(fired));
          }
          await tick(recording(fired));
          expect(fired.map(nameOf).sort()).toEqual(wanted.sort());
        },
      ),
      { seed: 7, numRuns: 12 },
    );
  });

  it("fires in the same tick what a timer sets that is due already", async () => {
    await set(timer(ACME, "1", before(10)));
    const fired: string[] = [];
    await tick(async ({ subject }) => {
      fired.push(subject);
      if (subject.length < 4) await set(timer(ACME, `${subject}1`, before(5)));
      return "done";
    });
    expect(fired).toEqual(["1", "11", "111", "1111"]);
  });

  it("lets a failing timer of one tenant stop nobody, keeps it, says so, and tries it again", async () => {
    await set(
      timer(ACME, "broken", before(9)),
      timer(ACME, "sound", before(8)),
      timer(GLOBEX, "other", before(1)),
    );
    const fired: string[] = [];
    let isBroken = true;
    const handler: TimerHandler = ({ subject }) => {
      if (isBroken && subject === "broken") throw new Error("not today");
      fired.push(subject);
      return Promise.resolve("done");
    };
    expect(await tick(handler)).toMatchObject({ fired: 2, failed: 1 });
    expect(fired.sort()).toEqual(["other", "sound"]);
    expect(log.find(({ message }) => message === "timer failed")).toMatchObject({
      level: "error",
      tenantId: ACME,
      kind: "cycle-work",
      subject: "broken",
    });
    const health = () =>
      tickHealth({ ...test.asSystem(ACME), store: { timers: timersOf() }, now: NOW });
    expect(await health()).toMatchObject({ lastTick: { failed: 1 }, oldestOverdueAt: before(9) });
    isBroken = false;
    expect(await tick(handler)).toMatchObject({ fired: 1, failed: 0 });
    expect(await health()).toMatchObject({ lastTick: { failed: 0 }, oldestOverdueAt: null });
  });

  it("drops a timer whose subject is gone: trying again would never end", async () => {
    await set(timer(ACME, "gone", before(1)));
    expect(await tick(() => raise("cycle-not-found"))).toMatchObject({ failed: 1 });
    expect(await tick(() => raise("cycle-not-found"))).toMatchObject({ failed: 0 });
  });

  it("keeps what is not possible yet, and replaces what is to come again", async () => {
    await set(timer(ACME, "waits", before(1)), timer(ACME, "again", before(1)));
    const handler: TimerHandler = ({ kind, subject }) =>
      Promise.resolve(
        subject === "waits" ? "waiting" : { again: { kind, subject, dueAt: before(-5) } },
      );
    expect(await tick(handler)).toMatchObject({ fired: 1, waiting: 1 });
    const fired: SetTimer[] = [];
    await tick(recording(fired));
    expect(fired.map(({ subject }) => subject)).toEqual(["waits"]);
    await tick(recording(fired), new Date(NOW.getTime() + 5 * 60_000));
    expect(fired.map(({ subject }) => subject)).toEqual(["waits", "again"]);
  });

  it("fires again what was cut off between its effect and its removal", async () => {
    await set(timer(ACME, "once", before(1)));
    const fired: SetTimer[] = [];
    const dying = faultyTable(test.table, () => "killed-before");
    await expect(tick(recording(fired), NOW, dying)).rejects.toThrow(Broken);
    expect(fired).toHaveLength(1);
    await tick(recording(fired));
    await tick(recording(fired));
    expect(fired).toHaveLength(2);
  });

  it("does no harm beside another: every timer is gone and none was missed", async () => {
    const timers = Array.from({ length: 40 }, (_, n) =>
      timer(n % 2 ? ACME : GLOBEX, `s${n}`, before(n)),
    );
    await set(...timers);
    const fired: SetTimer[] = [];
    await Promise.all([tick(recording(fired)), tick(recording(fired)), tick(recording(fired))]);
    expect(new Set(fired.map(({ subject }) => subject)).size).toBe(40);
    expect(await tick(recording(fired))).toMatchObject({ fired: 0 });
  });

  it("serves a tenant with one timer before one with hundreds is through", async () => {
    const noisy = Array.from({ length: 200 }, (_, n) => timer(ACME, `n${n}`, before(1000 - n)));
    await set(...noisy, timer(GLOBEX, "quiet", before(1)));
    const fired: string[] = [];
    await tick(async ({ subject }) => {
      await Promise.resolve();
      fired.push(subject);
      return "done";
    });
    expect(fired).toHaveLength(201);
    expect(fired.indexOf("quiet")).toBeLessThan(5);
  });

  it("writes one line and keeps one report, which say what was left and for how long", async () => {
    await set(timer(ACME, "waits", before(7)), timer(ACME, "later", before(3)));
    await tick(() => Promise.resolve("waiting"));
    const report = {
      at: NOW.toISOString(),
      fired: 0,
      waiting: 2,
      failed: 0,
      oldestOverdueAt: before(7),
    };
    const kept = await timersOf().lastTick();
    expect(kept).toMatchObject(report);
    expect(kept?.lagSeconds).toHaveLength(16);
    expect(kept?.lagSeconds.filter((seconds) => seconds > 0)).toEqual([7 * 60]);
    expect(log).toEqual([{ level: "info", message: "tick", ...kept }]);
  });
});
