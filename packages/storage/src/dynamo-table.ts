import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type ConsumedCapacity,
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
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Condition } from "./condition.ts";
import { type Item, isSameItem } from "./item.ts";
import type { Key } from "./keys/index.ts";
import { itemBytes, type Meter, putUnits, readUnits, touchUnits } from "./meter.ts";
import { tableDefinition } from "./table.ts";

export type { Item } from "./item.ts";

export type Write =
  | { readonly put: Item; readonly condition: Condition }
  | { readonly remove: Key; readonly condition: Condition }
  /** Changes attributes of a row, made where none is; names and values stand in the condition. */
  | { readonly update: Key; readonly expression: string; readonly condition: Condition }
  | { readonly check: Key; readonly condition: Condition };

/** A change of single attributes, for rows whose next value the table alone can know. */
export interface Update {
  readonly key: Key;
  readonly set: Item;
  /** Added to the numbers that are there; the condition makes sure they are. */
  readonly add?: Readonly<Record<string, number>>;
  readonly condition: Condition;
}

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
  /**
   * @returns false where the condition failed and nothing was written. Where an answer was lost and
   * the repeat finds exactly this item stored, it was written.
   */
  put(item: Item, condition: Condition): Promise<boolean>;
  /**
   * @returns false where the condition failed and nothing was removed. Where an answer was lost and
   * the repeat finds no item, it was removed.
   */
  remove(key: Key, condition: Condition): Promise<boolean>;
  /**
   * Changes attributes of one row, or makes the row. Each update leaves a mark in it (`changeId`), so
   * that a repeat after a lost answer finds itself applied; only where another update came in
   * between is it applied a second time.
   * @returns the row as it is now, whether or not the condition held.
   */
  update(update: Update): Promise<{ readonly isApplied: boolean; readonly item: Item | undefined }>;
  /**
   * All or nothing, at most 100 writes. Conflicts and throttling are retried with jitter; a lost
   * answer is asked for again under the same client token, so that nothing is applied twice.
   * @returns the positions of the writes whose condition failed; empty when committed.
   */
  transact(writes: readonly Write[]): Promise<readonly number[]>;
  /** Waits as long as suits this attempt (from 1) at something that others overtake: drawn, and longer each time. */
  pause(attempt: number): Promise<void>;
  /**
   * Asked before rows of a partition are handed on that an earlier request read in this way.
   * @throws EgressRefused where the table serves another tenant
   */
  permits(how: "get" | "getAll" | "query", pk: string): void;
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
/** Limits of the service: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MOST_WRITES = 100;
const MOST_KEYS = 100;
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

  /** Units as the service reports them; what it does not report is computed. */
  const countWritten = (reported: ConsumedCapacity | undefined, computed: number) => {
    if (reported?.CapacityUnits === undefined) return countWrite(computed);
    // A transaction that is asked for again under its token reads what it wrote.
    const read = reported.ReadCapacityUnits ?? 0;
    countRead(read);
    countWrite(reported.WriteCapacityUnits ?? reported.CapacityUnits - read);
  };
  const countRequested = (
    reported: ConsumedCapacity | undefined,
    items: readonly Item[],
    isConsistent: boolean,
  ) =>
    countRead(
      reported?.CapacityUnits ??
        readUnits(
          items.reduce((sum, item) => sum + itemBytes(item), 0),
          isConsistent,
        ),
    );
  const backOff = (tries: number) =>
    sleep(random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** tries));

  /** Bounded, with full jitter; a failed condition is an answer and never retried. */
  async function retried<T extends { ConsumedCapacity?: unknown }>(
    attempt: () => Promise<T>,
    count: (answer: T | undefined) => void,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      request();
      try {
        count(await attempt());
        return;
      } catch (error) {
        count(undefined);
        if (tries >= TRANSACTION_ATTEMPTS || !isPassing(error)) throw error;
        await backOff(tries);
      }
    }
  }

  async function stored(key: Key): Promise<Item | undefined> {
    request();
    const { Item, ConsumedCapacity } = await client.send(
      new GetCommand({
        TableName: name,
        Key: key,
        ConsistentRead: true,
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    countRequested(ConsumedCapacity, Item ? [Item] : [], true);
    return Item;
  }

  /** @param wasApplied whether the table looks as an attempt whose answer was lost would have left it */
  async function conditional(
    write: () => Promise<{ ConsumedCapacity?: ConsumedCapacity | undefined }>,
    units: number,
    wasApplied: () => Promise<boolean>,
  ): Promise<boolean> {
    let sent = 0;
    const send = () => {
      sent += 1;
      return write();
    };
    try {
      await retried(send, (answer) => countWritten(answer?.ConsumedCapacity, units));
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // An answer may have been lost in this sending, by the SDK's count, or in one before a conflict.
      const isFirst = sent === 1 && (error.$metadata.attempts ?? 1) === 1;
      return !isFirst && (await wasApplied());
    }
  }

  return {
    name,
    pause: backOff,
    permits: () => undefined,

    async get(key, { consistent = true } = {}) {
      if (consistent) return stored(key);
      request();
      const { Item, ConsumedCapacity } = await client.send(
        new GetCommand({ TableName: name, Key: key, ReturnConsumedCapacity: "TOTAL" }),
      );
      countRequested(ConsumedCapacity, Item ? [Item] : [], false);
      return Item;
    },

    async getAll(keys, { consistent = true } = {}) {
      if (keys.length > MOST_KEYS) {
        throw new Error(`${keys.length} keys in one read; the table takes ${MOST_KEYS}`);
      }
      const found: Item[] = [];
      let wanted: readonly Key[] = keys;
      for (let tries = 0; wanted.length > 0; tries += 1) {
        if (tries >= TRANSACTION_ATTEMPTS) throw new Error("keys left unprocessed");
        if (tries > 0) await backOff(tries);
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
        // Computed: one engine does not report the unit that a missing item costs.
        for (const item of items) countRead(readUnits(itemBytes(item), consistent));
        countRead((wanted.length - items.length - rest.length) * readUnits(0, consistent));
        found.push(...items);
        wanted = rest as unknown as readonly Key[];
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
          ReturnConsumedCapacity: "TOTAL",
          ScanIndexForward: order === "ascending",
          ConsistentRead: isConsistent,
          ...(limit === undefined ? {} : { Limit: limit }),
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        }),
      );
      const items: Item[] = answer.Items ?? [];
      countRequested(answer.ConsumedCapacity, items, isConsistent);
      return answer.LastEvaluatedKey ? { items, last: answer.LastEvaluatedKey } : { items };
    },

    put: (item, condition) =>
      conditional(
        () =>
          client.send(
            new PutCommand({
              TableName: name,
              Item: item,
              ReturnConsumedCapacity: "TOTAL",
              ...conditionInput(condition),
            }),
          ),
        putUnits(item, { inTransaction: false }),
        async () => isSameItem(await stored(keyOf(item)), item),
      ),

    remove: (key, condition) =>
      conditional(
        () =>
          client.send(
            new DeleteCommand({
              TableName: name,
              Key: key,
              ReturnConsumedCapacity: "TOTAL",
              ...conditionInput(condition),
            }),
          ),
        touchUnits({ inTransaction: false }),
        async () => (await stored(key)) === undefined,
      ),

    async update({ key, set, add = {}, condition }) {
      const changeId = randomUUID();
      const changed = { ...set, changeId };
      const names = [...Object.keys(changed), ...Object.keys(add)];
      const assignments = [
        ...Object.keys(changed).map((name) => `#${name} = :${name}`),
        ...Object.keys(add).map((name) => `#${name} = #${name} + :${name}`),
      ];
      let item: Item | undefined;
      try {
        await retried(
          async () => {
            const answer = await client.send(
              new UpdateCommand({
                TableName: name,
                Key: key,
                UpdateExpression: `SET ${assignments.join(", ")}`,
                ConditionExpression: `(${condition.expression}) AND (attribute_not_exists(#changeId) OR #changeId <> :changeId)`,
                ExpressionAttributeNames: {
                  ...condition.names,
                  ...Object.fromEntries(names.map((attribute) => [`#${attribute}`, attribute])),
                },
                ExpressionAttributeValues: {
                  ...condition.values,
                  ...Object.fromEntries(
                    Object.entries({ ...changed, ...add }).map(([attribute, value]) => [
                      `:${attribute}`,
                      value,
                    ]),
                  ),
                },
                ReturnValues: "ALL_NEW",
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
                ReturnConsumedCapacity: "TOTAL",
              }),
            );
            item = answer.Attributes;
            return answer;
          },
          (answer) => countWritten(answer?.ConsumedCapacity, touchUnits({ inTransaction: false })),
        );
        return { isApplied: true, item };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const found = error.Item && unmarshall(error.Item);
        return { isApplied: found?.["changeId"] === changeId, item: found };
      }
    },

    async transact(writes) {
      if (writes.length > MOST_WRITES) {
        throw new Error(
          `${writes.length} writes in one transaction; the table takes ${MOST_WRITES}`,
        );
      }
      const items: TransactWriteCommandInput["TransactItems"] = writes.map((write) => {
        const condition = conditionInput(write.condition);
        if ("put" in write) return { Put: { TableName: name, Item: write.put, ...condition } };
        if ("update" in write) {
          const UpdateExpression = write.expression;
          return { Update: { TableName: name, Key: write.update, UpdateExpression, ...condition } };
        }
        if ("remove" in write)
          return { Delete: { TableName: name, Key: write.remove, ...condition } };
        return { ConditionCheck: { TableName: name, Key: write.check, ...condition } };
      });
      const units = writes.reduce(
        (sum, write) =>
          sum +
          ("put" in write
            ? putUnits(write.put, { inTransaction: true })
            : touchUnits({ inTransaction: true })),
        0,
      );
      let token = randomUUID();
      try {
        await retried(
          async () => {
            try {
              return await client.send(
                new TransactWriteCommand({
                  TransactItems: items,
                  ClientRequestToken: token,
                  ReturnConsumedCapacity: "TOTAL",
                }),
              );
            } catch (error) {
              // Only a cancelled transaction is known not to be applied; any other keeps its token.
              if (error instanceof TransactionCanceledException) token = randomUUID();
              throw error;
            }
          },
          (answer) => countWritten(answer?.ConsumedCapacity?.[0], units),
        );
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

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

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
