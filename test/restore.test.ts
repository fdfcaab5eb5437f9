import { BatchWriteCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { cycleIdOf } from "@concord/core/cycle";
import type { PartnerId } from "@concord/core/id";
import { getRankingSummary } from "@concord/core/ranking";
import { listReviews } from "@concord/core/review";
import { replayScorecard } from "@concord/core/scorecard";
import { testTable } from "@concord/local/testing";
import { dynamoTable, type Table } from "@concord/storage";
import { projectRankingChanges } from "@concord/workers";
import { expect, it } from "vitest";
import { ACME, cycleWorld } from "../packages/workers/src/cycle/cycle.fixture.ts";
import {
  monthOfDeals,
  rankingDependencies,
  recordOf,
} from "../packages/workers/src/ranking/ranking.fixture.ts";

const PARTNERS = 3;
const BATCH = 25;

/** The rows of a table in a fresh one, as a restore leaves them: without their stream, and without what time would have removed. */
async function restored(tableName: string): Promise<Table> {
  const copy = await testTable();
  let at: Record<string, unknown> | undefined;
  do {
    const page = await copy.documentClient.send(
      new ScanCommand({ TableName: tableName, ExclusiveStartKey: at }),
    );
    const rows = page.Items ?? [];
    for (let from = 0; from < rows.length; from += BATCH) {
      const puts = rows.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
      await copy.documentClient.send(
        new BatchWriteCommand({ RequestItems: { [copy.tableName]: puts } }),
      );
    }
    at = page.LastEvaluatedKey;
  } while (at);
  return dynamoTable({
    name: copy.tableName,
    client: copy.documentClient,
    sleep: () => Promise.resolve(),
    random: () => 0.5,
  });
}

it("P-10: a table that was restored replays its cards and opens the next cycle by its own timers", async () => {
  const world = await cycleWorld();
  const { programId, partnerIds } = await world.addTenant(ACME, PARTNERS);
  await world.settle(new Date("2027-01-01T12:00:00Z"));
  await world.settle(new Date("2027-05-15T12:00:00Z"));
  const table = await restored(world.test.table.name);

  const [partnerId] = partnerIds as [PartnerId];
  const cycleId = cycleIdOf(programId, "2027-Q1");
  const now = new Date("2027-07-01T12:00:00Z");
  const reader = {
    ...world.contextOf(ACME, now, table),
    actor: world.test.asMember(ACME, "admin").actor,
  };
  const replayed = await replayScorecard(reader, { cycleId, partnerId });
  expect(replayed).toMatchObject({ isIdentical: true });

  await world.tick(now, table);
  await world.drain(now, table);
  const opened = async (on: Table) =>
    listReviews(
      { ...reader, store: world.contextOf(ACME, now, on).store },
      cycleIdOf(programId, "2027-Q3"),
      { limit: 100 },
    ).then(
      ({ items }) => items.length,
      () => 0,
    );
  expect(await opened(table)).toBe(PARTNERS);
  expect(await opened(world.test.table)).toBe(0);
});

it("P-10: the rankings' sums of a restored table are as they were, and what was not handed on counts once", async () => {
  const world = await cycleWorld();
  const { partnerIds } = await world.addTenant(ACME, PARTNERS);
  const now = new Date("2027-02-15T12:00:00Z");
  await world.settle(new Date("2027-01-01T12:00:00Z"));
  const changesOf = (months: boolean) =>
    partnerIds.map((partnerId) =>
      recordOf(
        ACME,
        months
          ? { entity: "RollupMonth", partnerId, month: "2027-01" }
          : { entity: "Review", partnerId, period: "2027-Q1" },
      ),
    );
  const deals = { won: 20, lost: 4, amountMinor: 100_000 };
  const { rollups } = world.test.openTenant(ACME);
  const [first, ...others] = partnerIds as [PartnerId, ...PartnerId[]];
  for (const one of others) await rollups.replace([monthOfDeals(one, "2027-01", deals)]);
  const ofTable = rankingDependencies(world, now);
  await projectRankingChanges(ofTable, { Records: changesOf(false) });
  // Of this one the instant of the restore is before its change is handed on.
  await rollups.replace([monthOfDeals(first, "2027-01", deals)]);

  const table = await restored(world.test.table.name);
  const revenueOf = async (on: Table) => {
    const ctx = {
      ...world.contextOf(ACME, now, on),
      actor: world.test.asMember(ACME, "admin").actor,
    };
    const { partners, revenue } = await getRankingSummary(ctx, "2027-Q1");
    return { partners, amountMinor: revenue?.amount };
  };
  const before = await revenueOf(world.test.table);
  expect(before).toMatchObject({ partners: PARTNERS });
  expect(await revenueOf(table)).toEqual(before);

  const ofCopy = rankingDependencies(world, now, {
    contextOf: (tenantId) => world.contextOf(tenantId, now, table),
  });
  for (let time = 0; time < 2; time += 1) {
    await projectRankingChanges(ofCopy, { Records: changesOf(true) });
  }
  const after = await revenueOf(table);
  expect(Number(after.amountMinor)).toBe((Number(before.amountMinor) * 3) / 2);
  expect(await revenueOf(world.test.table)).toEqual(before);
});
