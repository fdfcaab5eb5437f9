import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What API Gateway's HTTP API hands to a function, payload format 2.0. */
export type HttpEvent = {
  version: "2.0";
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  cookies?: string[];
  headers: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  requestContext: {
    accountId: string;
    apiId: string;
    authentication: null;
    authorizer: Record<string, never>;
    domainName: string;
    domainPrefix: string;
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
    requestId: string;
    routeKey: string;
    stage: string;
    time: string;
    timeEpoch: number;
  };
  body: string | null;
  isBase64Encoded: boolean;
};

const TEXT =
  /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|[\w.-]+\+(json|xml))\b)/i;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const twoDigits = (value: number) => `${value}`.padStart(2, "0");

/** As in access logs: `12/Mar/2027:19:03:58 +0000`. */
function logTime(at: Date): string {
  const day = [twoDigits(at.getUTCDate()), MONTHS[at.getUTCMonth()], at.getUTCFullYear()].join("/");
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(twoDigits).join(":");
  return `${day}:${time} +0000`;
}

/** Repeated headers are joined with commas; cookies leave the headers for a list of their own. */
function headersOf(rawHeaders: readonly string[]) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter(Boolean));
    else headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  return { headers, cookies };
}

function queryOf(search: URLSearchParams): Record<string, string> {
  const keys = new Set(search.keys());
  return Object.fromEntries([...keys].map((key) => [key, search.getAll(key).join(",")]));
}

/**
 * The event of a request. The path is decoded, as the gateway does.
 *
 * @throws URIError when the path is not validly encoded.
 */
export function toHttpEvent(request: IncomingMessage, body: Buffer, at: Date): HttpEvent {
  const target = request.url ?? "/";
  const questionMark = target.indexOf("?");
  const path = decodeURIComponent(questionMark < 0 ? target : target.slice(0, questionMark));
  const rawQueryString = questionMark < 0 ? "" : target.slice(questionMark + 1);
  const query = queryOf(new URLSearchParams(rawQueryString));
  const { headers, cookies } = headersOf(request.rawHeaders);
  const isText = body.length === 0 || TEXT.test(headers["content-type"] ?? "");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      authentication: null,
      authorizer: {},
      domainName: headers["host"] ?? "localhost",
      domainPrefix: "local",
      http: {
        method: request.method ?? "GET",
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: logTime(at),
      timeEpoch: at.getTime(),
    },
    body: body.length > 0 ? body.toString(isText ? "utf8" : "base64") : null,
    isBase64Encoded: !isText,
  };
}
