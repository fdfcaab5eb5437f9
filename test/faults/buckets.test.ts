import type { Limit } from "@concord/core/rate-limit";
import {
  ACME,
  figure,
  NOON,
  seeded,
  type TestStore,
  testStore,
  testTable,
} from "@concord/local/testing";
import { openSystemStore, openTenantStore, type Table } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { stormyProcess } from "./storm.ts";
import { seedOf } from "./tried-first.ts";

const SEED = seedOf("buckets");
const TAKES = figure(100, 10_000);
const TAKES_WITHOUT_DEFENCE = 60;
const FAULT_RATE = 0.2;
const FIRST_REQUESTS = 60;
const PROCESSES = 4;
/** So large that nobody is refused: what is taken is what is counted. */
const wide: Limit = { burst: 1_000_000, emissionMilliseconds: 1_000, lease: 1 };

/** Takes one token of the bucket with this name. */
type Take = (table: Table, name: string) => Promise<unknown>;

const kinds: readonly (readonly [what: string, entity: string, take: Take])[] = [
  [
    "a caller",
    "RateBucket",
    (table, principal) =>
      openTenantStore(table, ACME).rateLimits.take(
        { principal, rateClass: "write" },
        { limit: wide, wanted: 1, now: NOON.getTime(), seen: undefined },
      ),
  ],
  [
    "who tries to log in",
    "GuessBucket",
    (table, subject) =>
      openSystemStore(table).guesses.take({ kind: "pair", isKnown: false, subject }, wide, NOON),
  ],
];

let store: TestStore;
let endpoint: string;
let buckets = 0;
beforeAll(async () => {
  store = await testStore();
  ({ endpoint } = await testTable());
});

interface Tokens {
  /** Of which somebody was told that they have them. */
  readonly told: number;
  /** Takes that ended without an answer. */
  readonly untold: number;
  /** Updates that took effect while nobody heard of it. */
  readonly unheard: number;
  /** That are gone from the bucket. */
  readonly gone: number;
}

/** Many processes take from one bucket at once, until so many takes are made. */
async function storm(
  [, entity, take]: (typeof kinds)[number],
  {
    takes,
    processes,
    alter = (table) => table,
  }: {
    readonly takes: number;
    readonly processes: number;
    readonly alter?: (table: Table) => Table;
  },
): Promise<Tokens> {
  const random = seeded(SEED);
  const { name: tableName } = store.table;
  buckets += 1;
  const name = `bucket-${buckets}`;
  const before = new Set((await store.dump()).map(({ pk, sk }) => `${pk} ${sk}`));
  let [made, told, untold, unheard] = [0, 0, 0, 0];
  const begin = () =>
    stormyProcess({
      ...{ endpoint, tableName, random, rate: FAULT_RATE },
      diesAt: Math.floor(random() * FIRST_REQUESTS),
      unheard: () => {
        unheard += 1;
      },
    });
  async function process(): Promise<void> {
    let life = begin();
    while (made < takes) {
      made += 1;
      await take(alter(life.table), name).then(
        () => {
          told += 1;
        },
        () => {
          untold += 1;
        },
      );
      if (!life.isDead()) continue;
      await life.quiet();
      life = begin();
    }
    await life.quiet();
  }
  await Promise.all(Array.from({ length: processes }, process));
  const [row] = (await store.dump()).filter(
    (one) => one["entity"] === entity && !before.has(`${one["pk"]} ${one["sk"]}`),
  );
  const gone = (Number(row?.["fullAt"]) - NOON.getTime()) / wide.emissionMilliseconds;
  return { told, untold, unheard, gone };
}

/** Who was told of a token has it; one more is gone for each answer that was lost, at the most. */
function wrongIn({ told, unheard, gone }: Tokens): string[] {
  return [
    ...(gone < told ? [`${told - gone} of ${told} tokens were given and not taken: lost`] : []),
    ...(gone > told + unheard ? [`${gone - told} too many, ${unheard} unheard: doubled`] : []),
  ];
}

const withoutDefence: readonly (readonly [string, RegExp, (table: Table) => Table])[] = [
  [
    "lose tokens that are written over what was read",
    /lost/,
    (table) => ({
      ...table,
      async update({ add = {}, ...update }) {
        const row = await table.get(update.key);
        const fullAt = Number(row?.["fullAt"] ?? NOON.getTime()) + Number(add["fullAt"] ?? 0);
        const set = { ...update.set, fullAt: Math.max(fullAt, Number(update.set["fullAt"] ?? 0)) };
        const condition = { expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)" };
        return table.update({
          ...update,
          set,
          condition: { ...condition, names: { "#pk": "pk" } },
        });
      },
    }),
  ],
  [
    "take twice what is taken again under another mark",
    /doubled/,
    (table) => ({
      ...table,
      async update(update) {
        const answer = await table.update(update);
        return answer.isApplied && update.add ? table.update(update) : answer;
      },
    }),
  ],
];

describe.each(kinds)("the tokens of %s, taken by processes that die and do not hear", (...kind) => {
  it("are each taken for who was told so, and one more for an answer that was lost at the most", async () => {
    const tokens = await storm(kind, { takes: TAKES, processes: PROCESSES });
    process.stdout.write(
      `${tokens.told} tokens given, ${tokens.gone} gone, ${tokens.unheard} answers lost (seed ${SEED})\n`,
    );
    expect(wrongIn(tokens)).toEqual([]);
    expect(Math.min(tokens.told, tokens.unheard)).toBeGreaterThan(0);
  }, 300_000);

  it("are taken once where nobody else takes meanwhile: the repeat of what was lost finds its own mark", async () => {
    const tokens = await storm(kind, { takes: TAKES, processes: 1 });
    expect(wrongIn({ ...tokens, unheard: tokens.untold })).toEqual([]);
    expect(tokens.unheard).toBeGreaterThan(tokens.untold);
  }, 300_000);

  it.each(withoutDefence)("are seen to %s", async (_, found, alter) => {
    const tokens = await storm(kind, {
      ...{ takes: TAKES_WITHOUT_DEFENCE, processes: PROCESSES },
      alter,
    });
    expect(wrongIn(tokens).join("\n")).toMatch(found);
  });
});
