import { type CycleMessage, cycleIdOf } from "@concord/core/cycle";
import type { PartnerId, ProgramId } from "@concord/core/id";
import { listReviews } from "@concord/core/review";
import { createMeter, type Item, type Table } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, GLOBEX } from "./cycle.fixture.ts";
import { faultyTable, seeded, withoutCondition } from "./faulty-table.fixture.ts";
import { runCycleMessage } from "./run-cycle-message.ts";

const PARTNERS = 130;
const FAULT_RATE = 0.2;
const MINUTE_MS = 60_000;

const QUARTERS = [
  { period: "2027-Q1", opensAt: "2027-01-01T12:00:00Z" },
  { period: "2027-Q2", opensAt: "2027-04-01T11:00:00Z" },
  { period: "2027-Q3", opensAt: "2027-07-01T11:00:00Z" },
];

describe("a kick-off under faults", () => {
  let world: CycleWorld;
  let acme: { programId: ProgramId; partnerIds: PartnerId[] };
  beforeAll(async () => {
    world = await cycleWorld();
    acme = await world.addTenant(ACME, PARTNERS);
    await world.addTenant(GLOBEX, 2);
  });

  type OpenTable = () => Table;

  /** Ticks twice at once, and delivers each message 0 to 5 times in any order, some beside each other. */
  async function disturb(openTable: OpenTable, now: Date, random: () => number): Promise<void> {
    await Promise.allSettled([world.tick(now, openTable()), world.tick(now, openTable())]);
    for (let rounds = 0; world.queue.length > 0 && rounds < 5; rounds += 1) {
      const [message] = world.queue.splice(Math.floor(random() * world.queue.length), 1);
      if (!message) continue;
      const times = Math.floor(random() * 6);
      const deliver = () => runCycleMessage(world.workDependencies(now, openTable()), message);
      const beside = Math.ceil(times / 2);
      await Promise.allSettled(Array.from({ length: beside }, deliver));
      for (let nth = beside; nth < times; nth += 1) await Promise.allSettled([deliver()]);
    }
    world.queue.length = 0;
  }

  /** Counts how often each review of a period was made, over every way a table was opened. */
  const counting = (period: string) => {
    const made = new Map<unknown, number>();
    const applied = (item: Item) => {
      if (item["entity"] !== "Review" || item["period"] !== period) return;
      made.set(item["pk"], (made.get(item["pk"]) ?? 0) + 1);
    };
    return { made, applied };
  };

  const reviewsOf = async (period: string) => {
    const cycleId = cycleIdOf(acme.programId, period);
    const partnerIds: string[] = [];
    let position: string | undefined;
    do {
      const page = await listReviews(world.test.asMember(ACME, "viewer"), cycleId, {
        limit: 100,
        position,
      });
      partnerIds.push(...page.items.map(({ partnerId }) => partnerId));
      position = page.position;
    } while (position);
    return partnerIds;
  };

  it.each(QUARTERS)(
    "S-07 leaves exactly one review for each partner in $period after one more tick",
    async ({ period, opensAt }) => {
      const random = seeded(Date.parse(opensAt));
      const { made, applied } = counting(period);
      const openTable = () => {
        // Every fourth process dies, at some write within its first 80.
        const diesAt = random() < 0.25 ? Math.floor(random() * 80) : undefined;
        let writes = -1;
        return faultyTable(
          world.test.table,
          () => {
            writes += 1;
            if (writes === diesAt) return random() < 0.5 ? "killed-before" : "killed-after";
            const drawn = random();
            if (drawn >= FAULT_RATE) return undefined;
            return drawn < FAULT_RATE / 2 ? "refused" : "answer-lost";
          },
          applied,
        );
      };
      const opened = new Date(opensAt);
      await disturb(openTable, opened, random);
      await disturb(openTable, new Date(opened.getTime() + MINUTE_MS), random);

      const later = new Date(opened.getTime() + 30 * MINUTE_MS);
      const faultless = faultyTable(world.test.table, () => undefined, applied);
      expect((await world.tick(later, faultless)).failed).toBe(0);
      await world.drain(later, faultless);

      expect((await reviewsOf(period)).sort()).toEqual([...acme.partnerIds].sort());
      expect([...made.values()].filter((times) => times !== 1)).toEqual([]);
      await world.settle(new Date(later.getTime() + 30 * MINUTE_MS));
      const cycle = await world.test.openTenant(ACME).cycles.get(cycleIdOf(acme.programId, period));
      expect(cycle).toMatchObject({ partnerCount: PARTNERS, chunkCount: 2 });
      expect(cycle?.kickedOffAt).not.toBeNull();
    },
  );

  it("sees reviews made twice where their put forgets its condition", async () => {
    const { made, applied } = counting("2027-Q4");
    const careless = withoutCondition(
      faultyTable(world.test.table, () => undefined, applied),
      "Review",
    );
    const now = new Date("2027-10-01T11:00:00Z");
    const deliver = (message: CycleMessage) =>
      runCycleMessage(world.workDependencies(now, careless), message);
    await world.tick(now, careless);
    for (const advance of world.queue.splice(0)) await deliver(advance);
    for (const chunk of world.queue.splice(0)) await Promise.all([deliver(chunk), deliver(chunk)]);
    expect([...made.values()].some((times) => times > 1)).toBe(true);
  });
});

