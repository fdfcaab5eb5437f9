import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { ACME, testStore, testTable } from "@concord/local/testing";
import type { Item } from "@concord/storage";
import {
  HEADER,
  importFile,
  PRODUCTS,
  sourceWith,
} from "../../packages/storage/src/import/import.fixture.ts";
import type { Ratio } from "./ratio.ts";

const ROWS = 3_000;
const PARTNERS = Array.from({ length: 20 }, (_, n) => `Partner ${n}`);
const ROUNDS = 5;
/** As many as the import writes side by side. */
const AT_ONCE = 4;
const ITEMS_A_BATCH = 25;

const day = (offset: number): string =>
  new Date(Date.UTC(2026, 0, 1) + offset * 86_400_000).toISOString().slice(0, 10);

/** Deals as a CRM exports them, mixed by partner; one in eight has a defect that is flagged. */
export function exportOf(rows: number, partners: readonly string[]): string {
  const products = Object.keys(PRODUCTS);
  const lines = Array.from({ length: rows }, (_, n) => {
    const partner = partners[(n * 7919) % partners.length];
    const engaged = (n * 31) % 300;
    const product = n % 16 === 3 ? "Unknown Rack" : products[n % products.length];
    const account = n % 16 === 7 ? "" : `Company ${n % 500}`;
    if (n % 5 === 0) return `D${n},${partner},${product},${account},Engaging,${day(engaged)},,`;
    const closed = day(engaged + 10 + (n % 50));
    const outcome = n % 3 === 0 ? "Lost,0" : `Won,${500 + (n % 900)}`;
    const [stage, value] = outcome.split(",");
    return `D${n},${partner},${product},${account},${stage},${day(engaged)},${closed},${value}`;
  });
  return [HEADER, ...lines, ""].join("\n");
}

/** Seconds that the import takes, and the facts it leaves. */
async function importOnce(file: string): Promise<{ seconds: number; facts: readonly Item[] }> {
  const test = await testStore();
  const source = await sourceWith(test, { partners: PARTNERS });
  const admin = test.asMember(ACME, "admin");
  const start = performance.now();
  const { progress } = await importFile(admin, test.asSystem(ACME), source, file);
  const seconds = (performance.now() - start) / 1000;
  if (progress.rowsChanged !== ROWS) throw new Error(`${progress.rowsChanged} of ${ROWS} rows`);
  const rows = await test.dump();
  return { seconds, facts: rows.filter(({ entity }) => entity === "Opportunity") };
}

/** Seconds that the same items take in raw batches, as many at once as the import's chunks. */
async function writeRaw(facts: readonly Item[]): Promise<number> {
  const { documentClient, tableName } = await testTable();
  const batches = Array.from({ length: Math.ceil(facts.length / ITEMS_A_BATCH) }, (_, at) =>
    facts.slice(at * ITEMS_A_BATCH, (at + 1) * ITEMS_A_BATCH),
  );
  const start = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let batch = batches.pop(); batch; batch = batches.pop()) {
        const puts = batch.map((Item) => ({ PutRequest: { Item } }));
        await documentClient.send(new BatchWriteCommand({ RequestItems: { [tableName]: puts } }));
      }
    }),
  );
  return (performance.now() - start) / 1000;
}

/** B9 of the targets: rows a second from a file to stored facts, beside raw batches of the same items. */
export async function importRatios(): Promise<readonly Ratio[]> {
  const file = exportOf(ROWS, PARTNERS);
  const { facts } = await importOnce(file);
  await writeRaw(facts);
  const pairs: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    pairs.push([(await importOnce(file)).seconds, await writeRaw(facts)]);
  }
  // The engine is a process of its own, so the wall clock tells, and the fastest of each is what others disturbed least.
  const [own, raw] = [0, 1].map(
    (side) => ROWS / Math.min(...pairs.map((pair) => pair[side] ?? Number.NaN)),
  );
  return [
    {
      ...{
        id: "B9",
        what: "rows of a file stored as facts, with rollups and flags",
        unit: "rows/s",
      },
      ...{
        ours: own ?? 0,
        reference: raw ?? 0,
        ratio: (own ?? 0) / (raw ?? 1),
        gate: 0.7,
        isCeiling: false,
      },
    },
  ];
}
