import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  paginateScan,
} from "@aws-sdk/lib-dynamodb";
import { connectClient } from "@concord/local/testing";

export type Item = Readonly<Record<string, unknown>>;

/** The tables of a runtime that runs, past everything that guards them. */
export interface RawTables {
  /** Every row of the product's table. */
  rows(): Promise<readonly Item[]>;
  put(item: Item): Promise<void>;
  remove(item: Item): Promise<void>;
  /** What the runtime's own table holds that is not ended: messages, dead letters, executions. */
  unfinished(): Promise<readonly string[]>;
}

/** @param folder whose runtime runs in this process */
export function rawTables(folder: string): RawTables {
  const { engine } = JSON.parse(readFileSync(join(folder, "runtime.json"), "utf8"));
  const client = DynamoDBDocumentClient.from(connectClient(`http://127.0.0.1:${engine.port}`));
  const all = async (TableName: string): Promise<Item[]> => {
    const found: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
      found.push(...Items);
    }
    return found;
  };
  const TableName = "concord";
  return {
    rows: () => all(TableName),
    put: async (Item) => void (await client.send(new PutCommand({ TableName, Item }))),
    remove: async ({ pk, sk }) =>
      void (await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }))),
    unfinished: async () =>
      (await all("concord-local"))
        .filter(({ pk, status }) => !String(pk).startsWith("EXECUTION#") || status === "RUNNING")
        .map(({ pk, sk }) => `${pk} ${sk}`),
  };
}
