import { figure, seeded } from "@concord/local/testing";
import type { Item, Table } from "@concord/storage";
import { describe, expect, it } from "vitest";
import { wrongRows } from "./hot-items-book.ts";
import {
  type Alter,
  askedAgain,
  type Client,
  changesOf,
  FAULT_RATE,
  placeOfProcesses,
  type Tally,
  workOnce,
} from "./hot-items-clients.fixture.ts";
import { hotWorld } from "./hot-items-world.fixture.ts";
import { seedOf, triedFirst } from "./tried-first.ts";

const SEED = seedOf("hot-items");
/** Of rows that many clients change. */
const UPDATES = figure(800, 50_000);
const UPDATES_A_WORLD = 10_000;
/** A request that has its effect changes two such rows and more: a count or a month, or two, a card and a sum. */
const UPDATES_A_REQUEST = 2;
const UPDATES_WITHOUT_DEFENCE = 200;
const CLIENTS = 4;
const PLACES = 4;

type Write = Parameters<Table["transact"]>[0][number];

const HOT = ["RollupMonth", "RankingEntry", "RankingSummaryPart", "Usage", "ImportsOfDay"];

/** How often hot rows were changed, as they count it themselves. */
const updatesOf = (rows: readonly Item[]): number =>
  rows
    .filter(({ entity }) => HOT.includes(String(entity)))
    .reduce((sum, row) => sum + Number(row["version"] ?? row["used"] ?? row["partners"]), 0);

const asIs: Alter = (table) => table;

/** Lets clients of two tenants loose on a few items, until so many updates are made, and looks. */
async function storm(seed: number, updates: number, alter: Alter = asIs) {
  const world = await hotWorld(CLIENTS);
  const random = seeded(seed);
  const tally: Tally = { applied: 0, refused: 0, ambiguous: 0, replayed: 0, deaths: 0 };
  const placeAt = (rate: number) =>
    placeOfProcesses(world, { seed: Math.floor(random() * 2 ** 31), rate, alter, tally });
  const places = Array.from({ length: PLACES }, () => placeAt(FAULT_RATE));
  const before = updatesOf(await world.api.store.dump());
  const clients = world.tenants.flatMap((tenant) =>
    tenant.tokens.map((token, nth): Client => {
      const own = seeded(Math.floor(random() * 2 ** 31));
      return { tenant, token, nth, places, tally, random: own, again: [], keys: 0 };
    }),
  );
  await Promise.all(
    clients.map(async (client) => {
      while (tally.applied * UPDATES_A_REQUEST < updates) await workOnce(client);
    }),
  );
  for (const place of places) await place.quiet();

  const calm = placeAt(0);
  const wrong: string[] = [];
  for (const client of clients) wrong.push(...(await askedAgain(calm.request, client)));
  for (const tenant of world.tenants) {
    for (const one of tenant.partnerIds) await calm.project(changesOf(tenant, one));
  }
  const rows = await world.api.store.dump();
  for (const { book, tenantId } of world.tenants) {
    const own = rows.filter(({ pk }) => String(pk).startsWith(`T#${tenantId}#`));
    wrong.push(...wrongRows(book, own));
  }
  return { wrong, updates: updatesOf(rows) - before, ...tally };
}

/** Changes what a transaction writes, on its way to the table. */
const rewriting = (rewrite: (writes: readonly Write[], table: Table) => Promise<Write[]>): Alter =>
  function altered(table) {
    return {
      ...table,
      transact: async (writes) => table.transact(await rewrite(writes, table)),
      metered: (meter) => altered(table.metered(meter)),
    };
  };
const anyState = {
  expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};
const puts = (write: Write, entity: string): boolean =>
  "put" in write && write.put["entity"] === entity;

const onlyChecked = (one: Write): Write =>
  "update" in one ? { check: one.update, condition: anyState } : one;

/** One in so many changes is not counted. */
const FORGOTTEN = 5;
let counting = 0;

const withoutDefence: readonly (readonly [what: string, found: RegExp, Alter])[] = [
  [
    "to lose changes of a month that forgets which one it follows",
    /^wonAmount of .* lost$/m,
    rewriting(async (writes) =>
      writes.map((one) => (puts(one, "RollupMonth") ? { ...one, condition: anyState } : one)),
    ),
  ],
  [
    "to double what is made where no answer is recorded",
    /is doubled: |doubled$/m,
    rewriting(async (writes) => writes.filter((one) => !puts(one, "RecordedAnswer"))),
  ],
  [
    "to double counts that are written before what they count",
    /counted: .* doubled$/m,
    rewriting(async (writes, table) => {
      const counts = writes.filter((one) => "update" in one);
      if (counts.length > 0) await table.transact(counts);
      return writes.map(onlyChecked);
    }),
  ],
  [
    "to lose counts that a change forgets to write",
    /counted: .* lost$/m,
    rewriting(async (writes) => {
      counting += writes.some((one) => "update" in one) ? 1 : 0;
      return counting % FORGOTTEN === 0 ? writes.map(onlyChecked) : [...writes];
    }),
  ],
];

describe("hot items, changed by clients of two tenants whose answers are lost and whose processes die", () => {
  it(
    "count each change once, and every client finds its own",
    async () => {
      const totals = { updates: 0, applied: 0, ambiguous: 0, replayed: 0, deaths: 0 };
      for (let world = 0; totals.updates < UPDATES; world += 1) {
        const seed = SEED + world;
        const first = triedFirst("hot-items", seed);
        const left = Math.min(UPDATES_A_WORLD, UPDATES - totals.updates);
        const { wrong, ...counts } = await storm(seed, left);
        for (const what of wrong) first.failed(what, { at: world, fault: "answer-lost" });
        first.save();
        expect(wrong, `seed ${seed}`).toEqual([]);
        for (const name of Object.keys(totals) as (keyof typeof totals)[]) {
          totals[name] += counts[name];
        }
      }
      process.stdout.write(
        `${totals.updates} updates of hot items by ${totals.applied} requests, ${totals.ambiguous} answers lost, ${totals.deaths} processes died (seed ${SEED})\n`,
      );
      expect(Math.min(totals.ambiguous, totals.replayed, totals.deaths)).toBeGreaterThan(0);
    },
    figure(120_000, 3_600_000),
  );

  it.each(withoutDefence)(
    "are seen %s",
    async (_, found, alter) => {
      const { wrong } = await storm(SEED, UPDATES_WITHOUT_DEFENCE, alter);
      expect(wrong.join("\n")).toMatch(found);
    },
    120_000,
  );
});
