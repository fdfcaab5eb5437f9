import { readFileSync } from "node:fs";
import type { Cycle, CycleChunk } from "@concord/core/cycle";
import { CycleId, PartnerId, ProgramId } from "@concord/core/id";
import type { RankingEntry, RankingSummaryPart } from "@concord/core/ranking";
import { ACME, testStore } from "@concord/local/testing";
import { describe, expect, it } from "vitest";
import { createMeter } from "../meter.ts";
import { openSystemStore, type SystemStore } from "../system-store.ts";
import { openTenantStore, type TenantStore } from "../tenant-store.ts";

const AT = "2027-01-01T12:00:00.000Z";
const cycleId = CycleId.parse("cyc_0000000000000000000000000A");
const programId = ProgramId.parse("pgm_0000000000000000000000000A");
const partnerIds = Array.from({ length: 100 }, (_, index) =>
  PartnerId.parse(`ptr_${String(index).padStart(26, "0")}`),
);
const [partnerId = PartnerId.parse("ptr_0000000000000000000000000A")] = partnerIds;

const cycle: Cycle = {
  cycleId,
  programId,
  programVersion: 1,
  period: "2027-Q1",
  span: { from: "2027-01-01", to: "2027-03-31" },
  currency: "USD",
  timeZone: "America/Chicago",
  status: "open",
  opensAt: AT,
  freezesAt: "2027-04-07T11:00:00.000Z",
  closesAt: "2027-04-28T11:00:00.000Z",
  openedAt: AT,
  partnerCount: null,
  chunkCount: null,
  kickedOffAt: null,
  freezeStartedAt: null,
  frozenAt: null,
  closedAt: null,
  reviewsClosedAt: null,
  version: 1,
};
const chunk: CycleChunk = {
  cycleId,
  chunk: 0,
  partnerIds,
  digest: "0".repeat(64),
  done: {},
  version: 1,
};
const entry: RankingEntry = {
  partnerId,
  partnerName: "Northwind",
  segment: "reseller.growing",
  region: "Central",
  period: "2027-Q1",
  programId,
  programVersion: 1,
  state: "live",
  score: 71.25,
  shownScore: "71.3",
  rating: { ratingId: "leading", name: "Leading" },
  unratedReasons: [],
  coveragePercent: 100,
  revenueMinor: 31_007_500,
  currency: "USD",
  source: 7,
  version: 1,
};
const part: RankingSummaryPart = {
  period: "2027-Q1",
  segment: "reseller.growing",
  region: "Central",
  currency: "USD",
  rated: 1,
  unrated: 0,
  revenueMinor: 31_007_500,
  ratings: { leading: { name: "Leading", partners: 1 } },
  version: 1,
};
const timer = {
  tenantId: ACME,
  kind: "cycle-freeze",
  subject: cycleId,
  dueAt: "2027-04-07T11:00:00.000Z",
} as const;
const timers = (["cycle-open", "cycle-work", "cycle-freeze", "cycle-close"] as const).map(
  (kind) => ({ kind, subject: cycleId, dueAt: AT }),
);
const event = (type: "cycle.opened" | "cycle.frozen") => ({
  type,
  at: AT,
  by: { kind: "system" as const, name: "schedule" },
  data: {},
});

/** The budget the document gives a pattern: requests of one call, and units. */
function budgetOf(pattern: string): string {
  const document = readFileSync(new URL("../../ACCESS_PATTERNS.md", import.meta.url), "utf8");
  const row = document.split("\n").find((line) => line.startsWith(`| ${pattern} `));
  const cells = row?.split("|").map((cell) => cell.trim()) ?? [];
  return `${Number.parseInt(cells.at(-3) ?? "", 10)} ${cells.at(-2)}`;
}

describe("the budgets of timers, cycles and rankings", () => {
  it("are what the meter counts", async () => {
    const test = await testStore();
    const lagSeconds = Array.from({ length: 16 }, () => 0);
    const report = { at: AT, fired: 1, waiting: 0, failed: 0, oldestOverdueAt: null, lagSeconds };
    const consume = async (values: AsyncIterable<unknown>) => {
      for await (const _ of values);
    };
    const shardOf = async (system: SystemStore): Promise<number> => {
      for (let shard = 0; shard < 16; shard += 1) {
        if (await system.timers.first(shard)) return shard;
      }
      throw new Error("no timer is set");
    };
    let shard = 0;
    const steps: [string, (store: TenantStore, system: SystemStore) => Promise<unknown>][] = [
      ["AP-92", (_, system) => system.timers.set(timer)],
      ["AP-90", (_, system) => consume(system.timers.due(shard, new Date("2028-01-01")))],
      ["AP-91", (_, system) => system.timers.first(shard)],
      ["AP-93", (_, system) => system.timers.remove(timer)],
      ["AP-95", (_, system) => system.timers.saveTick(report)],
      ["AP-94", (_, system) => system.timers.lastTick()],
      ["AP-98", (store) => store.cycles.save(cycle, event("cycle.opened"), timers)],
      ["AP-102", (store) => store.cycles.addChunk(cycle, chunk)],
      ["AP-99", (store) => store.cycles.save({ ...cycle, version: 2 }, event("cycle.frozen"))],
      ["AP-103", (store) => store.cycles.saveChunk({ ...chunk, version: 2 })],
      ["AP-96", (store) => store.cycles.get(cycleId)],
      ["AP-97", (store) => store.cycles.list({ limit: 50 })],
      ["AP-100", (store) => store.cycles.chunk(cycleId, 0)],
      ["AP-101", (store) => consume(store.cycles.chunks(cycleId))],
      ["AP-109", (store) => store.rankings.save(entry, [part])],
      ["AP-104", (store) => store.rankings.entry(partnerId, "2027-Q1")],
      ["AP-105", (store) => store.rankings.entries([partnerId], "2027-Q1")],
      ["AP-106", (store) => store.rankings.ofGroup("2027-Q1", entry, { limit: 50 })],
      ["AP-107", (store) => store.rankings.countAbove("2027-Q1", entry, 50)],
      ["AP-108", (store) => store.rankings.summary("2027-Q1")],
      ["AP-108", (store) => store.rankings.summaryParts("2027-Q1", [entry])],
    ];
    const measured: string[] = [];
    for (const [pattern, run] of steps) {
      if (pattern === "AP-90") shard = await shardOf(openSystemStore(test.table));
      const meter = createMeter();
      const table = test.table.metered(meter);
      await run(openTenantStore(table, ACME), openSystemStore(table));
      const usage = meter.usage();
      const units = usage.writeUnits > 0 ? `${usage.writeUnits} W` : `${usage.readUnits} R`;
      measured.push(`${pattern}: ${usage.requests} ${units}`);
    }
    expect(measured).toEqual(steps.map(([pattern]) => `${pattern}: ${budgetOf(pattern)}`));
  });
});
