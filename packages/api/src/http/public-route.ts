import type { ErrorCode } from "@concord/core/error";
import type { z } from "zod";
import type { RequestData } from "./context.ts";
import type { TransportCode } from "./problem.ts";
import type { Sent } from "./run-route.ts";

/** A route that asks for no token; each is listed in the manifest by name. */
export interface PublicRoute {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly method: "get" | "post";
  /** The whole path. */
  readonly path: string;
  readonly request?: { readonly body: z.ZodType };
  readonly response: {
    readonly status: 200;
    readonly body: z.ZodType;
    readonly mediaType?: string;
  };
  /** Beyond the ones every route can answer. */
  readonly errors: readonly (ErrorCode | TransportCode)[];
  /** Members that the problem of a code has besides the ones every problem has. */
  readonly problemMembers?: Partial<Record<ErrorCode, z.ZodType>>;
  readonly respond: (request: {
    readonly data: RequestData;
    readonly requestId: string;
    readonly header: (name: string) => string | undefined;
    readonly body: () => Promise<string>;
  }) => Promise<Sent>;
}
