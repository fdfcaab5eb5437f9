import { changeCadence } from "@concord/core/cadence";
import type { Period } from "@concord/core/calendar";
import type { PartnerId } from "@concord/core/id";
import { listRanking } from "@concord/core/ranking";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, DECEMBER, GLOBEX } from "../cycle/cycle.fixture.ts";
import { projectRankingChanges } from "./project-ranking.ts";
import { monthOfDeals, rankingDependencies, recordOf } from "./ranking.fixture.ts";

const IN_FEBRUARY = new Date("2027-02-15T12:00:00Z");

describe("live rankings of a partner that is scored by the month", () => {
  let world: CycleWorld;
  let monthly: PartnerId;
  let quarterly: PartnerId;

  const entriesOf = async (partnerId: PartnerId, periods: readonly Period[]) => {
    const { rankings } = world.test.openTenant(ACME);
    const entries = await Promise.all(periods.map((one) => rankings.entry(partnerId, one)));
    return entries.map((entry) => entry?.period ?? null);
  };

  beforeAll(async () => {
    world = await cycleWorld();
    const { programId, partnerIds } = await world.addTenant(ACME, 2);
    await world.addTenant(GLOBEX, 1);
    const [first, second] = partnerIds;
    if (!first || !second) throw new Error("there are partners");
    [monthly, quarterly] = [first, second];
    const ctx = { ...world.test.asMember(ACME, "admin"), now: DECEMBER };
    await changeCadence(
      ctx,
      { partnerId: monthly, programId, ifVersion: 0 },
      { cadence: "monthly", reason: "Prices move", endsOn: null },
    );
    for (const partnerId of partnerIds) {
      const deals = { won: 20, lost: 10, amountMinor: 100_000 };
      const months = ["2027-01", "2027-02"].map((month) => monthOfDeals(partnerId, month, deals));
      await world.test.asSystem(ACME).store.rollups.replace(months);
      const records = months.map(({ month }) =>
        recordOf(ACME, { entity: "RollupMonth", partnerId, month }),
      );
      await projectRankingChanges(rankingDependencies(world, IN_FEBRUARY), { Records: records });
    }
  });

  it("are of its months, and of quarters for the others", async () => {
    const periods = ["2027-M01", "2027-M02", "2027-Q1"];
    expect(await entriesOf(monthly, periods)).toEqual(["2027-M01", "2027-M02", null]);
    expect(await entriesOf(quarterly, periods)).toEqual([null, null, "2027-Q1"]);
  });

  it("rank it among those of the same length, with the trend since the month before", async () => {
    const ctx = { ...world.test.asMember(ACME, "viewer"), now: IN_FEBRUARY };
    const { items } = await listRanking(ctx, { period: "2027-M02" }, { limit: 10 });
    expect(items).toMatchObject([{ partnerId: monthly, rank: 1, trend: "same" }]);
    const foreign = { ...world.test.asMember(GLOBEX, "viewer"), now: IN_FEBRUARY };
    expect((await listRanking(foreign, { period: "2027-M02" }, { limit: 10 })).items).toEqual([]);
  });
});
