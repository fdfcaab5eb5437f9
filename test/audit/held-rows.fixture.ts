import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { testTable } from "@concord/local/testing";
import { dynamoTable, type Item, type Table } from "@concord/storage";

const ROWS_A_BATCH = 25;
const nameOf = ({ pk, sk }: Item): string => `${String(pk)}\n${String(sk)}`;
const keyOf = ({ pk, sk }: Item) => ({ pk, sk });

/** The partitions of the table and of its indexes that a row lies in. */
const partitionsOf = ({ pk, gsi1pk, gsi2pk }: Item): string[] =>
  [pk, gsi1pk, gsi2pk].flatMap((one) => (one === undefined ? [] : [String(one)]));

/** Brings the table to these rows and no others, by writing what differs. */
export type HoldRows = (rows: readonly Item[]) => Promise<Table>;

/**
 * A table of its own that takes on one set of rows after another. What was read of a partition is remembered until a row
 * of it changes, so that ten thousand sets which differ by a row or two are read in minutes.
 */
export async function heldRows(): Promise<HoldRows> {
  const { documentClient: client, tableName: name } = await testTable();
  const real = dynamoTable({ name, client, sleep: async () => undefined, random: () => 0.5 });
  const answers = new Map<string, Map<string, Promise<unknown>>>();
  const forget = (rows: readonly Item[]) => {
    for (const row of rows) for (const partition of partitionsOf(row)) answers.delete(partition);
  };
  const once = <T>(partition: string, what: unknown, ask: () => Promise<T>): Promise<T> => {
    const ofPartition = answers.get(partition) ?? new Map<string, Promise<unknown>>();
    answers.set(partition, ofPartition);
    const question = JSON.stringify(what);
    const answer = ofPartition.get(question) ?? ask();
    ofPartition.set(question, answer);
    return answer as Promise<T>;
  };

  let held = new Map<string, Item>();
  /** Forgets before it is written, for who reads next, and after, for who read meanwhile; also where the rows lay before. */
  async function writing<T>(rows: readonly Item[], write: () => Promise<T>): Promise<T> {
    const touched = rows.flatMap((row) => [row, held.get(nameOf(row)) ?? row]);
    forget(touched);
    const answer = await write();
    forget(touched);
    return answer;
  }
  const never = () => {
    throw new Error("not asked for here");
  };

  const table: Table = {
    ...real,
    get: (key, options) => once(key.pk, [key, options], () => real.get(key, options)),
    query: (query) => once(query.pk, query, () => real.query(query)),
    async getAll(keys, options) {
      // Asked for at most once, and only where one of them is not known.
      let asking: Promise<Item[]> | undefined;
      const found = await Promise.all(
        keys.map((key) =>
          once(key.pk, ["of many", key], async () => {
            asking ??= real.getAll(keys, options);
            return (await asking).find((row) => nameOf(row) === nameOf({ ...key }));
          }),
        ),
      );
      return found.filter((row) => row !== undefined);
    },
    async put(item, condition) {
      const isPut = await writing([item], () => real.put(item, condition));
      if (isPut) held.set(nameOf(item), item);
      return isPut;
    },
    async transact(writes) {
      const items = writes.flatMap((write) => ("put" in write ? [write.put] : []));
      const failed = await writing(items, () => real.transact(writes));
      if (failed.length === 0) for (const item of items) held.set(nameOf(item), item);
      return failed;
    },
    remove: never,
    update: never,
    metered: () => table,
  };

  async function hold(rows: readonly Item[]): Promise<Table> {
    const next = new Map(rows.map((row) => [nameOf(row), row]));
    const changed = [...next].flatMap(([name, row]) => (held.get(name) === row ? [] : [row]));
    const gone = [...held].flatMap(([name, row]) => (next.has(name) ? [] : [row]));
    const requests = [
      ...changed.map((Item) => ({ PutRequest: { Item } })),
      ...gone.map((row) => ({ DeleteRequest: { Key: keyOf(row) } })),
    ];
    await writing([...changed, ...gone], async () => {
      for (let at = 0; at < requests.length; at += ROWS_A_BATCH) {
        const RequestItems = { [name]: requests.slice(at, at + ROWS_A_BATCH) };
        const { UnprocessedItems = {} } = await client.send(
          new BatchWriteCommand({ RequestItems }),
        );
        if (Object.keys(UnprocessedItems).length > 0) throw new Error("rows were left unwritten");
      }
    });
    held = next;
    return table;
  }
  return hold;
}
