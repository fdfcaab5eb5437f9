import { createRequire } from "node:module";
import { testTable } from "../../../packages/local/src/testing/index.ts";

const storage = createRequire(new URL("../../../packages/storage/package.json", import.meta.url));

/** Every row of a test's table as the stream would hand it over. */
export async function marshalled(tableName: string): Promise<object[]> {
  const { ScanCommand } = storage("@aws-sdk/client-dynamodb");
  const { client } = await testTable();
  const answer = await client.send(new ScanCommand({ TableName: tableName }));
  const { Items = [] } = answer as { Items?: object[] };
  return Items.map((item) => JSON.parse(JSON.stringify(item, asText)));
}

/** Binary stands in base64 in an event. */
const asText = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
