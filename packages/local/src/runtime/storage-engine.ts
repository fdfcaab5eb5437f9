import { setTimeout as wait } from "node:timers/promises";
import { dynamoTable, type Table } from "@concord/storage";
import { tableDefinition } from "@concord/storage/table";
import { type DataFolder, startDurableEngine } from "../data-folder/index.ts";
import { type Connection, connect, createTable, isRunning } from "../engine/index.ts";
import { createLocalTable, type LocalTable, localTableDefinition } from "../local-table/index.ts";
import { type StreamState, sqliteStreamState } from "../stream/index.ts";

export const PRODUCT_TABLE = "concord";

/** The engine with both tables: the product's, and the runtime's own. */
export interface StorageEngine {
  readonly endpoint: string;
  readonly connection: Connection;
  readonly table: Table;
  readonly localTable: LocalTable;
  readonly streamState: StreamState;
  /** Whether the engine's process is gone; false for an endpoint that was given. */
  hasEnded(): boolean;
  stop(): Promise<void>;
}

/** @throws Error that says what to do, where no engine is there, a port is taken or files are damaged */
export async function openStorageEngine(
  folder: DataFolder,
  endpoint: string | undefined,
): Promise<StorageEngine> {
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new Error(
      `DYNAMODB_ENDPOINT is "${endpoint}", which is no address such as http://127.0.0.1:8000.`,
    );
  }
  const streamState = sqliteStreamState(folder.database);
  const engine = await startDurableEngine(folder, { endpoint, consumed: streamState.consumed() });
  try {
    const connection = connect(engine.endpoint);
    await createTable(connection.client, PRODUCT_TABLE, tableDefinition);
    await createLocalTable(connection.client, localTableDefinition.name);
    return {
      endpoint: engine.endpoint,
      connection,
      table: dynamoTable({
        name: PRODUCT_TABLE,
        client: connection.documentClient,
        sleep: (ms) => wait(ms),
        random: Math.random,
      }),
      localTable: {
        documentClient: connection.documentClient,
        tableName: localTableDefinition.name,
      },
      streamState,
      hasEnded: () => engine.process !== undefined && !isRunning(engine.process),
      stop: engine.stop,
    };
  } catch (error) {
    await engine.stop();
    if (endpoint === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The DynamoDB at ${endpoint}, which DYNAMODB_ENDPOINT names, cannot be used: ${reason}. Start it, or unset the variable.`,
    );
  }
}
