import { randomUUID } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { tableDefinition } from "@concord/storage/table";
import { type Connection, connect, createTable, startEngine } from "../engine/index.ts";

export { isJavaThere } from "../engine/index.ts";

export type TestTable = {
  client: DynamoDBClient;
  documentClient: DynamoDBDocumentClient;
  tableName: string;
};

type TestEngine = "dynoxide" | "dynamodb-local";

const running = new Map<TestEngine | undefined, Promise<Connection & { endpoint: string }>>();

async function start(kind: TestEngine | undefined) {
  const { endpoint } = await startEngine({ kind });
  return { ...connect(endpoint), endpoint };
}

/**
 * A fresh, empty table of the deployed shape, in an in-memory engine that all tests of this worker process use and
 * that ends with the process. Without `engine`, the one that `resolveEngine` finds first.
 */
export async function testTable({
  engine,
}: {
  engine?: TestEngine;
} = {}): Promise<TestTable & { endpoint: string }> {
  const starting = running.get(engine) ?? start(engine);
  running.set(engine, starting);
  const connection = await starting;
  const tableName = `test-${randomUUID()}`;
  await createTable(connection.client, tableName, tableDefinition);
  return { ...connection, tableName };
}
