import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import type { Condition } from "./condition.ts";
import type { Key } from "./keys.ts";
import { itemBytes, type Meter, putUnits, readUnits, touchUnits } from "./meter.ts";
import { tableDefinition } from "./table.ts";

export type Item = Readonly<Record<string, unknown>>;

export type Write =
  | { readonly put: Item; readonly condition: Condition }
  | { readonly remove: Key; readonly condition: Condition }
  | { readonly check: Key; readonly condition: Condition };

export interface KeyQuery {
  readonly index?: keyof typeof tableDefinition.indexes;
  readonly pk: string;
  /** Which sort keys: all, those with a prefix, or an inclusive range. */
  readonly sort?: { readonly prefix: string } | { readonly from: string; readonly to: string };
  readonly order?: "ascending" | "descending";
  readonly limit?: number;
  readonly consistent?: boolean;
  readonly after?: Item;
}

/** One table, one method per kind of request, each counted by the meter. Requests that do not exist here cannot be sent: no Scan. */
export interface Table {
  readonly name: string;
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  /** Up to 100 keys; order is not kept, missing keys are left out. */
  getAll(keys: readonly Key[], options?: { readonly consistent?: boolean }): Promise<Item[]>;
  query(query: KeyQuery): Promise<{ items: Item[]; last?: Item }>;
  /** @returns false where the condition failed and nothing was written. */
  put(item: Item, condition: Condition): Promise<boolean>;
  /** @returns false where the condition failed and nothing was removed. */
  remove(key: Key, condition: Condition): Promise<boolean>;
  /**
   * All or nothing, at most 100 writes. Conflicts and throttling are retried with jitter.
   * @returns the positions of the writes whose condition failed; empty when committed.
   */
  transact(writes: readonly Write[]): Promise<readonly number[]>;
  /** The same table, counting into this meter too. */
  metered(meter: Meter): Table;
}

export interface TableOptions {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

const TRANSACTION_ATTEMPTS = 10;
const BACKOFF_BASE_MS = 10;
const BACKOFF_CAP_MS = 1_000;

/** What the SDK does not retry by itself and what a later attempt may find gone. */
const passing = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);
const passingErrors = new Set(["TransactionConflictException", "TransactionInProgressException"]);

