import type { Item, Table } from "@concord/storage";

interface Key {
  readonly pk: string;
  readonly sk: string;
}
const nameOf = ({ pk, sk }: Item | Key): string => `${String(pk)}\n${String(sk)}`;

/** Rows that were dumped, read through the repositories as the table is; takes conditional puts of new rows. */
export function memoryTable(rows: readonly Item[]): Table {
  const byKey = new Map(rows.map((row) => [nameOf(row), row]));
  const partitions = new Map<string, Map<string, Item[]>>();
  const partitionOf = (index: string, pk: string): readonly Item[] => {
    const known = partitions.get(index) ?? partitioned([...byKey.values()], index);
    partitions.set(index, known);
    return known.get(pk) ?? [];
  };
  const isNew = (item: Item) => !byKey.has(nameOf(item));
  const put = (item: Item) => {
    byKey.set(nameOf(item), item);
    partitions.clear();
  };
  const onlyNew = ({ expression }: { readonly expression: string }) => {
    if (expression !== "attribute_not_exists(#pk)") throw new Error("new rows alone are put here");
  };
  const never = () => {
    throw new Error("not asked for here");
  };

  const table: Table = {
    name: "memory",
    pause: never,
    permits: never,
    get: async (key) => byKey.get(nameOf(key)),
    getAll: async (keys) => keys.flatMap<Item>((key) => byKey.get(nameOf(key)) ?? []),
    async query({ index, pk, sort, order = "ascending", limit = Number.POSITIVE_INFINITY, after }) {
      const name = index ? `${index}sk` : "sk";
      const ascending = partitionOf(index ?? "", pk).filter((item) => {
        const value = String(item[name]);
        if (!sort) return true;
        return "prefix" in sort
          ? value.startsWith(sort.prefix)
          : value >= sort.from && value <= sort.to;
      });
      const ordered = order === "ascending" ? ascending : ascending.toReversed();
      const from = after ? ordered.findIndex((item) => nameOf(item) === nameOf(after)) + 1 : 0;
      const items = ordered.slice(from, from + limit);
      const last = items.at(-1);
      return last && from + items.length < ordered.length ? { items, last } : { items };
    },
    async put(item, condition) {
      onlyNew(condition);
      if (!isNew(item)) return false;
      put(item);
      return true;
    },
    async transact(writes) {
      const failed: number[] = [];
      for (const [position, write] of writes.entries()) {
        if (!("put" in write)) return never();
        onlyNew(write.condition);
        if (!isNew(write.put)) failed.push(position);
      }
      if (failed.length === 0) for (const write of writes) if ("put" in write) put(write.put);
      return failed;
    },
    remove: never,
    update: never,
    metered: () => table,
  };
  return table;
}

/** The rows of the table, or of one of its indexes, by partition and in order. */
function partitioned(rows: readonly Item[], index: string): Map<string, Item[]> {
  const [pk, sk] = [`${index}pk`, `${index}sk`];
  const held = rows.filter((row) => row[pk] !== undefined);
  held.sort((a, b) => (String(a[sk]) < String(b[sk]) ? -1 : 1));
  return Map.groupBy(held, (row) => String(row[pk]));
}
