import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Answer, gatewayAnswer, type HttpResult, toAnswer } from "./http-answer.ts";
import { type HttpEvent, toHttpEvent } from "./http-event.ts";

const MAXIMUM_REQUEST_BYTES = 10 * 1024 * 1024;
const MAXIMUM_RESPONSE_BYTES = 6 * 1024 * 1024;
const TIMEOUT_MILLISECONDS = 29_000;

/** Lambda's context object. */
export type FunctionContext = {
  awsRequestId: string;
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  logGroupName: string;
  logStreamName: string;
  memoryLimitInMB: string;
  getRemainingTimeInMillis: () => number;
};

const FUNCTION = {
  callbackWaitsForEmptyEventLoop: true,
  functionName: "local",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:000000000000:function:local",
  logGroupName: "/aws/lambda/local",
  logStreamName: "local",
  memoryLimitInMB: "1024",
};

export type HttpFunction = (
  event: HttpEvent,
  context: FunctionContext,
) => Promise<HttpResult> | HttpResult;

export type Gateway = {
  /** Without a slash at the end. */
  url: string;
  port: number;
  /** Takes no new connection, and waits for the requests under way. */
  close: () => Promise<void>;
};

export type GatewayOptions = {
  handler: HttpFunction;
  /** A free one is chosen without it. */
  port?: number | undefined;
  /** Routes that exist only here; whoever answers returns true, before the body has been read. */
  extra?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  timeoutMilliseconds?: number;
  now?: () => Date;
  /** Told of errors that the caller only sees as a 500 or 503. */
  onError?: (error: unknown) => void;
};

/** The whole body, or undefined as soon as it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"]) > MAXIMUM_REQUEST_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the request: its connection carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAXIMUM_REQUEST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function invoke(
  event: HttpEvent,
  { handler, timeoutMilliseconds = TIMEOUT_MILLISECONDS, onError }: GatewayOptions,
): Promise<Answer> {
  const deadline = performance.now() + timeoutMilliseconds;
  const context = {
    ...FUNCTION,
    awsRequestId: event.requestContext.requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
  const { promise: timedOut, resolve: timeOut } = Promise.withResolvers<"timed out">();
  const timer = setTimeout(() => timeOut("timed out"), timeoutMilliseconds);
  try {
    const result = await Promise.race([(async () => handler(event, context))(), timedOut]);
    if (result === "timed out") {
      onError?.(new Error(`no answer within ${timeoutMilliseconds} ms`));
      return gatewayAnswer(503, "Service Unavailable");
    }
    const answer = toAnswer(result);
    if (answer.body.length <= MAXIMUM_RESPONSE_BYTES) return answer;
    onError?.(new Error(`the answer has ${answer.body.length} bytes, more than 6 MB`));
  } catch (error) {
    onError?.(error);
  } finally {
    clearTimeout(timer);
  }
  return gatewayAnswer(500, "Internal Server Error");
}

async function answerOf(request: IncomingMessage, options: GatewayOptions): Promise<Answer> {
  const body = await bodyOf(request);
  if (!body) {
    request.resume();
    return gatewayAnswer(413, "Request Entity Too Large");
  }
  let event: HttpEvent;
  try {
    event = toHttpEvent(request, body, options.now?.() ?? new Date());
  } catch {
    return gatewayAnswer(400, "Bad Request");
  }
  return invoke(event, options);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": body.length });
  response.end(body);
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: GatewayOptions,
): Promise<void> {
  try {
    if (await options.extra?.(request, response)) return;
    send(response, await answerOf(request, options));
  } catch (error) {
    options.onError?.(error);
    if (response.headersSent) response.destroy();
    else send(response, gatewayAnswer(500, "Internal Server Error"));
  }
}

/**
 * An HTTP server on the loopback interface that calls a function as API Gateway's HTTP API does: payload format 2.0,
 * 10 MB in (413), 6 MB out (500), 29 seconds (503), a thrown error is a 500.
 *
 * @throws when the port is in use, naming it.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const server = createServer((request, response) => void serve(request, response, options));
  server.listen(options.port ?? 0, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new Error(
        `Port ${options.port} is in use by another program. Stop it, or choose another port.`,
      );
    }
    throw error;
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was assigned");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
