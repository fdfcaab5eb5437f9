import { cancelActionItem, createActionItem } from "@concord/core/action-item";
import { listRetentionRuns, setRetention } from "@concord/core/retention";
import type { SetTimer } from "@concord/core/timer";
import { ACME, GLOBEX, NOON, testPartnership, testStore } from "@concord/local/testing";
import { openPinnedStore, openSystemStore } from "@concord/storage";
import { describe, expect, it } from "vitest";
import { retentionTimer } from "./retention-timer.ts";

const DAY_MS = 86_400_000;

describe("the daily run of retention", () => {
  it("is set with the rules, begins at five in the tenant's zone, and sets the next", async () => {
    const test = await testStore();
    const own = await testPartnership(test, ACME);
    const other = await testPartnership(test, GLOBEX);
    for (const { as, members, partner } of [own, other]) {
      const ctx = as(members.manager);
      const { memberId } = members.manager;
      const item = await createActionItem(ctx, partner.partnerId, {
        ...{ text: "Do", owner: { kind: "member", memberId }, dueOn: "2027-02-01" },
      });
      await cancelActionItem(ctx, { actionItemId: item.actionItemId, ifVersion: 1 }, "Not needed");
    }
    const admin = test.asMember(ACME, "admin");
    const rules = { days: { "action-item": 30 } };
    await setRetention(admin, { ifVersion: 0, rules });
    await setRetention(admin, { ifVersion: 1, rules });

    const { timers } = openSystemStore(test.table);
    const set = async (): Promise<SetTimer[]> => {
      const found: SetTimer[] = [];
      for (let shard = 0; shard < 16; shard += 1) {
        for await (const timer of timers.due(shard, new Date("2030-01-01T00:00:00.000Z"))) {
          if (timer.kind === "retention") found.push(timer);
        }
      }
      return found;
    };
    const [timer, ...more] = await set();
    expect(more).toEqual([]);
    // The tenant is in Chicago, where it is six hours earlier.
    expect(timer).toMatchObject({ tenantId: ACME, dueAt: "2027-01-16T11:00:00.000Z" });
    if (!timer) throw new Error("a timer was set");

    const handler = retentionTimer({
      contextOf: (tenantId, now) => ({
        actor: { kind: "system", name: "schedule" },
        store: openPinnedStore(test.table, tenantId),
        now,
        mint: test.mint,
      }),
      wallNow: () => NOON.getTime(),
    });
    const first = await handler(timer, new Date(timer.dueAt));
    expect(first).toEqual({ again: { ...rest(timer), dueAt: "2027-01-17T11:00:00.000Z" } });
    // Another tick was overtaken by that run and comes again past midnight in Chicago: five o'clock is still to come.
    const night = new Date("2027-01-17T06:01:00.000Z");
    expect(await handler({ ...timer, dueAt: night.toISOString() }, night)).toEqual(first);
    const later = new Date(Date.parse(timer.dueAt) + 40 * DAY_MS);
    expect(await handler(timer, later)).toMatchObject({ again: { kind: "retention" } });
    const { items } = await listRetentionRuns(admin, { limit: 10 });
    expect(items.map(({ day, outcomes }) => [day, outcomes[0]?.removed])).toEqual([
      ["2027-02-25", 1],
      ["2027-01-16", 0],
    ]);
    const left = await other
      .as(other.members.manager)
      .store.actionItems.ofPartner(other.partner.partnerId, { limit: 10 });
    expect(left.items).toHaveLength(1);

    await setRetention(admin, { ifVersion: 2, rules: { days: {} } });
    expect(await handler(timer, later)).toBe("done");
    expect(await handler({ ...timer, tenantId: GLOBEX }, later)).toBe("done");
  });
});

it("S-17 the daily run of retention is followed by that of the next day where it ends after that was due", async () => {
  const test = await testStore();
  await testPartnership(test, ACME);
  await testPartnership(test, GLOBEX);
  for (const tenantId of [ACME, GLOBEX]) {
    const rules = { days: { "action-item": 30 } };
    await setRetention(test.asMember(tenantId, "admin"), { ifVersion: 0, rules });
  }
  const handlerOf = (dies: boolean) =>
    retentionTimer({
      contextOf(tenantId, now) {
        const store = openPinnedStore(test.table, tenantId);
        const saveRun = () => Promise.reject(new Error("died"));
        const retention = dies ? { ...store.retention, saveRun } : store.retention;
        const actor = { kind: "system", name: "schedule" } as const;
        return { actor, store: { ...store, retention }, now, mint: test.mint };
      },
      wallNow: () => NOON.getTime(),
    });
  const timer = { tenantId: ACME, kind: "retention", subject: "daily" } as const;
  const at = (day: string) => ({ ...timer, dueAt: `${day}T11:00:00.000Z` });
  const fire = (handler: ReturnType<typeof handlerOf>, day: string) =>
    handler(at(day), new Date(at(day).dueAt));
  await expect(fire(handlerOf(true), "2027-01-16")).rejects.toThrow("died");
  const { tenantId: _, ...next } = at("2027-01-18");
  expect(await fire(handlerOf(false), "2027-01-17")).toEqual({ again: next });
  const runsOf = async (tenantId: typeof ACME) =>
    (await listRetentionRuns(test.asMember(tenantId, "admin"), { limit: 10 })).items;
  expect((await runsOf(ACME)).map(({ day, finishedAt }) => [day, finishedAt])).toEqual([
    ["2027-01-17", "2027-01-17T11:00:00.000Z"],
    ["2027-01-16", "2027-01-17T11:00:00.000Z"],
  ]);
  expect(await runsOf(GLOBEX)).toEqual([]);
});

const rest = ({ tenantId: _, dueAt: __, ...timer }: SetTimer) => timer;
