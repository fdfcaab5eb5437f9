import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure } from "@concord/local/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDataFolder } from "../../packages/local/src/data-folder/index.ts";
import { startRuntime } from "../../packages/local/src/runtime/start-runtime.ts";
import { sqliteStreamState } from "../../packages/local/src/stream/index.ts";
import { temporaryFolder } from "./child.fixture.ts";
import { patientClient } from "./kill/client.fixture.ts";
import { dealsFrom, PARTNERS, type Row, randomFrom, rowsOn } from "./kill/data.fixture.ts";
import { type Acknowledged, DAYS, journey } from "./kill/journey.fixture.ts";
import {
  type BundledRuntime,
  bundledRuntime,
  supervise,
  type Tally,
} from "./kill/supervisor.fixture.ts";
import { type Item, type RawTables, rawTables } from "./kill/table.fixture.ts";
import { makeTenant, PASSWORD, type Tenant } from "./kill/tenant.fixture.ts";
import { violations, type World, worldExpected, worldOf } from "./kill/world.fixture.ts";

/** How often the runtime is killed at least; a first quarter of work is killed to its end, which mostly exceeds the quick figure. */
const KILLS = Number(process.env["CONCORD_KILLS"] ?? figure(8, 1_000));
const SEED = Number(process.env["CONCORD_SEED"] ?? Date.now() % 1_000_000);
/** Quarters at once, each on a folder of its own: most of a life is waiting for the next start. */
const AT_ONCE = figure(1, 3);
const LIMIT_MILLISECONDS = 180_000 + KILLS * 20_000;

interface Quarter {
  readonly seed: number;
  readonly kills: number;
  readonly folder: string;
  readonly tenant: Tenant;
  readonly done: Acknowledged;
  /** Of the last file that was fed. */
  readonly rows: readonly Row[];
}

const folders: (() => void)[] = [];
afterAll(() => {
  for (const remove of folders) remove();
});

async function quarterUnderKills(
  runtime: BundledRuntime,
  seed: number,
  tally: Tally,
): Promise<Quarter> {
  const random = randomFrom(seed);
  const { path, remove } = temporaryFolder();
  folders.push(remove);
  const folder = join(path, "data");
  const tenant = await makeTenant(folder);
  const deals = dealsFrom(random);
  const { done, run } = journey(tenant, deals);
  const supervisor = supervise(runtime, { folder, port: tenant.port }, random, tally);
  try {
    await Promise.race([run(), supervisor.failure]);
  } catch (cause) {
    throw new Error(`seed ${seed}, after ${supervisor.kills()} kills`, { cause });
  } finally {
    await supervisor.end();
  }
  const kills = supervisor.kills();
  process.stdout.write(`seed ${seed}: a quarter with ${kills} kills\n`);
  return { seed, kills, folder, tenant, done, rows: rowsOn(deals, DAYS[2]) };
}

interface Peace {
  readonly world: () => Promise<World>;
  readonly tables: RawTables;
}

/** Lets the runtime end what is under way, in this process, and looks at everything. */
async function inPeace<T>(
  { folder, tenant }: Quarter,
  look: (peace: Peace) => Promise<T>,
): Promise<T> {
  const runtime = await startRuntime({ folder, background: false });
  try {
    await runtime.settle();
    const api = patientClient(runtime.url, tenant.operations.email, PASSWORD);
    const world = () => worldOf(api, runtime.outbox);
    return await look({ world, tables: rawTables(folder) });
  } finally {
    await runtime.stop();
  }
}

/** The sections that differ, each with what was found instead. */
const differences = (world: World, expected: World) =>
  violations(world, expected).map((name) => ({
    name,
    expected: expected[name],
    found: world[name],
  }));

const expectedOf = ({ tenant, done, rows }: Quarter) => worldExpected(tenant, done, rows);

/** What is wrong with a quarter, and what is left to do. */
interface Outcome extends Quarter {
  readonly wrong: ReturnType<typeof differences>;
  readonly left: readonly unknown[];
  readonly letters: readonly unknown[];
}

/** At once: the business clock goes on, and with it come reminders that nobody has asked for. */
async function lookedAt(quarter: Quarter): Promise<Outcome> {
  const found = await inPeace(quarter, async ({ world, tables }) => ({
    wrong: differences(await world(), expectedOf(quarter)),
    left: await tables.unfinished(),
  }));
  const folder = openDataFolder(quarter.folder);
  const letters = sqliteStreamState(folder.database).deadLetters();
  folder.close();
  return { ...quarter, ...found, letters };
}

