import type { Table, Write } from "../dynamo-table/contract.ts";

export class Crash extends Error {
  override readonly name = "Crash";
}

/** Dies before or after the n-th write from now on; the reads go on until then. */
export function crashingTable(inner: Table): {
  readonly table: Table;
  /** @param afterwards whether the fatal write reaches the table */
  crashAt(write: number, afterwards: boolean): void;
  live(): void;
} {
  let left = Number.POSITIVE_INFINITY;
  let reaches = false;
  async function write<T>(perform: () => Promise<T>): Promise<T> {
    if (left === 0) throw new Crash();
    left -= 1;
    if (left > 0) return perform();
    if (reaches) await perform();
    throw new Crash();
  }
  return {
    table: {
      ...inner,
      put: (item, condition) => write(() => inner.put(item, condition)),
      remove: (key, condition) => write(() => inner.remove(key, condition)),
      transact: (writes) => write(() => inner.transact(writes)),
    },
    crashAt(count, afterwards) {
      left = count;
      reaches = afterwards;
    },
    live() {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

const isRollup = (write: Write): boolean => "put" in write && write.put["entity"] === "RollupMonth";

/** What the product must not do: facts in one transaction, their rollups in the next. */
export const splittingTable = (inner: Table): Table => ({
  ...inner,
  async transact(writes) {
    const rollups = writes.filter(isRollup);
    const rest = writes.filter((write) => !isRollup(write));
    if (rollups.length === 0 || rest.length === 0) return inner.transact(writes);
    const failed = await inner.transact(rest);
    return failed.length > 0 ? failed : inner.transact(rollups);
  },
});
