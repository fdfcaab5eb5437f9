import type { ErrorCode } from "@concord/core/error";
import type { z } from "zod";
import type { RequestData } from "./context.ts";
import type { TransportCode } from "./problem.ts";
import type { Sent } from "./run-route.ts";

/** A request of somebody who has shown no token. */
export interface PublicRequest<Ports> {
  readonly data: RequestData<Ports>;
  readonly requestId: string;
  readonly header: (name: string) => string | undefined;
  /** Address of the client as the gateway tells it; empty where there is none. */
  readonly clientAddress: string;
  readonly params: Readonly<Record<string, string>>;
  /** Each given once. @throws DomainError request-invalid */
  readonly query: () => Readonly<Record<string, string>>;
  /** Text of a JSON body. @throws TransportFailure of another type or too large */
  readonly body: () => Promise<string>;
  /** A body of any type, byte by byte. @throws TransportFailure too large */
  readonly rawBody: () => Promise<Uint8Array>;
}

/** A route that asks for no token; each is listed in the manifest by name. */
export interface PublicRoute<Ports = unknown> {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly method: "get" | "post";
  /** The whole path, with `{name}` for parameters. */
  readonly path: string;
  readonly request?: {
    readonly params?: z.ZodType;
    readonly query?: z.ZodType;
    readonly body?: z.ZodType;
    /** Another media type than JSON: the body is read as bytes. */
    readonly mediaType?: string;
  };
  readonly response: {
    readonly status: 200 | 201 | 202 | 204 | 303;
    readonly body?: z.ZodType;
    readonly mediaType?: string;
  };
  /**
   * `guess`: its use case counts guesses at secrets by account and network. `token`: it takes a secret of
   * 256 bits, which no number of guesses finds. `open`: the same for everybody. For the last two the
   * gateway's own throttle is the limit.
   */
  readonly rate: "guess" | "token" | "open";
  /** Beyond the ones every route can answer. */
  readonly errors: readonly (ErrorCode | TransportCode)[];
  /** Members that the problem of a code has besides the ones every problem has. */
  readonly problemMembers?: Partial<Record<ErrorCode, z.ZodType>>;
  readonly respond: (request: PublicRequest<Ports>) => Promise<Sent>;
}

/** A JSON answer of a public route. */
export const jsonAnswer = (
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Sent => ({
  status,
  headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(body),
});