describe("a kick-off that is repeated", () => {
  it("is over at once where the process died between the last chunk's mark and the end", async () => {
    const world = await cycleWorld();
    const { programId } = await world.addTenant(ACME, 3);
    const now = new Date("2027-01-01T12:00:00Z");
    await world.tick(now);
    for (const advance of world.queue.splice(0)) {
      await runCycleMessage(world.workDependencies(now), advance);
    }
    const [chunk] = world.queue.splice(0);
    if (!chunk) throw new Error("no chunk was handed out");
    let isMarked = false;
    const dying = faultyTable(
      world.test.table,
      () => (isMarked ? "killed-before" : undefined),
      (item) => {
        isMarked ||= item["entity"] === "CycleChunk";
      },
    );
    await expect(runCycleMessage(world.workDependencies(now, dying), chunk)).rejects.toThrow();
    expect(isMarked).toBe(true);
    const cycle = () => world.test.openTenant(ACME).cycles.get(cycleIdOf(programId, "2027-Q1"));
    expect(await cycle()).toMatchObject({ kickedOffAt: null });
    await runCycleMessage(world.workDependencies(now), chunk);
    expect(await cycle()).toMatchObject({ kickedOffAt: now.toISOString() });
  });

  it("costs at most a twentieth of the first, and writes nothing", async () => {
    const world = await cycleWorld();
    const { programId } = await world.addTenant(ACME, 120);
    const now = new Date("2027-01-01T12:00:00Z");
    const cycleId = cycleIdOf(programId, "2027-Q1");
    const costOf = async (action: (table: Table) => Promise<unknown>) => {
      const meter = createMeter();
      await action(world.test.table.metered(meter));
      return meter.usage();
    };
    const first = await costOf(async (table) => {
      await world.tick(now, table);
      await world.drain(now, table);
    });
    const messages: CycleMessage[] = [
      { kind: "advance-cycle", tenantId: ACME, cycleId },
      { kind: "kick-off-chunk", tenantId: ACME, cycleId, chunk: 0 },
      { kind: "kick-off-chunk", tenantId: ACME, cycleId, chunk: 1 },
    ];
    const again = await costOf(async (table) => {
      world.queue.push(...messages);
      await world.drain(now, table);
    });
    expect(again.writeUnits).toBe(0);
    expect(again.readUnits + again.writeUnits).toBeLessThanOrEqual(
      0.05 * (first.readUnits + first.writeUnits),
    );
  });

  it("grows in proportion to its partners", async () => {
    const requests: number[] = [];
    for (const partners of [100, 400]) {
      const world = await cycleWorld();
      await world.addTenant(ACME, partners);
      const now = new Date("2027-01-01T12:00:00Z");
      await world.tick(now);
      const meter = createMeter();
      await world.drain(now, world.test.table.metered(meter));
      const { readUnits, writeUnits } = meter.usage();
      requests.push(readUnits + writeUnits);
    }
    const [small = 0, large = 0] = requests;
    const slope = Math.log(large / small) / Math.log(4);
    expect(slope).toBeGreaterThan(0.95);
    expect(slope).toBeLessThan(1.05);
  });
});
