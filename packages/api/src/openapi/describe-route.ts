import { scopesWith } from "@concord/core/actor";
import type { ErrorCode } from "@concord/core/error";
import type { TransportCode } from "../http/problem.ts";
import type { PublicRoute } from "../http/public-route.ts";
import type { RouteDefinition } from "../http/route.ts";
import type { Json, JsonSchemas } from "./json-schemas.ts";
import type { ProblemCatalog } from "./problem-responses.ts";

const header = (name: string): Json => ({ $ref: `#/components/headers/${name}` });
const parameter = (name: string): Json => ({ $ref: `#/components/parameters/${name}` });

/** The parameters of an object schema, one for each of its members. */
function parametersIn(place: "path" | "query", schema: Json | undefined): readonly Json[] {
  const properties = (schema?.["properties"] ?? {}) as Readonly<Record<string, Json>>;
  const required = (schema?.["required"] ?? []) as readonly string[];
  return Object.entries(properties).map(([name, ofMember]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: ofMember,
  }));
}

const pageOf = (item: Json): Json => ({
  type: "object",
  required: ["items", "nextCursor"],
  properties: {
    items: { type: "array", items: item },
    nextCursor: {
      type: ["string", "null"],
      description: "Send it as `cursor` for the next page; null on the last one.",
    },
  },
});

const bodyOf = (schema: Json, mediaType = "application/json"): Json => ({
  required: true,
  content: { [mediaType]: { schema } },
});

/** What every operation behind a token can answer besides its own errors. */
function errorsOf(definition: RouteDefinition) {
  const { method, request, response, errors, standing } = definition;
  const own: (ErrorCode | TransportCode)[] = [
    ...errors,
    "unauthenticated",
    "permission-denied",
    "request-invalid",
    "tenant-closed",
    "rate-limited",
    "internal",
  ];
  if (method !== "get" && !standing) own.push("tenant-suspended");
  if (!definition.beforeSecondFactor) own.push("second-factor-required");
  if (response.isList) own.push("cursor-invalid");
  if (request.ifMatch) own.push("version-required", "version-stale");
  if (request.body) own.push("body-too-large", "media-type-unsupported");
  if (method === "post") own.push("idempotency-key-reused");
  return own;
}

export function describeRoute(
  definition: RouteDefinition,
  schemas: JsonSchemas,
  problems: ProblemCatalog,
): Json {
  const { request, response, method } = definition;
  const params = request.params && schemas.of(request.params, "input");
  const query = request.query && schemas.of(request.query, "input");
  const answer = response.body && schemas.of(response.body, "output");
  const mediaType = response.mediaType ?? "application/json";
  const scopes = scopesWith(definition.permission);
  const takesKey = method === "post" && definition.retry !== "safe";
  const isVersioned = answer !== undefined && !response.isList && !response.mediaType;
  return {
    operationId: definition.operationId,
    tags: [definition.tag],
    summary: definition.summary,
    "x-permission": definition.permission,
    ...(scopes.length > 0 ? { "x-api-key-scopes": scopes } : {}),
    "x-idempotency": definition.retry,
    "x-rate-class": definition.rate,
    security: [{ accessToken: [] }],
    parameters: [
      ...parametersIn("path", params),
      ...parametersIn("query", query),
      ...(response.isList ? [parameter("Limit"), parameter("Cursor")] : []),
      ...(request.ifMatch ? [parameter("If-Match")] : []),
      ...(takesKey ? [parameter("Idempotency-Key")] : []),
    ],
    ...(request.body ? { requestBody: bodyOf(schemas.of(request.body, "input")) } : {}),
    responses: {
      [String(response.status)]: {
        description: "Done",
        headers: {
          "Request-Id": header("Request-Id"),
          RateLimit: header("RateLimit"),
          "RateLimit-Policy": header("RateLimit-Policy"),
          ...(isVersioned ? { ETag: header("ETag") } : {}),
          ...(response.status === 201 ? { Location: header("Location") } : {}),
          ...(takesKey ? { "Idempotency-Replayed": header("Idempotency-Replayed") } : {}),
        },
        ...(answer
          ? {
              content: {
                [mediaType]: {
                  schema: response.mediaType
                    ? { type: "string" }
                    : response.isList
                      ? pageOf(answer)
                      : answer,
                },
              },
            }
          : {}),
      },
      ...problems.responses(errorsOf(definition)),
    },
  };
}

export function describePublicRoute(
  route: Omit<PublicRoute, "respond">,
  schemas: JsonSchemas,
  problems: ProblemCatalog,
): Json {
  const { request = {}, response, problemMembers = {} } = route;
  const members = Object.fromEntries(
    Object.entries(problemMembers).map(([code, schema]) => [code, schemas.of(schema, "output")]),
  );
  const { params, query, body, mediaType } = request;
  const parameters = [
    ...parametersIn("path", params && schemas.of(params, "input")),
    ...parametersIn("query", query && schemas.of(query, "input")),
  ];
  const errors: (ErrorCode | TransportCode)[] = [...route.errors, "internal"];
  if (body || parameters.length > 0) errors.push("request-invalid");
  if (body || mediaType) errors.push("body-too-large");
  if (body && !mediaType) errors.push("media-type-unsupported");
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    "x-idempotency": route.method === "get" ? "safe" : "unsafe",
    security: [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: bodyOf(schemas.of(body, "input"), mediaType) } : {}),
    responses: {
      [String(response.status)]: {
        description: "Done",
        headers: {
          "Request-Id": header("Request-Id"),
          ...(response.status === 303 ? { Location: header("Location") } : {}),
        },
        ...(response.body
          ? {
              content: {
                [response.mediaType ?? "application/json"]: {
                  schema: schemas.of(response.body, "output"),
                },
              },
            }
          : {}),
      },
      ...problems.responses(errors, members),
    },
  };
}
