import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { dueKeys, type ItemKey, type LocalTable } from "../local-table/index.ts";

/** A message as stored; `receiveCount` names the receipt, so that a late acknowledgement deletes nothing. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: string;
  readonly receiveCount: number;
}

type Row = Message & ItemKey & { readonly receivedBy?: string; readonly dueAt?: string };

const queuePartition = (queueName: string) => `QUEUE#${queueName}`;
const deadLetterPartition = (queueName: string) => `DEAD-LETTER#${queueName}`;
const sortOf = (messageId: string) => `MESSAGE#${messageId}`;

const messageOf = ({ messageId, body, sentAt, receiveCount }: Row): Message => ({
  messageId,
  body,
  sentAt,
  receiveCount,
});

/** Answers whether the write was made: a failed condition means that another was first. */
async function isMade(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    const isLost =
      error instanceof ConditionalCheckFailedException ||
      (error instanceof TransactionCanceledException &&
        error.CancellationReasons?.some(({ Code }) => Code === "ConditionalCheckFailed"));
    if (isLost) return false;
    throw error;
  }
}

/** The messages of all queues, those that wait or are in flight and those that were given up. */
export function messageStore({ documentClient, tableName }: LocalTable) {
  const itemOf = (queueName: string, message: Message, now: Date) => ({
    pk: queuePartition(queueName),
    sk: sortOf(message.messageId),
    duePk: queuePartition(queueName),
    dueAt: now.toISOString(),
    ...message,
  });

  const isReceipt = ({ receiveCount }: Message) => ({
    ConditionExpression: "#receiveCount = :receiveCount",
    ExpressionAttributeNames: { "#receiveCount": "receiveCount" },
    ExpressionAttributeValues: { ":receiveCount": receiveCount },
  });

  async function* rows(pk: string): AsyncGenerator<Row> {
    const pages = paginateQuery(
      { client: documentClient },
      {
        TableName: tableName,
        KeyConditionExpression: "#pk = :pk",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: { ":pk": pk },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) yield* Items as Row[];
  }

  const move = (from: ItemKey, message: Message, to: Record<string, unknown>) =>
    isMade(
      documentClient.send(
        new TransactWriteCommand({
          TransactItems: [
            {
              Delete: {
                TableName: tableName,
                Key: { pk: from.pk, sk: from.sk },
                ...isReceipt(message),
              },
            },
            { Put: { TableName: tableName, Item: to } },
          ],
        }),
      ),
    );

  return {
    async add(queueName: string, body: string, now: Date): Promise<string> {
      const messageId = randomUUID();
      const message = { messageId, body, sentAt: now.toISOString(), receiveCount: 0 };
      await documentClient.send(
        new PutCommand({ TableName: tableName, Item: itemOf(queueName, message, now) }),
      );
      return messageId;
    },

    visible: (queueName: string, now: Date) =>
      dueKeys({ documentClient, tableName }, queuePartition(queueName), now),

    /** Hides the message until `visibleAt`; `undefined` where another consumer has it. */
    async receive(
      { pk, sk }: ItemKey,
      receivedBy: string,
      now: Date,
      visibleAt: Date,
    ): Promise<Message | undefined> {
      try {
        const { Attributes } = await documentClient.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk, sk },
            UpdateExpression: "SET #dueAt = :visibleAt, #receivedBy = :by ADD #receiveCount :one",
            ConditionExpression: "#dueAt <= :now",
            ExpressionAttributeNames: {
              "#dueAt": "dueAt",
              "#receivedBy": "receivedBy",
              "#receiveCount": "receiveCount",
            },
            ExpressionAttributeValues: {
              ":visibleAt": visibleAt.toISOString(),
              ":by": receivedBy,
              ":now": now.toISOString(),
              ":one": 1,
            },
            ReturnValues: "ALL_NEW",
          }),
        );
        return messageOf(Attributes as Row);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },

    /** Deletes a message that was dealt with, unless it has been received again since. */
    remove: (queueName: string, message: Message) =>
      isMade(
        documentClient.send(
          new DeleteCommand({
            TableName: tableName,
            Key: { pk: queuePartition(queueName), sk: sortOf(message.messageId) },
            ...isReceipt(message),
          }),
        ),
      ),

    /** Shows at once what this consumer received before it died. */
    async release(queueName: string, receivedBy: string, now: Date): Promise<void> {
      for await (const row of rows(queuePartition(queueName))) {
        if (row.receivedBy !== receivedBy || (row.dueAt ?? "") <= now.toISOString()) continue;
        const shown = { ...itemOf(queueName, messageOf(row), now), receivedBy };
        await isMade(
          documentClient.send(
            new PutCommand({ TableName: tableName, Item: shown, ...isReceipt(row) }),
          ),
        );
      }
    },

    /** Into the dead-letter queue, in one transaction. */
    bury: (queueName: string, message: Message) => {
      const sk = sortOf(message.messageId);
      const from = { pk: queuePartition(queueName), sk };
      return move(from, message, { pk: deadLetterPartition(queueName), sk, ...message });
    },

    async deadLetters(queueName: string): Promise<Message[]> {
      const found: Message[] = [];
      for await (const row of rows(deadLetterPartition(queueName))) found.push(messageOf(row));
      return found.toSorted((one, other) => one.sentAt.localeCompare(other.sentAt));
    },

    /** Back into its queue with a new count of receipts. */
    unbury: (queueName: string, message: Message, now: Date) =>
      move(
        { pk: deadLetterPartition(queueName), sk: sortOf(message.messageId) },
        message,
        itemOf(queueName, { ...message, receiveCount: 0 }, now),
      ),
  };
}
