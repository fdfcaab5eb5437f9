import type { KeyQuery, Table } from "../dynamo-table/contract.ts";
import type { Item } from "../dynamo-table/item.ts";
import type { Key } from "../keys/index.ts";
import { tableDefinition } from "../table.ts";

/** What an operation asked of the table, and what came back. */
export interface Asked {
  /** Each with the rows one request could have read: a page that follows belongs to the one before. */
  readonly reads: {
    readonly consistent: boolean;
    readonly names: string[];
    readonly rows: Item[];
  }[];
  /** Names of the rows written together. */
  readonly transactions: string[][];
}

const nameOf = (row: Key | Item): string =>
  `${row["pk" as keyof typeof row]}|${row["sk" as keyof typeof row]}`;

/** The same table, noting what is asked of it. */
export function noted(table: Table, asked: Asked): Table {
  const get: Table["get"] = async (key, options) => {
    const row = await table.get(key, options);
    asked.reads.push({
      consistent: options?.consistent ?? true,
      names: [nameOf(key)],
      rows: row ? [row] : [],
    });
    return row;
  };
  const getAll: Table["getAll"] = async (keys, options) => {
    const rows = await table.getAll(keys, options);
    const found = new Map(rows.map((row) => [nameOf(row), row]));
    for (const key of keys) {
      const row = found.get(nameOf(key));
      asked.reads.push({
        consistent: options?.consistent ?? true,
        names: [nameOf(key)],
        rows: row ? [row] : [],
      });
    }
    return rows;
  };
  const pages = new Map<string, Asked["reads"][number]>();
  const query = async (wanted: KeyQuery) => {
    const answer = await table.query(wanted);
    const { index, pk, sort, order } = wanted;
    const name = JSON.stringify([index, pk, sort, order]);
    const known = wanted.after && pages.get(name);
    const read = known ?? {
      consistent: !index && (wanted.consistent ?? true),
      names: [],
      rows: [],
    };
    if (!known) asked.reads.push(read);
    pages.set(name, read);
    read.names.push(...answer.items.map(nameOf));
    read.rows.push(...answer.items);
    return answer;
  };
  const transact: Table["transact"] = (writes) => {
    for (const write of writes) {
      // What it asks of a row that it leaves alone could be asked by a read.
      if ("check" in write) {
        asked.reads.push({ consistent: true, names: [nameOf(write.check)], rows: [] });
      }
    }
    asked.transactions.push(
      writes.map((write) => {
        if ("put" in write) return nameOf(write.put);
        if ("update" in write) return nameOf(write.update);
        return nameOf("remove" in write ? write.remove : write.check);
      }),
    );
    return table.transact(writes);
  };
  const metered: Table["metered"] = (meter) => noted(table.metered(meter), asked);
  return { ...table, get, getAll, query, transact, metered };
}

/** Bytes of a value as the service counts them; written anew here, so that the meter is not its own measure. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value))
    return 3 + value.reduce((sum: number, one) => sum + 1 + bytesOf(one), 0);
  if (typeof value === "object" && value !== null) return 3 + rowBytes(value, 1);
  if (typeof value !== "number") return 1;
  if (value === 0) return 1;
  const [digits = "", power = "0"] = Math.abs(value).toExponential().replace(".", "").split("e");
  const pairs = Math.ceil((digits.length + (Number(power) % 2 === 0 ? 1 : 0)) / 2);
  return pairs + (value < 0 ? 2 : 1);
}
const rowBytes = (row: object, perEntry = 0): number =>
  Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value) + perEntry, 0);

const kilobytes = (bytes: number, each: number): number =>
  Math.max(1, Math.ceil(bytes / (each * 1024)));

/** Units of reading each row once; where nothing is, finding that out. */
function readFloor({ reads }: Asked): number {
  const known = new Set<string>();
  let units = 0;
  for (const { consistent, names, rows } of reads) {
    const isNew = names.length === 0 || names.some((name) => !known.has(name));
    const bytes = rows
      .filter((row) => !known.has(nameOf(row)))
      .reduce((sum, row) => sum + rowBytes(row), 0);
    for (const name of names) known.add(name);
    if (isNew) units += kilobytes(bytes, 4) * (consistent ? 1 : 0.5);
  }
  return units;
}

const isSame = (a: unknown, b: unknown): boolean => {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame(a[name as keyof typeof a], b[name as keyof typeof b]));
};

/** Entries that must be written or removed in the indexes. */
function entriesOf(before: Item | undefined, after: Item | undefined): number {
  return Object.values(tableDefinition.indexes).reduce((sum, { partition, sort }) => {
    const [was, is] = [before, after].map((row) =>
      row?.[partition] === undefined ? undefined : `${row[partition]}|${row[sort]}`,
    );
    if (was === undefined && is === undefined) return sum;
    return sum + (was !== undefined && is !== undefined && was !== is ? 2 : 1);
  }, 0);
}

/** Units of the rows that differ: each once, twice where another one changed with it, and their entries in indexes. */
function writeFloor(
  { transactions }: Asked,
  before: readonly Item[],
  after: readonly Item[],
): number {
  const [was, is] = [before, after].map(
    (rows) => new Map(rows.map((row) => [nameOf(row), row])),
  ) as [Map<string, Item>, Map<string, Item>];
  const changed = new Set(
    [...new Set([...was.keys(), ...is.keys()])].filter(
      (name) => !isSame(was.get(name), is.get(name)),
    ),
  );
  const together = new Set(
    transactions
      .map((names) => names.filter((name) => changed.has(name)))
      .filter((names) => names.length > 1)
      .flat(),
  );
  return [...changed].reduce((sum, name) => {
    const rows = [was.get(name), is.get(name)];
    const size = Math.max(...rows.map((row) => (row ? kilobytes(rowBytes(row), 1) : 0)));
    return sum + size * ((together.has(name) ? 2 : 1) + entriesOf(rows[0], rows[1]));
  }, 0);
}

/** The units that an operation cannot go below, from the bytes of the rows it read and changed. */
export const floorOf = (asked: Asked, before: readonly Item[], after: readonly Item[]): number =>
  readFloor(asked) + writeFloor(asked, before, after);
