/// <reference path="./undici-agent.d.ts" />
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";

type RequestHandler = DynamoDBClient["config"]["requestHandler"];
type Handled = Awaited<ReturnType<RequestHandler["handle"]>>;

/** As many as the SDK opens to one place. */
const connections = new Agent({ connections: 50 });

/** The SDK asks again after an error of this name, as it does after the codes of a connection that does not come about. */
const asTransient = (error: Error): Error =>
  "code" in error && error.code === "UND_ERR_SOCKET"
    ? Object.assign(error, { name: "TimeoutError" })
    : error;

function answerOf(options: Dispatcher.DispatchOptions): Promise<Handled> {
  const { promise, resolve, reject } = Promise.withResolvers<Handled>();
  const chunks: Buffer[] = [];
  const head = { statusCode: 0, headers: {} as Record<string, string> };
  connections.dispatch(options, {
    onRequestStart: () => undefined,
    onResponseStart(_, statusCode, headers) {
      head.statusCode = statusCode;
      head.headers = headers as Record<string, string>;
    },
    onResponseData(_, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      const [first] = chunks;
      const body = first && chunks.length === 1 ? first : Buffer.concat(chunks);
      resolve({ response: { ...head, body } } as unknown as Handled);
    },
    onResponseError(_, error) {
      reject(asTransient(error));
    },
  });
  return promise;
}

/** Whether anybody at all answers there. */
export const isAnswered = (origin: string): Promise<boolean> =>
  answerOf({ origin, path: "/", method: "GET" }).then(
    () => true,
    () => false,
  );

/**
 * Carries the requests of every SDK client to the engines of this machine, over connections that outlive the clients. A
 * request of `node:http` takes this process a third more CPU, of which tests make millions.
 */
export const engineRequests: RequestHandler = {
  handle: ({ protocol, hostname, port, path, method, headers, body }) =>
    answerOf({
      origin: `${protocol}//${hostname}${port ? `:${port}` : ""}`,
      path,
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
    }),
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
};
