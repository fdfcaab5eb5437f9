import { type DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { localTableDefinition } from "./local-table.ts";

/** Where the local runtime's own items lie. */
export interface LocalTable {
  readonly documentClient: DynamoDBDocumentClient;
  readonly tableName: string;
}

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Keys of all items of one kind that are due at `now`, the longest due first. */
export async function* dueKeys(
  { documentClient, tableName }: LocalTable,
  kind: string,
  now: Date,
): AsyncGenerator<ItemKey> {
  const pages = paginateQuery(
    { client: documentClient },
    {
      TableName: tableName,
      IndexName: localTableDefinition.dueIndex.name,
      KeyConditionExpression: "#duePk = :kind AND #dueAt <= :now",
      ExpressionAttributeNames: { "#duePk": "duePk", "#dueAt": "dueAt" },
      ExpressionAttributeValues: { ":kind": kind, ":now": now.toISOString() },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk, sk } of Items) yield { pk: String(pk), sk: String(sk) };
  }
}
