import type { PartnerId } from "@concord/core/id";
import { getRankingSummary } from "@concord/core/ranking";
import type { Table } from "@concord/storage";
import { beforeEach, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld } from "../cycle/cycle.fixture.ts";
import { Broken, faultyTable, seeded } from "../cycle/faulty-table.fixture.ts";
import { projectRankingChanges } from "./project-ranking.ts";
import { monthOfDeals, rankingDependencies, recordOf } from "./ranking.fixture.ts";

const FEBRUARY = new Date("2027-02-15T12:00:00Z");
const ROUNDS = 40;

describe("the sums of the ranking under faults", () => {
  let world: CycleWorld;
  let partnerIds: PartnerId[];
  beforeEach(async () => {
    world = await cycleWorld();
    ({ partnerIds } = await world.addTenant(ACME, 3));
  });

  /** Changes partners over and over, each change projected through a table of this kind until it gets through. */
  async function differenceAfter(tableOf: (random: () => number) => Table): Promise<number> {
    const random = seeded(42);
    const { rankings, rollups } = world.test.openTenant(ACME);
    for (let round = 0; round < ROUNDS; round += 1) {
      const partnerId = partnerIds[round % partnerIds.length];
      if (!partnerId) continue;
      const deals = { won: 10 + Math.floor(random() * 40), lost: 10, amountMinor: 100_000 };
      const version = Math.floor(round / partnerIds.length) + 1;
      await rollups.replace([monthOfDeals(partnerId, "2027-01", deals, version)]);
      const Records = [recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2027-01" })];
      for (let failures = 1; failures > 0; ) {
        const table = tableOf(random);
        const contextOf = () => world.contextOf(ACME, FEBRUARY, table);
        const deps = rankingDependencies(world, FEBRUARY, { contextOf });
        const answer = await projectRankingChanges(deps, { Records });
        failures = answer.batchItemFailures.length;
      }
    }
    const entries = await rankings.entries(partnerIds, "2027-Q1");
    const revenue = entries.reduce((sum, { revenueMinor }) => sum + revenueMinor, 0);
    const viewer = world.test.asMember(ACME, "viewer");
    const summed = (await getRankingSummary(viewer, "2027-Q1")).revenue?.amount ?? "0";
    return Math.abs(Math.round(Number(summed) * 100) - revenue);
  }

  const fault = (random: () => number) => () => {
    const drawn = random();
    if (drawn < 0.15) return "refused";
    return drawn < 0.3 ? "answer-lost" : undefined;
  };

  it("are what the entries add up to, whatever was refused and whichever answer was lost", async () => {
    expect(await differenceAfter((random) => faultyTable(world.test.table, fault(random)))).toBe(0);
  });

  it("drift where an entry and its sums are two writes", async () => {
    const split = (random: () => number): Table => ({
      ...world.test.table,
      transact: async (writes) => {
        for (const [index, write] of writes.entries()) {
          if (index > 0 && random() < 0.3) throw new Broken();
          const failed = await world.test.table.transact([write]);
          if (failed.length > 0) return [index];
        }
        return [];
      },
    });
    expect(await differenceAfter(split)).toBeGreaterThan(0);
  });
});
