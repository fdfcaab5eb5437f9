import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export type Connection = { client: DynamoDBClient; documentClient: DynamoDBDocumentClient };

/**
 * Embedded engines want the headers of a signature and check none: making a real one is a fifth of what a request
 * costs this process.
 */
const unsigned = {
  async sign<Request extends { headers: Record<string, string> }>(request: Request) {
    const credential = "Credential=local/20270101/eu-central-1/dynamodb/aws4_request";
    request.headers["x-amz-date"] = "20270101T000000Z";
    request.headers["authorization"] =
      `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`;
    return request;
  },
};

/** AWS gets the caller's own credentials and region. */
export const clientSettings = (endpoint: string) =>
  new URL(endpoint).hostname.endsWith(".amazonaws.com")
    ? { endpoint }
    : {
        endpoint,
        region: "eu-central-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
        signer: unsigned,
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
