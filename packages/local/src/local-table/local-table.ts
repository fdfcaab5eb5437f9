import {
  CreateTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";

/**
 * The local runtime's own table, apart from the product's: what AWS keeps inside Step Functions and SQS.
 * `due` lists, per kind of work, what is to be done next; an item without `duePk` waits for nobody.
 */
export const localTableDefinition = {
  name: "concord-local",
  keys: { partition: "pk", sort: "sk" },
  dueIndex: { name: "due", partition: "duePk", sort: "dueAt" },
} as const;

/** Creates the table; one that is already there is left as it is. */
export async function createLocalTable(
  client: DynamoDBClient,
  tableName: string = localTableDefinition.name,
): Promise<void> {
  const { keys, dueIndex } = localTableDefinition;
  const schemaOf = ({ partition, sort }: { partition: string; sort: string }) => [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: schemaOf(keys),
        AttributeDefinitions: [keys.partition, keys.sort, dueIndex.partition, dueIndex.sort].map(
          (name) => ({ AttributeName: name, AttributeType: "S" as const }),
        ),
        GlobalSecondaryIndexes: [
          {
            IndexName: dueIndex.name,
            KeySchema: schemaOf(dueIndex),
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        ],
      }),
    );
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  await waitUntilTableExists(
    { client, minDelay: 1, maxDelay: 2, maxWaitTime: 60 },
    { TableName: tableName },
  );
}