describe("a runtime that is killed at random moments of a quarter's work", () => {
  const quarters: Outcome[] = [];
  let last: Outcome;

  beforeAll(async () => {
    let begun = 0;
    let kills = 0;
    const tally: Tally = {
      add() {
        kills += 1;
      },
      isFull: () => kills >= KILLS && quarters.length > 0,
    };
    const runtime = await bundledRuntime();
    folders.push(runtime.remove);
    const oneAfterAnother = async () => {
      do {
        const seed = SEED + begun;
        begun += 1;
        last = await lookedAt(await quarterUnderKills(runtime, seed, tally));
        quarters.push(last);
      } while (kills < KILLS);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
  }, LIMIT_MILLISECONDS);

  it("has done what it acknowledged exactly once, and nothing that it refused", () => {
    for (const { seed, done, wrong } of quarters) {
      expect(wrong, `seed ${seed}`).toEqual([]);
      // Nothing above holds because nothing was asked for.
      expect(done.contributions).toHaveLength(2 * PARTNERS.length);
      expect(done.actions.length).toBeGreaterThanOrEqual(8);
      expect(done.refused).toHaveLength(2 * PARTNERS.length + 4);
      expect([done.imports.size, done.plans.size]).toEqual([3, 4]);
    }
  });

  it("leaves no message, execution or dead letter behind", () => {
    for (const { seed, left, letters } of quarters) {
      expect({ left, letters }, `seed ${seed}`).toEqual({ left: [], letters: [] });
    }
  });

  it("writes no token, password, address or content of anybody into its log", () => {
    for (const { folder } of quarters) {
      const log = readFileSync(join(folder, "log.jsonl"), "utf8");
      expect(log.split("\n").length).toBeGreaterThan(100);
      expect(log).not.toMatch(/@|eyJ|Bearer/);
      for (const canary of [PASSWORD, "The win of", "Agreed with", "Plan of", "Coaching"]) {
        expect(log).not.toContain(canary);
      }
    }
  });

  it("would be found out: each planted loss, double and wrong figure shows", {
    timeout: 120_000,
  }, async () => {
    const expected = expectedOf(last);
    const unnoticed = await inPeace(last, async ({ world, tables }) => {
      // What is lost may also make a question fail.
      const noticed = () => world().then((found) => violations(found, expected), String);
      expect(await noticed()).toEqual([]);
      const rows = await tables.rows();
      const missed: string[] = [];
      for (const { name, plant } of plantedFaults(rows, tables, last.folder)) {
        const undo = await plant();
        if ((await noticed()).length === 0) missed.push(name);
        await undo();
      }
      expect(await noticed()).toEqual([]);
      return missed;
    });
    expect(unnoticed).toEqual([]);
  });
});

interface PlantedFault {
  readonly name: string;
  readonly plant: () => Promise<() => Promise<void>>;
}

function plantedFaults(
  rows: readonly Item[],
  { put, remove }: RawTables,
  folder: string,
): PlantedFault[] {
  const of = (entity: string): Item => {
    const row = rows.find((one) => one["entity"] === entity);
    if (!row) throw new Error(`there is no ${entity}`);
    return row;
  };
  const lost = (entity: string): PlantedFault => ({
    name: `a lost ${entity}`,
    async plant() {
      const row = of(entity);
      await remove(row);
      return () => put(row);
    },
  });
  /** The same once more under another id of the same kind. */
  const doubled = (entity: string, id: string): PlantedFault => ({
    name: `a doubled ${entity}`,
    async plant() {
      const row = of(entity);
      const known = String(row[id]);
      const other = known.replace(/.$/, known.endsWith("0") ? "1" : "0");
      const twin = JSON.parse(JSON.stringify(row).replaceAll(known, other));
      await put(twin);
      return () => remove(twin);
    },
  });
  const wrong = (entity: string, change: (row: Item) => Item): PlantedFault => ({
    name: `a wrong ${entity}`,
    async plant() {
      const row = of(entity);
      await put({ ...row, ...change(row) });
      return () => put(row);
    },
  });
  const outbox = join(folder, "outbox");
  const opening = readdirSync(outbox).find((name) =>
    readFileSync(join(outbox, name), "utf8").includes("The review of"),
  );
  const mail = join(outbox, String(opening));
  return [
    ...["Contribution", "Opportunity", "Review", "FrozenCard", "ActionItem"].map(lost),
    ...["DevelopmentPlan", "RollupMonth", "RankingEntry", "PartnerUser"].map(lost),
    doubled("Contribution", "contributionId"),
    doubled("Opportunity", "opportunityId"),
    doubled("ActionItem", "actionItemId"),
    wrong("RollupMonth", ({ counters }) => ({
      counters: Object.fromEntries(
        Object.entries(counters as Record<string, number>).map(([key, value]) => [key, value + 1]),
      ),
    })),
    wrong("RankingEntry", ({ score }) => ({ score: Number(score) + 1 })),
    wrong("DevelopmentPlan", () => ({ revision: 7 })),
    {
      name: "a lost mail",
      async plant() {
        renameSync(mail, `${mail}.away`);
        return async () => renameSync(`${mail}.away`, mail);
      },
    },
    {
      name: "a doubled mail",
      async plant() {
        const twin = mail.replace(/.\.eml$/, "_.eml");
        writeFileSync(twin, readFileSync(mail));
        return async () => rmSync(twin);
      },
    },
  ];
}
