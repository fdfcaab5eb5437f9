import type { Item, Table } from "@concord/storage";

interface Key {
  readonly pk: string;
  readonly sk: string;
}
const nameOf = ({ pk, sk }: Item | Key): string => `${String(pk)}\n${String(sk)}`;

/** Rows that were dumped, read through the repositories as the table is; takes conditional puts of new rows. */
export function memoryTable(rows: readonly Item[]): Table {
  const byKey = new Map(rows.map((row) => [nameOf(row), row]));
  let partitions: Map<string, Item[]> | undefined;
  const partitionOf = (index: string, pk: string): readonly Item[] => {
    partitions ??= partitioned([...byKey.values()]);
    return partitions.get(`${index} ${pk}`) ?? [];
  };
  const isNew = (item: Item) => !byKey.has(nameOf(item));
  const put = (item: Item) => {
    byKey.set(nameOf(item), item);
    partitions = undefined;
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

function partitioned(rows: readonly Item[]): Map<string, Item[]> {
  const partitions = new Map<string, Item[]>();
  for (const index of ["", "gsi1", "gsi2"]) {
    const [pk, sk] = [`${index}pk`, `${index}sk`];
    const held = rows.filter((row) => row[pk] !== undefined);
    held.sort((a, b) => (String(a[sk]) < String(b[sk]) ? -1 : 1));
    for (const row of held) {
      const name = `${index} ${String(row[pk])}`;
      const known = partitions.get(name);
      if (known) known.push(row);
      else partitions.set(name, [row]);
    }
  }
  return partitions;
}
