import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { engineRequests } from "./request-handler.ts";

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

/** What they make no use of: the first copies every request and answer for a logger that writes nothing. */
const UNUSED = [
  ...["loggerMiddleware", "getUserAgentMiddleware"],
  ...["recursionDetectionMiddleware", "hostHeaderMiddleware"],
];

const isOfAws = (endpoint: string) => new URL(endpoint).hostname.endsWith(".amazonaws.com");

/** AWS gets the caller's own credentials and region. */
export const clientSettings = (endpoint: string) =>
  isOfAws(endpoint)
    ? { endpoint }
    : {
        endpoint,
        region: "eu-central-1",
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
        signer: unsigned,
        requestHandler: engineRequests,
      };

interface Stacked {
  readonly config: object;
  readonly middlewareStack: { remove(name: string): boolean };
}

/**
 * Each request copies the client's configuration three times. It was put together bit by bit, which V8 keeps as a hash
 * table; what becomes a prototype is laid out as an object once more, and a request takes a seventh less CPU.
 */
const laidOut = (config: object): void => {
  Object.create(config);
};

/** The client as the service behind the endpoint needs it. */
export function lean<Client extends Stacked>(client: Client, endpoint: string): Client {
  if (isOfAws(endpoint)) return client;
  for (const name of UNUSED) client.middlewareStack.remove(name);
  laidOut(client.config);
  return client;
}

/** @param more what a test does about repeating, or whose credentials it uses */
export const connectClient = (endpoint: string, more: DynamoDBClientConfig = {}): DynamoDBClient =>
  lean(new DynamoDBClient({ ...clientSettings(endpoint), ...more }), endpoint);

/** One document client per raw client: two would overwrite each other's marshalling options. */
export function connect(endpoint: string): Connection {
  const client = connectClient(endpoint);
  const documentClient = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { client, documentClient };
}
