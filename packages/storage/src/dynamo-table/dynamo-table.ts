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
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Key } from "../keys/index.ts";
import { backOffWith, failedConditions, MOST_ATTEMPTS, retried, type Waiting } from "./attempts.ts";
import type { Table } from "./contract.ts";
import { countingInto } from "./counter.ts";
import { conditionInput, queryInput, transactItem, updateInput } from "./inputs.ts";
import { type Item, isSameItem } from "./item.ts";
import { itemBytes, type Meter, putUnits, readUnits, touchUnits } from "./meter.ts";

export interface TableOptions extends Waiting {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
}

/** Limits of the service: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MOST_WRITES = 100;
const MOST_KEYS = 100;

export function dynamoTable(options: TableOptions, meters: readonly Meter[] = []): Table {
  const { name, client } = options;
  const count = countingInto(meters);
  const backOff = backOffWith(options);

  /** @param written counts the units of an answer, or of an attempt that has none */
  const writing = <T>(
    attempt: () => Promise<T>,
    written: (answer: T | undefined) => void,
  ): Promise<void> =>
    retried(async () => {
      count.request();
      let answer: T | undefined;
      try {
        answer = await attempt();
      } finally {
        written(answer);
      }
    }, backOff);

  async function stored(key: Key, isConsistent = true): Promise<Item | undefined> {
    count.request();
    const { Item, ConsumedCapacity } = await client.send(
      new GetCommand({
        TableName: name,
        Key: key,
        ConsistentRead: isConsistent,
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    count.requested(ConsumedCapacity, Item ? [Item] : [], isConsistent);
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
      await writing(send, (answer) => count.written(answer?.ConsumedCapacity, units));
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

    get: (key, { consistent = true } = {}) => stored(key, consistent),

    async getAll(keys, { consistent = true } = {}) {
      if (keys.length > MOST_KEYS) {
        throw new Error(`${keys.length} keys in one read; the table takes ${MOST_KEYS}`);
      }
      const found: Item[] = [];
      let wanted: readonly Key[] = keys;
      for (let tries = 0; wanted.length > 0; tries += 1) {
        if (tries >= MOST_ATTEMPTS) throw new Error("keys left unprocessed");
        if (tries > 0) await backOff(tries);
        count.request();
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
        for (const item of items) count.read(readUnits(itemBytes(item), consistent));
        count.read((wanted.length - items.length - rest.length) * readUnits(0, consistent));
        found.push(...items);
        wanted = rest as unknown as readonly Key[];
      }
      return found;
    },

    async query(query) {
      const input = queryInput(query);
      count.request();
      const answer = await client.send(
        new QueryCommand({ TableName: name, ReturnConsumedCapacity: "TOTAL", ...input }),
      );
      const items: Item[] = answer.Items ?? [];
      count.requested(answer.ConsumedCapacity, items, input.ConsistentRead);
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

    async update(update) {
      const changeId = randomUUID();
      let item: Item | undefined;
      try {
        await writing(
          async () => {
            const answer = await client.send(
              new UpdateCommand({
                TableName: name,
                Key: update.key,
                ...updateInput(update, changeId),
                ReturnValues: "ALL_NEW",
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
                ReturnConsumedCapacity: "TOTAL",
              }),
            );
            item = answer.Attributes;
            return answer;
          },
          (answer) => count.written(answer?.ConsumedCapacity, touchUnits({ inTransaction: false })),
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
      const items = writes.map((write) => transactItem(name, write));
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
        await writing(
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
          (answer) => count.written(answer?.ConsumedCapacity?.[0], units),
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
