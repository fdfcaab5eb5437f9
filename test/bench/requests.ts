import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import { createAppHandler } from "@concord/api";
import { mintIds } from "@concord/core/id";
import { defaultLimits } from "@concord/core/rate-limit";
import {
  ACME,
  NOON,
  TEST_PASSWORD,
  type TestApi,
  testApi,
  testPartnership,
  testTable,
} from "@concord/local/testing";
import { connectTable, openRequestStores, type Table } from "@concord/storage";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { cpuBesideAsync, type Ratio } from "./ratio.ts";

const TIMES = 200;

/** An event of an HTTP API, payload format 2.0. */
const eventOf = (path: string, token: string) => ({
  ...{ version: "2.0", routeKey: "$default", rawPath: path, rawQueryString: "" },
  headers: { host: "api.concord.test", authorization: `Bearer ${token}` },
  requestContext: {
    ...{ accountId: "anonymous", apiId: "local", authentication: null, authorizer: {} },
    ...{ domainName: "api.concord.test", domainPrefix: "api", requestId: "r" },
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "bench" },
    ...{ routeKey: "$default", stage: "$default", time: "", timeEpoch: 0 },
  },
  isBase64Encoded: false,
});
type Handler = ReturnType<typeof createAppHandler>;
type Event = Parameters<Handler>[0];

