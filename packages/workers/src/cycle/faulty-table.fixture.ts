import type { Item, Table } from "@concord/storage";

/** What befalls a write: it is refused, its answer is lost, or the process dies with it and does nothing more. */
export type Fault = "refused" | "answer-lost" | "killed-before" | "killed-after";

export class Broken extends Error {
  override readonly name = "Broken";
}

/** A table of one process whose writes may fail and which may die at any of them. */
export function faultyTable(
  table: Table,
  fault: () => Fault | undefined,
  /** Told of every put that took effect, acknowledged or not. */
  applied: (item: Item) => void = () => undefined,
): Table {
  let isDead = false;
  async function write<T>(
    action: () => Promise<T>,
    items: readonly Item[],
    tookEffect: (result: T) => boolean,
  ): Promise<T> {
    const what = fault();
    if (what === "killed-before") isDead = true;
    if (isDead || what === "refused") throw new Broken();
    const result = await action();
    if (tookEffect(result)) for (const item of items) applied(item);
    if (what === "killed-after") isDead = true;
    if (what === "killed-after" || what === "answer-lost") throw new Broken();
    return result;
  }
  return {
    ...table,
    put: (item, condition) => write(() => table.put(item, condition), [item], Boolean),
    remove: (key, condition) => write(() => table.remove(key, condition), [], Boolean),
    transact: (writes) =>
      write(
        () => table.transact(writes),
        writes.flatMap((one) => ("put" in one ? [one.put] : [])),
        (failed) => failed.length === 0,
      ),
  };
}

/** A table whose conditional puts of this entity forget their condition: for seeing that a test can fail. */
export const withoutCondition = (table: Table, entity: string): Table => ({
  ...table,
  put: (item, condition) =>
    table.put(
      item,
      item["entity"] === entity
        ? {
            expression: "attribute_exists(#pk) OR attribute_not_exists(#pk)",
            names: { "#pk": "pk" },
          }
        : condition,
    ),
});

/** Numbers in [0, 1) that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
