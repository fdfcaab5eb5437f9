import { isDeepStrictEqual } from "node:util";
import type { Item, Table } from "@concord/storage";
import type { Key } from "./wire.ts";

/** Rows by their key; a key that has no row is absent. */
export type Rows = ReadonlyMap<string, Item>;

export const keyOf = ({ pk, sk }: { readonly pk?: unknown; readonly sk?: unknown }): string =>
  `${String(pk)} ${String(sk)}`;
export const rowsOf = (rows: readonly Item[]): Rows =>
  new Map(rows.map((row) => [keyOf(row), row]));

/** What stands at these keys now. */
export async function rowsAt(table: Table, keys: readonly Key[]): Promise<Rows> {
  const found = new Map<string, Item>();
  const asked = [...new Map(keys.map((key) => [keyOf(key), key])).values()];
  for (let at = 0; at < asked.length; at += 100) {
    const rows = await table.getAll(asked.slice(at, at + 100), { consistent: true });
    for (const row of rows) found.set(keyOf(row), row);
  }
  return found;
}

const always = {
  expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
  names: { "#pk": "pk" },
};

/** Makes these keys what they were. */
export async function restore(table: Table, keys: readonly Key[], before: Rows): Promise<void> {
  for (const [name, key] of new Map(keys.map((one) => [keyOf(one), one]))) {
    const row = before.get(name);
    if (row) await table.put(row, always);
    else await table.remove(key, always);
  }
}

const ID = /\b([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}\b/g;
/** Request ids and tokens; digests and keys, which follow from ids and secrets that are new each time. */
const DRAWN =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{16,64}\b|[A-Za-z0-9_-]{43,}={0,2}|[A-Za-z0-9+/]{22,}={1,2}/g;

/** How much a principal or a network asked for and what a tick met, not what came of it. */
const isAdmission = (key: string): boolean => /#RATE#|^SYSTEM#TICK /.test(key);

export const idsIn = (rows: Rows): ReadonlySet<string> =>
  new Set([...JSON.stringify([...rows.values()]).matchAll(ID)].map(([id]) => id));

/** Engines give the members of a map in any order. */
const inOrder = (_: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** A text without what is drawn anew for each attempt. @param known ids that were there before */
export const plainText = (text: string, known: ReadonlySet<string>): string =>
  text
    .replaceAll(ID, (id, kind) => (known.has(id) ? id : `${kind}_new`))
    .replaceAll(DRAWN, "drawn");

/**
 * What an effect left behind at the keys it touched, without what is drawn anew for each attempt: a line for each
 * row that is not as it was before, in an order of its own.
 * @param known ids that were there before
 */
export function effectOf(
  before: Rows,
  after: Rows,
  keys: readonly Key[],
  known: ReadonlySet<string>,
) {
  const plain = (row: Item): string => plainText(JSON.stringify(row, inOrder), known);
  const names = new Set(keys.map(keyOf));
  return [...names]
    .filter((name) => !isAdmission(name))
    .flatMap((name) => {
      const [was, is] = [before.get(name), after.get(name)];
      if (isDeepStrictEqual(was, is)) return [];
      return [is ? plain(is) : `gone: ${name}`];
    })
    .sort();
}

/** How found rows differ from those expected, each from where it does. */
export function difference(found: readonly string[], expected: readonly string[]): string {
  const extra = found.filter((one) => !expected.includes(one));
  const missing = expected.filter((one) => !found.includes(one));
  const shared = (one: string, other = ""): number => {
    let at = 0;
    while (at < one.length && one[at] === other[at]) at += 1;
    return Math.max(0, at - 80);
  };
  const cut = (lines: readonly string[], others: readonly string[]) =>
    lines.map((line, index) => line.slice(shared(line, others[index])).slice(0, 400));
  return JSON.stringify({ extra: cut(extra, missing), missing: cut(missing, extra) });
}
