import type { OutgoingHttpHeaders } from "node:http";

/** What a function may return: the full form, or any JSON value, which the gateway takes as the body of a 200. */
export type HttpResult =
  | {
      statusCode: number;
      headers?: Record<string, string | number | boolean> | undefined;
      cookies?: string[] | undefined;
      body?: string | undefined;
      isBase64Encoded?: boolean | undefined;
    }
  | string
  | object
  | undefined;

export type Answer = { status: number; headers: OutgoingHttpHeaders; body: Buffer };

/** The gateway's own answers have this shape. */
export const gatewayAnswer = (status: number, message: string): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ message })),
});

/** Translates what the function returned, payload format 2.0. */
export function toAnswer(result: HttpResult): Answer {
  if (typeof result !== "object" || !("statusCode" in result)) {
    const text = typeof result === "string" ? result : JSON.stringify(result ?? null);
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: Buffer.from(text),
    };
  }
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    headers[name.toLowerCase()] = `${value}`;
  }
  if (result.cookies?.length) headers["set-cookie"] = result.cookies;
  const body = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
  if (body.length > 0) headers["content-type"] ??= "text/plain;charset=UTF-8";
  return { status: result.statusCode, headers, body };
}
