import { randomUUID } from "node:crypto";
import { DomainError, raise } from "@concord/core/error";
import type { Admission, RateClass } from "@concord/core/rate-limit";
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { actorId } from "../auth/actor-id.ts";
import type { ApiDependencies, ApiStore, Principal, RequestData } from "./context.ts";
import { headersOf, problemOf, TransportFailure } from "./problem.ts";
import type { PublicRoute } from "./public-route.ts";
import { rateHeaders } from "./rate-limit.ts";
import type { Route } from "./route.ts";
import { runRoute, type Sent } from "./run-route.ts";

const MAX_BODY_BYTES = 1_000_000;

interface RequestState<Ports = unknown> {
  readonly requestId: string;
  readonly startedAt: number;
  readonly data: RequestData<Ports>;
  pattern: string;
  principal?: Principal;
  failure?: unknown;
  /** Of a route behind a token, once the limiter has been asked. */
  rate?: { readonly rateClass: RateClass; readonly admission: Admission | undefined };
}
interface Env<Ports = unknown> {
  /** What API Gateway tells of the request beside the request itself; absent where there is no gateway. */
  Bindings: { requestContext?: { http?: { sourceIp?: string } } };
  Variables: { state: RequestState<Ports> };
}

/** What one function answers; `Ports` are what its routes have beside the tenant's data. */
export interface Manifest<Ports> {
  readonly routes: readonly Route<ApiStore, Ports>[];
  readonly publicRoutes: readonly PublicRoute<Ports>[];
}

const WHERE = "GET /openapi.json lists every address there is";

/** One function of the API as a Hono app; the manifest decides what exists. */
export function createApp<Ports>(
  deps: ApiDependencies<Ports>,
  manifest: Manifest<Ports>,
): Hono<Env<Ports>> {
  const app = new Hono<Env<Ports>>();

  app.use(async (c, next) => {
    const requestId = randomUUID();
    const state: RequestState<Ports> = {
      requestId,
      startedAt: performance.now(),
      data: deps.openRequest({ requestId }),
      pattern: "unmatched",
    };
    c.set("state", state);
    await next();
    finish(c, deps);
  });
  const crossOrigin = cors({
    origin: [...deps.allowedOrigins],
    allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "If-Match", "Idempotency-Key"],
    exposeHeaders: [
      ...["ETag", "Location", "Request-Id", "Idempotency-Replayed"],
      ...["RateLimit", "RateLimit-Policy", "Retry-After"],
    ],
  });
  app.use((c, next) => (mayBeBrowser(c) ? crossOrigin(c, next) : next()));

  for (const [path, entries] of byPath(entriesOf(deps, manifest))) {
    for (const { method, answer } of entries) app.on(method, path, answer);
    const allowed = entries.map(({ method }) => method);
    if (allowed.includes("GET")) allowed.push("HEAD");
    app.all(path, (c) => {
      c.header("Allow", allowed.join(", "));
      throw new TransportFailure("method-not-allowed");
    });
  }

  app.notFound((c) =>
    sendProblem(c, problemOf(new DomainError("route-not-found", WHERE), c.get("state").requestId)),
  );
  app.onError((error, c) => {
    const state = c.get("state");
    const problem = problemOf(error, state.requestId);
    if (problem.status >= 500) state.failure = error;
    if (problem.status === 401) c.header("WWW-Authenticate", challengeOf(c));
    for (const [name, value] of Object.entries(headersOf(error))) c.header(name, value);
    return sendProblem(c, problem);
  });
  return app;
}

interface Entry<Ports> {
  readonly method: string;
  readonly path: string;
  readonly answer: (c: Context<Env<Ports>>) => Promise<Response>;
}

function entriesOf<Ports>(
  deps: ApiDependencies<Ports>,
  { routes, publicRoutes }: Manifest<Ports>,
): Entry<Ports>[] {
  const open = publicRoutes.map(({ method, path, respond }) => ({
    method: method.toUpperCase(),
    path: honoPath(path),
    answer: async (c: Context<Env<Ports>>) => {
      const { requestId, data } = stateOf(c, path);
      const sent = await respond({
        data,
        requestId,
        header: (name) => c.req.header(name),
        clientAddress: c.env?.requestContext?.http?.sourceIp ?? "",
        params: c.req.param() as Record<string, string>,
        query: () => singleValues(c),
        body: () => bodyOf(c),
        rawBody: () => bytesOf(c),
      });
      return toResponse(c, sent);
    },
  }));
  const behindToken = routes.map((route) => {
    const pattern = `/v1${route.definition.path}`;
    return {
      method: route.definition.method.toUpperCase(),
      path: honoPath(pattern),
      answer: async (c: Context<Env<Ports>>) => {
        const state = stateOf(c, pattern);
        const principal = await state.data.authenticate(c.req.header("Authorization"));
        state.principal = principal;
        const sent = await runRoute(deps, state.data, principal, route, {
          path: c.req.path,
          params: c.req.param() as Record<string, string>,
          query: singleValues(c),
          header: (name) => c.req.header(name),
          body: () => bodyOf(c),
          async admit(rateClass) {
            const admission = await state.data.admit(principal, rateClass);
            state.rate = { rateClass, admission };
            if (admission?.isAdmitted === false) raise("rate-limited");
          },
        });
        return toResponse(c, sent);
      },
    };
  });
  return [...open, ...behindToken];
}

