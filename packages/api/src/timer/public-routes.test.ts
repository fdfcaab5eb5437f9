import { testApi } from "@concord/local/testing";
import { openSystemStore } from "@concord/storage";
import { expect, it } from "vitest";

it("shows whether what is due happens, without a log-in and without a tenant's data", async () => {
  const api = await testApi();
  const before = await api.request("/tickz");
  expect([before.status, await before.json()]).toEqual([200, { lastTick: null }]);
  const lastTick = {
    at: "2027-01-15T12:00:00.000Z",
    fired: 2,
    waiting: 1,
    failed: 0,
    oldestOverdueAt: "2027-01-15T11:58:00.000Z",
    lagSeconds: [120, ...Array.from({ length: 15 }, () => 0)],
  };
  await openSystemStore(api.store.table).timers.saveTick(lastTick);
  expect(await (await api.request("/tickz")).json()).toEqual({ lastTick });
});
