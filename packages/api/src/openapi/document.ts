import type { z } from "zod";
import type { PublicRoute } from "../http/public-route.ts";
import type { Route } from "../http/route.ts";
import { byName } from "./by-name.ts";
import { describePublicRoute, describeRoute } from "./describe-route.ts";
import { type Json, jsonSchemas } from "./json-schemas.ts";
import { problemCatalog, problemSchema } from "./problem-responses.ts";

interface Manifest {
  readonly routes: readonly Pick<Route, "definition">[];
  readonly publicRoutes: readonly Omit<PublicRoute, "respond">[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const isThere = (schema: z.ZodType | undefined): schema is z.ZodType => schema !== undefined;

const headers: Json = {
  "Request-Id": {
    description: "Names this request in our log; tell it when you report a problem.",
    schema: { type: "string", format: "uuid" },
  },
  ETag: {
    description: "The version of the object; send it as `If-Match` with a change.",
    schema: { type: "string", examples: ['"3"'] },
  },
  Location: { description: "Address of what was created.", schema: { type: "string" } },
  "Idempotency-Replayed": {
    description: "`true` where the answer is the one that an earlier request with this key got.",
    schema: { type: "string", enum: ["true"] },
  },
  "RateLimit-Policy": {
    description:
      "The limit of this class of routes: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers).",
    schema: { type: "string", examples: ['"read";q=600;w=30'] },
  },
  RateLimit: {
    description: "What is left of it: `r` requests now, all of them in `t` seconds.",
    schema: { type: "string", examples: ['"read";r=599;t=1'] },
  },
  "Retry-After": {
    description: "Seconds after which a request passes.",
    schema: { type: "integer", minimum: 1 },
  },
  "WWW-Authenticate": { schema: { type: "string" } },
};

const parameters: Json = {
  Limit: {
    name: "limit",
    in: "query",
    description: "Items of one page.",
    schema: { type: "integer", minimum: 1, maximum: 100, default: 50 },
  },
  Cursor: {
    name: "cursor",
    in: "query",
    description: "The `nextCursor` of the page before; good only for the same list and caller.",
    schema: { type: "string" },
  },
  "If-Match": {
    name: "If-Match",
    in: "header",
    required: true,
    description: "The ETag of the version you changed. Missing: 428. No longer current: 412.",
    schema: { type: "string", examples: ['"3"'] },
  },
  "Idempotency-Key": {
    name: "Idempotency-Key",
    in: "header",
    description:
      "A repeat with the same key and body within 24 hours gets the first answer and has no further effect.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
};

/** The OpenAPI 3.1 document of a manifest; the same manifest always gives the same text. */
export function openApiDocument({ routes, publicRoutes }: Manifest): Json {
  const definitions = routes.map(({ definition }) => definition);
  const schemas = jsonSchemas({
    input: [
      ...definitions.flatMap(({ request: { params, query, body } }) => [params, query, body]),
      ...publicRoutes.flatMap(({ request }) => [request?.params, request?.query, request?.body]),
    ].filter(isThere),
    output: [
      ...definitions.map(({ response }) => response.body),
      ...publicRoutes.flatMap(({ response, problemMembers }) => [
        response.body,
        ...Object.values(problemMembers ?? {}),
      ]),
    ].filter(isThere),
  });

  const problems = problemCatalog();
  const operations = [
    ...definitions.map((definition) => ({
      path: `/v1${definition.path}`,
      method: definition.method as string,
      tag: definition.tag,
      operation: describeRoute(definition, schemas, problems),
    })),
    ...publicRoutes.map((route) => ({
      path: route.path,
      method: route.method as string,
      tag: route.tag,
      operation: describePublicRoute(route, schemas, problems),
    })),
  ];
  const paths = [...Map.groupBy(operations, ({ path }) => path)]
    .sort(byName)
    .map(([path, ofPath]) => {
      const entries = ofPath
        .toSorted((a, b) => METHODS.indexOf(a.method) - METHODS.indexOf(b.method))
        .map(({ method, operation }) => [method, operation] as const);
      return [path, Object.fromEntries(entries)];
    });

  return {
    openapi: "3.1.0",
    info: {
      title: "Concord",
      version: "1",
      description: "Partner performance reviews: from the pipeline to an agreed development plan.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(operations.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: { ...schemas.components, Problem: problemSchema },
      responses: problems.components(),
      headers,
      parameters,
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description:
            "An access token of a log-in, or an API key where the operation names x-api-key-scopes.",
        },
      },
    },
  };
}
