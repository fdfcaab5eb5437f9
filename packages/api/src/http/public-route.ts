import type { z } from "zod";
import type { ApiDependencies } from "./context.ts";
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
  readonly respond: (request: {
    readonly deps: ApiDependencies;
    readonly requestId: string;
    readonly header: (name: string) => string | undefined;
    readonly body: () => Promise<string>;
  }) => Promise<Sent>;
}
