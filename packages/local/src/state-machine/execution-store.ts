import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { dueKeys, type LocalTable } from "../local-table/index.ts";
import type { Execution } from "./execution.ts";

const DUE = "EXECUTION";
const SORT = "EXECUTION";
const keyOf = (executionArn: string) => ({ pk: `EXECUTION#${executionArn}`, sk: SORT });

/** An execution and the revision it was read at. */
export interface Stored {
  readonly execution: Execution;
  readonly revision: number;
}

export interface ExecutionStore {
  /** `undefined` where an execution of this name exists, running or closed. */
  create(execution: Execution): Promise<Stored | undefined>;
  get(executionArn: string): Promise<Stored | undefined>;
  /** The whole transition in one write; `undefined` where another came first. */
  save(current: Stored, next: Execution): Promise<Stored | undefined>;
  due(now: Date): Promise<string[]>;
}

/** One item per execution, replaced by every transition under the condition that nobody else made one. */
export function executionStore(table: LocalTable): ExecutionStore {
  const put = async (execution: Execution, revision: number): Promise<Stored | undefined> => {
    const due = execution.status === "RUNNING" ? { duePk: DUE, dueAt: execution.dueAt } : {};
    try {
      await table.documentClient.send(
        new PutCommand({
          TableName: table.tableName,
          Item: {
            ...keyOf(execution.executionArn),
            ...due,
            revision,
            status: execution.status,
            document: JSON.stringify(execution),
          },
          ...(revision === 1
            ? { ConditionExpression: "attribute_not_exists(pk)" }
            : {
                ConditionExpression: "#revision = :previous",
                ExpressionAttributeNames: { "#revision": "revision" },
                ExpressionAttributeValues: { ":previous": revision - 1 },
              }),
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
    return { execution, revision };
  };

  return {
    create: (execution) => put(execution, 1),

    async get(executionArn) {
      const { Item } = await table.documentClient.send(
        new GetCommand({
          TableName: table.tableName,
          Key: keyOf(executionArn),
          ConsistentRead: true,
        }),
      );
      if (Item === undefined) return undefined;
      return { execution: JSON.parse(Item["document"]), revision: Item["revision"] };
    },

    save: ({ revision }, next) => put(next, revision + 1),

    async due(now) {
      const arns: string[] = [];
      for await (const { pk } of dueKeys(table, DUE, now)) arns.push(pk.slice("EXECUTION#".length));
      return arns;
    },
  };
}

/**
 * Reads, decides and saves until no other transition came between. `decide` answers `undefined` where there is nothing
 * left to change.
 */
export async function change(
  store: ExecutionStore,
  executionArn: string,
  decide: (execution: Execution | undefined) => Promise<Execution | undefined>,
): Promise<Execution | undefined> {
  for (;;) {
    const current = await store.get(executionArn);
    const next = await decide(current?.execution);
    if (next === undefined || current === undefined) return undefined;
    if ((await store.save(current, next)) !== undefined) return next;
  }
}
