import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Table } from "./contract.ts";
import { dynamoTable, type TableOptions } from "./dynamo-table.ts";

/** The table over a raw client. One call per client: two would overwrite each other's marshalling options. */
export const connectTable = (
  client: DynamoDBClient,
  options: Omit<TableOptions, "client">,
): Table => {
  // It copies every request and answer for a logger that writes nothing.
  client.middlewareStack.remove("loggerMiddleware");
  return dynamoTable({
    ...options,
    client: DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    }),
  });
};