export function dynamoTable(options: TableOptions, meters: readonly Meter[] = []): Table {
  const { name, client, sleep, random } = options;
  const request = () => {
    for (const meter of meters) meter.request();
  };
  const countRead = (units: number) => {
    for (const meter of meters) meter.read(units);
  };
  const countWrite = (units: number) => {
    for (const meter of meters) meter.write(units);
  };

  /** Bounded, with full jitter; a failed condition is an answer and never retried. */
  async function retried<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (tries >= TRANSACTION_ATTEMPTS || !isPassing(error)) throw error;
        await sleep(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries));
      }
    }
  }

  async function conditional(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await retried(write);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    name,

    async get(key, { consistent = true } = {}) {
      request();
      const { Item } = await client.send(
        new GetCommand({ TableName: name, Key: key, ConsistentRead: consistent }),
      );
      countRead(readUnits(Item ? itemBytes(Item) : 0, consistent));
      return Item;
    },

    async getAll(keys, { consistent = true } = {}) {
      const found: Item[] = [];
      let wanted: readonly Key[] = keys;
      for (let tries = 0; wanted.length > 0; tries += 1) {
        if (tries > 0)
          await sleep(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries));
        request();
        const answer = await client.send(
          new BatchGetCommand({
            RequestItems: {
              [name]: { Keys: wanted.map((key) => ({ ...key })), ConsistentRead: consistent },
            },
          }),
        );
        const items = answer.Responses?.[name] ?? [];
        const rest = answer.UnprocessedKeys?.[name]?.Keys ?? [];
        for (const item of items) countRead(readUnits(itemBytes(item), consistent));
        countRead((wanted.length - items.length - rest.length) * readUnits(0, consistent));
        found.push(...items);
        wanted = rest as unknown as readonly Key[];
        if (tries >= TRANSACTION_ATTEMPTS && wanted.length > 0)
          throw new Error("keys left unprocessed");
      }
      return found;
    },

    async query({ index, pk, sort, order = "ascending", limit, consistent, after }) {
      const keys = index ? tableDefinition.indexes[index] : tableDefinition.keys;
      // An index is never read consistently: DynamoDB refuses it.
      const isConsistent = index ? false : (consistent ?? true);
      const bounds =
        sort === undefined
          ? undefined
          : "prefix" in sort
            ? { expression: "begins_with(#sk, :from)", values: { ":from": sort.prefix } }
            : {
                expression: "#sk BETWEEN :from AND :to",
                values: { ":from": sort.from, ":to": sort.to },
              };
      request();
      const answer = await client.send(
        new QueryCommand({
          TableName: name,
          ...(index ? { IndexName: index } : {}),
          KeyConditionExpression: bounds ? `#pk = :pk AND ${bounds.expression}` : "#pk = :pk",
          ExpressionAttributeNames: {
            "#pk": keys.partition,
            ...(bounds ? { "#sk": keys.sort } : {}),
          },
          ExpressionAttributeValues: { ":pk": pk, ...bounds?.values },
          ScanIndexForward: order === "ascending",
          ConsistentRead: isConsistent,
          ...(limit === undefined ? {} : { Limit: limit }),
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        }),
      );
      const items: Item[] = answer.Items ?? [];
      countRead(
        readUnits(
          items.reduce((sum, item) => sum + itemBytes(item), 0),
          isConsistent,
        ),
      );
      return answer.LastEvaluatedKey ? { items, last: answer.LastEvaluatedKey } : { items };
    },

    put: (item, condition) =>
      conditional(() => {
        request();
        countWrite(putUnits(item, { inTransaction: false }));
        return client.send(
          new PutCommand({ TableName: name, Item: item, ...conditionInput(condition) }),
        );
      }),

    remove: (key, condition) =>
      conditional(() => {
        request();
        countWrite(touchUnits({ inTransaction: false }));
        return client.send(
          new DeleteCommand({ TableName: name, Key: key, ...conditionInput(condition) }),
        );
      }),

    async transact(writes) {
      const items: TransactWriteCommandInput["TransactItems"] = writes.map((write) => {
        const condition = conditionInput(write.condition);
        if ("put" in write) return { Put: { TableName: name, Item: write.put, ...condition } };
        if ("remove" in write)
          return { Delete: { TableName: name, Key: write.remove, ...condition } };
        return { ConditionCheck: { TableName: name, Key: write.check, ...condition } };
      });
      try {
        await retried(() => {
          request();
          for (const write of writes) {
            countWrite(
              "put" in write
                ? putUnits(write.put, { inTransaction: true })
                : touchUnits({ inTransaction: true }),
            );
          }
          // A command of its own each time: the SDK keeps one client token per command for its own retries.
          return client.send(new TransactWriteCommand({ TransactItems: items }));
        });
        return [];
      } catch (error) {
        const failed = failedConditions(error);
        if (failed.length > 0) return failed;
        throw error;
      }
    },

    metered: (meter) => dynamoTable(options, [...meters, meter]),
  };
}

const conditionInput = ({ expression, names, values }: Condition) => ({
  ConditionExpression: expression,
  ...(names ? { ExpressionAttributeNames: { ...names } } : {}),
  ...(values ? { ExpressionAttributeValues: { ...values } } : {}),
});

/** Reasons come back in the order of the items. */
function failedConditions(error: unknown): number[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).flatMap((reason, position) =>
    reason.Code === "ConditionalCheckFailed" ? [position] : [],
  );
}

function isPassing(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    return (
      failedConditions(error).length === 0 &&
      (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && passing.has(Code))
    );
  }
  return error instanceof Error && passingErrors.has(error.name);
}