interface Answered {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer;
}
interface Sent {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** Asks the engine once for each request, and from then on answers from memory: the same stub for both sides. */
function stubbedClient(endpoint: string): { client: DynamoDBClient; sent: Sent[] } {
  const settings = {
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const { requestHandler } = new DynamoDBClient(settings).config;
  const known = new Map<string, Answered>();
  const sent: Sent[] = [];
  const client = new DynamoDBClient({
    ...settings,
    requestHandler: {
      ...{ metadata: { handlerProtocol: "http/1.1" }, destroy: () => undefined },
      ...{ updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) },
      async handle(request: Parameters<typeof requestHandler.handle>[0], options: object) {
        const { headers, body } = request as unknown as Sent;
        const key = `${headers["x-amz-target"]} ${Buffer.from(body).toString()}`;
        let answered = known.get(key);
        if (!answered) {
          sent.push({ headers, body });
          const { response } = await requestHandler.handle(request, options);
          const chunks: Buffer[] = [];
          for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
          const { statusCode } = response;
          answered = { statusCode, headers: response.headers, bytes: Buffer.concat(chunks) };
          known.set(key, answered);
        }
        const { statusCode, bytes } = answered;
        // The SDK takes bytes that are there as they are.
        return { response: { statusCode, headers: answered.headers, body: bytes } };
      },
    } as never,
  });
  return { client, sent };
}

/** The same for requests to the table itself: what is left is no I/O at all. */
function rememberedTable(table: Table): Table {
  const known = new Map<string, unknown>();
  const once = <Args extends unknown[], Result>(
    name: string,
    ask: (...args: Args) => Promise<Result>,
  ) => {
    return async (...args: Args): Promise<Result> => {
      const key = JSON.stringify([name, args]);
      if (!known.has(key)) known.set(key, await ask(...args));
      return known.get(key) as Result;
    };
  };
  const remembered: Table = {
    ...table,
    get: once("get", table.get),
    getAll: once("getAll", table.getAll),
    query: once("query", table.query),
    metered: () => remembered,
  };
  return remembered;
}

const handlerOver = ({ issuer }: TestApi, table: Table): Handler =>
  createAppHandler({
    ...{ openStores: (opened) => openRequestStores(table, opened), issuer },
    limits: { ...defaultLimits, read: { burst: 1e9, emissionMilliseconds: 1, lease: 1e9 } },
    cursorSecret: new TextEncoder().encode("the cursor secret of this bench, all of it"),
    allowedOrigins: [],
    now: () => NOON,
    wallNow: () => NOON,
    mint: mintIds(() => NOON.getTime(), Math.random),
    log: () => undefined,
    checksAnswers: false,
    ports: {
      ...{ auditKeys: [], newSecret: () => "", downloads: { urlOf: async () => "" } },
      uploads: { targetOf: async () => Promise.reject(new Error("nothing is uploaded here")) },
    },
  });

/** Bare hono, with the same requests to the table before it answers the same text. */
function bare(text: string, ask: () => Promise<unknown>): Handler {
  const app = new Hono();
  const body = JSON.parse(text) as object;
  app.get("*", async (c) => {
    await ask();
    return c.json(body);
  });
  return handle(app);
}

const commands: Readonly<Record<string, new (input: never) => unknown>> = {
  GetItem: GetCommand,
  Query: QueryCommand,
  BatchGetItem: BatchGetCommand,
};

/** B5 and B6 of the targets, for a small read and for the live scorecard with its explanation. */
export async function requestRatios(): Promise<readonly Ratio[]> {
  const api = await testApi();
  const { partner } = await testPartnership(api.store, ACME);
  const { endpoint, tableName: _ } = await testTable();
  const name = api.store.table.name;
  const token = await api.logIn("owner@acme.test", TEST_PASSWORD);
  const ratios: Ratio[] = [];
  const paths = {
    "a partner": `/v1/partners/${partner.partnerId}`,
    "a live scorecard, explained": `/v1/partners/${partner.partnerId}/scorecards/2027-Q1?explain=true`,
  };
  for (const [what, address] of Object.entries(paths)) {
    const [path = "", query = ""] = address.split("?");
    const event = { ...eventOf(path, token), rawQueryString: query } as unknown as Event;
    const call = (handler: Handler) => async () => {
      const answer = (await handler(event)) as { statusCode: number; body: string };
      if (answer.statusCode !== 200) throw new Error(`${what}: ${answer.body}`);
      return answer.body;
    };
    const place = { name, sleep: async () => undefined, random: () => 0.5 };
    const wire = stubbedClient(endpoint);
    const full = call(handlerOver(api, connectTable(wire.client, place)));
    await full();
    wire.sent.length = 0;
    // What a warm instance asks for: keys, programs and rules are known by now. Leases and sessions are not asked twice.
    const again = stubbedClient(endpoint);
    const warm = call(handlerOver(api, connectTable(again.client, place)));
    await warm();
    const first = again.sent.length;
    const text = await warm();
    const asked = requestsOfOne(again, warm);
    const raw = DynamoDBDocumentClient.from(stubbedClient(endpoint).client);
    const inputs = await asked;
    const inner = async () => {
      for (const { command, input } of inputs) {
        const Command = commands[command];
        if (!Command) throw new Error(`${command} is no read`);
        await raw.send(new Command(input as never) as never);
      }
    };
    const beside = await cpuBesideAsync(warm, call(bare(text, inner)), TIMES);
    const { share, ...measured } = beside;
    ratios.push({
      ...{ id: "B5", what: `${what}: ${inputs.length} requests of ${first} cold`, ...measured },
      ...{ ratio: share, gate: 1.25, isCeiling: true },
    });
    const inside = call(handlerOver(api, rememberedTable(api.store.table)));
    await inside();
    const alone = await cpuBesideAsync(inside, call(bare(text, async () => undefined)), TIMES);
    const { share: own, ...outside } = alone;
    ratios.push({
      ...{ id: "B6", what: `${what}, outside of I/O`, ...outside },
      ...{ ratio: own, gate: 4, isCeiling: true },
    });
  }
  return ratios;
}

/** What one warm request asks the table, by listening below the SDK. */
async function requestsOfOne(
  { client }: { readonly client: DynamoDBClient },
  run: () => Promise<unknown>,
): Promise<{ command: string; input: unknown }[]> {
  const inputs: { command: string; input: unknown }[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      inputs.push({
        command: String(context.commandName).replace(/Command$/, ""),
        input: args.input,
      });
      return next(args);
    },
    { step: "initialize", priority: "high", name: "inputs" },
  );
  await run();
  client.middlewareStack.remove("inputs");
  return inputs;
}
