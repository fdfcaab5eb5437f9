import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

type KeyNames = { readonly partition: string; readonly sort: string };

export type TableDefinition = {
  readonly keys: KeyNames;
  readonly indexes: Readonly<Record<string, KeyNames>>;
  readonly timeToLive: string;
  readonly streamView: "NEW_AND_OLD_IMAGES";
};

const schemaOf = ({ partition, sort }: KeyNames) => [
  { AttributeName: partition, KeyType: "HASH" as const },
  { AttributeName: sort, KeyType: "RANGE" as const },
];

/**
 * Creates the table as it is deployed: keys, indexes, stream, on-demand capacity, time to live. A table that is
 * already there is left as it is. Engines without time to live are accepted: readers check expiry themselves.
 */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  { keys, indexes, timeToLive, streamView }: TableDefinition,
): Promise<void> {
  const all = [keys, ...Object.values(indexes)].flatMap((key) => [key.partition, key.sort]);
  try {
    const { TableDescription } = await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: schemaOf(keys),
        AttributeDefinitions: [...new Set(all)].map((attribute) => ({
          AttributeName: attribute,
          AttributeType: "S" as const,
        })),
        GlobalSecondaryIndexes: Object.entries(indexes).map(([indexName, key]) => ({
          IndexName: indexName,
          KeySchema: schemaOf(key),
          Projection: { ProjectionType: "ALL" as const },
        })),
        StreamSpecification: { StreamEnabled: true, StreamViewType: streamView },
      }),
    );
    if (TableDescription?.TableStatus !== "ACTIVE") {
      await waitUntilTableExists(
        { client, minDelay: 1, maxDelay: 2, maxWaitTime: 60 },
        { TableName: name },
      );
    }
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLive },
    }),
  );
}