/** A word comes before a parameter in its place: what is registered first answers. */
function byPath<Ports>(
  entries: readonly Entry<Ports>[],
): readonly (readonly [string, readonly Entry<Ports>[]])[] {
  const rank = (path: string): string => path.replaceAll(/:\w+/g, "\uffff");
  return [...Map.groupBy(entries, ({ path }) => path)].sort(([a], [b]) =>
    rank(a) < rank(b) ? -1 : 1,
  );
}

const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

function stateOf<Ports>(c: Context<Env<Ports>>, pattern: string): RequestState<Ports> {
  const state = c.get("state");
  state.pattern = pattern;
  return state;
}

/** RFC 6750, section 3: no error code where no credentials were given. */
const challengeOf = (c: Context): string =>
  c.req.header("Authorization") === undefined
    ? 'Bearer realm="concord"'
    : 'Bearer realm="concord", error="invalid_token"';

/** A query parameter is given once. */
function singleValues(c: Context): Record<string, string> {
  const given = Object.entries(c.req.queries());
  const doubled = given.find(([, values]) => values.length !== 1);
  if (doubled) {
    raise("request-invalid", "The query is not as described", [
      { pointer: `query:${doubled[0].slice(0, 50)}`, detail: "is given more than once" },
    ]);
  }
  return Object.fromEntries(given.map(([name, [value = ""]]) => [name, value]));
}

async function bodyOf(c: Context): Promise<string> {
  const type = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new TransportFailure("media-type-unsupported");
  const bytes = await bytesOf(c);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    raise("request-invalid", "The request body is not UTF-8");
  }
}

async function bytesOf(c: Context): Promise<Uint8Array> {
  if (Number(c.req.header("Content-Length") ?? 0) > MAX_BODY_BYTES) {
    throw new TransportFailure("body-too-large");
  }
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength > MAX_BODY_BYTES) throw new TransportFailure("body-too-large");
  return new Uint8Array(bytes);
}

function toResponse(c: Context, { status, headers, body, cookies = [] }: Sent): Response {
  for (const cookie of cookies) c.header("Set-Cookie", cookie, { append: true });
  const init = { status: status as ContentfulStatusCode, headers };
  return body === undefined ? c.body(null, init) : c.body(body, init);
}

const sendProblem = (c: Context, problem: { readonly status: number }): Response =>
  c.body(JSON.stringify(problem), {
    status: problem.status as ContentfulStatusCode,
    headers: { "Content-Type": "application/problem+json" },
  });

/** Browsers name the origin of a page that asks another one (Fetch, section 3.2); a preflight is theirs. */
const mayBeBrowser = (c: Context): boolean =>
  c.req.method === "OPTIONS" || c.req.header("Origin") !== undefined;

/** Headers every answer has, and the one log line of the request. */
function finish<Ports>(c: Context<Env<Ports>>, deps: ApiDependencies<Ports>): void {
  const { requestId, startedAt, data, pattern, principal, failure, rate } = c.get("state");
  const { headers } = c.res;
  headers.set("Request-Id", requestId);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
  if (!headers.has("Content-Security-Policy")) {
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store, private");
  // What may be kept reads otherwise for a page of a listed origin.
  else if (!headers.has("Vary")) headers.set("Vary", "Origin");
  if (rate?.admission) {
    const limits = rateHeaders(rate.rateClass, rate.admission);
    for (const [name, value] of Object.entries(limits)) headers.set(name, value);
  }
  const usage = data.usage();
  deps.log({
    level: c.res.status >= 500 ? "error" : "info",
    message: "request",
    requestId,
    tenantId: principal?.tenantId,
    actor: principal && actorId(principal.actor),
    method: c.req.method,
    route: pattern,
    status: c.res.status,
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
    ...usage,
    ...(rate && !rate.admission ? { rateLimit: "not checked" } : {}),
    ...(failure instanceof Error
      ? { stack: failure.stack }
      : failure
        ? { failure: String(failure) }
        : {}),
  });
}
