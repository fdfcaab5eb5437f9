import type { Permission } from "@concord/core/actor";
import type { ErrorCode } from "@concord/core/error";
import type { RateClass } from "@concord/core/rate-limit";
import type { z } from "zod";
import type { ApiPorts, ApiStore, RouteContext } from "./context.ts";

type Shape = z.ZodType;

/** What a client may do when an answer is lost: repeat, repeat with the same If-Match or key, or ask first. */
export type RetryClass = "safe" | "conditional" | "unsafe";

export interface RouteDefinition<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Answer extends Shape = Shape,
> {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Below `/v1`, with `{name}` for parameters. */
  readonly path: string;
  /** Checked before anything of the request is read; use cases check again, with the object at hand. */
  readonly permission: Permission;
  readonly retry: RetryClass;
  /** Works for a suspended and a closed tenant too: paying, leaving, taking one's data along. */
  readonly standing?: "always";
  /** Open too where the tenant asks for a second factor that the caller has yet to set up. */
  readonly beforeSecondFactor?: "open";
  /** Which of the caller's rate buckets a request takes from. */
  readonly rate: RateClass;
  readonly request: {
    readonly params?: Params;
    /** Lists take `limit` and `cursor` besides. */
    readonly query?: Query;
    readonly body?: Body;
    readonly ifMatch?: "required";
  };
  readonly response: {
    readonly status: 200 | 201 | 202 | 204;
    /** Of a list: the schema of one item. */
    readonly body?: Answer;
    readonly isList?: true;
    /** Another media type than JSON; the body is then text. */
    readonly mediaType?: "text/csv" | "text/html" | "application/x-ndjson";
    /** Of text: what the use case returns and `answer` writes out, so that what is classified is found in it. */
    readonly source?: Shape;
  };
  /** Beyond the ones every route can answer. */
  readonly errors: readonly ErrorCode[];
}

export interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The version If-Match names; 0 where the route takes none. */
  readonly ifVersion: number;
  readonly page: { readonly limit: number; readonly position?: string | undefined };
}

export interface RouteAnswer {
  readonly body?: unknown;
  /** Becomes the strong ETag. */
  readonly version?: number;
  /** Path below `/v1` of what was created. */
  readonly location?: string;
  /** Of a list: where the next page starts. */
  readonly position?: string | undefined;
}

export interface Route<Store = ApiStore, Ports = ApiPorts> {
  readonly definition: RouteDefinition;
  readonly run: (
    ctx: RouteContext<Store, Ports>,
    input: RouteInput<unknown, unknown, unknown>,
  ) => Promise<unknown>;
  readonly answer: (result: unknown, input: RouteInput<unknown, unknown, unknown>) => RouteAnswer;
}

/** Declares an operation; router, OpenAPI document and the test matrices are made from it. */
export const route = <
  Params extends Shape = z.ZodUnknown,
  Query extends Shape = z.ZodUnknown,
  Body extends Shape = z.ZodUnknown,
  Answer extends Shape = z.ZodUnknown,
>(
  definition: RouteDefinition<Params, Query, Body, Answer>,
): RouteDefinition<Params, Query, Body, Answer> => definition;

/**
 * Joins a declaration with the use case it translates to. `answer` turns the use case's result, which
 * for a POST is the state it saved, into the response; it is pure, since a repeat renders it again.
 */
export function on<
  Params extends Shape,
  Query extends Shape,
  Body extends Shape,
  Answer extends Shape,
  Store,
  Ports,
  Result,
>(
  definition: RouteDefinition<Params, Query, Body, Answer>,
  handler: {
    run(
      ctx: RouteContext<Store, Ports>,
      input: RouteInput<z.infer<Params>, z.infer<Query>, z.infer<Body>>,
    ): Promise<Result>;
    answer(
      result: Result,
      input: RouteInput<z.infer<Params>, z.infer<Query>, z.infer<Body>>,
    ): RouteAnswer;
  },
): Route<Store, Ports> {
  return {
    definition,
    run: handler.run as Route<Store, Ports>["run"],
    answer: handler.answer as Route<Store, Ports>["answer"],
  };
}
