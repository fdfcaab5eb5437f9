import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export type Connection = { client: DynamoDBClient; documentClient: DynamoDBDocumentClient };

/** Embedded engines accept any signature; AWS gets the caller's own credentials and region. */
export const clientSettings = (endpoint: string) =>
  new URL(endpoint).hostname.endsWith(".amazonaws.com")
    ? { endpoint }
    : {
        endpoint,
        region: "eu-central-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      };

/** One document client per raw client: two would overwrite each other's marshalling options. */
export function connect(endpoint: string): Connection {
  const client = new DynamoDBClient(clientSettings(endpoint));
  // It copies every request and answer for a logger that writes nothing.
  client.middlewareStack.remove("loggerMiddleware");
  const documentClient = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { client, documentClient };
}
