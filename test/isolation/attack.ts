import { manifest } from "@concord/api";
import { z } from "zod";

type Schema = Readonly<Record<string, unknown>>;
type Definition = (typeof manifest.routes)[number]["definition"];

/** A request that an attacker sends. */
export interface Attack {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whether an id of somebody else stands in the path. */
  readonly namesForeign: boolean;
  /** Whether one stands in the query or the body. */
  readonly mentionsForeign: boolean;
}

/** Gives an id of this kind, such as `ptr`. */
export type IdSource = (kind: string) => { readonly id: string; readonly isForeign: boolean };

const ID = /^\^([a-z]{3})_/;
const texts = [
  "55",
  "2026-Q4",
  "USD",
  "06:00",
  "a-word",
  "reseller.growing",
  "0".repeat(64),
  "text",
];
const byFormat: Readonly<Record<string, string>> = {
  date: "2027-03-31",
  "date-time": "2027-03-31T15:00:00.000Z",
  email: "mallory@attack.example",
};

const converted = new WeakMap<z.ZodType, Schema>();
function jsonSchemaOf(schema: z.ZodType): Schema {
  const known =
    converted.get(schema) ??
    (z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema);
  converted.set(schema, known);
  return known;
}

/** A value that the schema describes, with ids from `idOf` wherever one can stand. */
function valueFor(schema: Schema, root: Schema, idOf: IdSource, random: () => number): unknown {
  const go = (part: unknown) => valueFor(part as Schema, root, idOf, random);
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const name = reference.split("/").at(-1) ?? "";
    return go((root["$defs"] as Record<string, Schema>)[name] ?? {});
  }
  if (schema["const"] !== undefined) return schema["const"];
  const choices = (schema["enum"] ?? schema["anyOf"] ?? schema["oneOf"]) as unknown[] | undefined;
  if (choices) {
    const chosen = choices[Math.floor(random() * choices.length)];
    return schema["enum"] ? chosen : go(chosen);
  }
  switch (schema["type"]) {
    case "object": {
      const required = new Set((schema["required"] as string[] | undefined) ?? []);
      const members = Object.entries((schema["properties"] ?? {}) as Record<string, Schema>);
      const chosen = members.filter(([name]) => required.has(name) || random() < 0.7);
      return Object.fromEntries(chosen.map(([name, member]) => [name, go(member)]));
    }
    case "array":
      return schema["items"] ? [go(schema["items"])] : [];
    case "integer":
    case "number":
      return Math.max(Number(schema["minimum"] ?? 1), 1);
    case "boolean":
      return random() < 0.5;
    case "string":
      return textOf(schema, idOf);
    default:
      return null;
  }
}

function textOf(schema: Schema, idOf: IdSource): string {
  const pattern = schema["pattern"];
  const [, kind] = (typeof pattern === "string" && ID.exec(pattern)) || [];
  if (kind) return idOf(kind).id;
  const example = schema["example"];
  if (typeof example === "string") return example;
  const format = byFormat[String(schema["format"])];
  if (format) return format;
  const shape = new RegExp(typeof pattern === "string" ? pattern : "");
  const shortest = Number(schema["minLength"] ?? 0);
  return texts.find((one) => shape.test(one) && one.length >= shortest) ?? "text".padEnd(shortest);
}

/** The kinds of ids in the path, by the name of the parameter. */
function placesOf({ path, request }: Definition): { name: string; kind: string | undefined }[] {
  const schema = request.params ? jsonSchemaOf(request.params) : {};
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => {
    let place = properties[name] ?? {};
    if (typeof place["$ref"] === "string") {
      const defs = (schema["$defs"] ?? {}) as Record<string, Schema>;
      place = defs[place["$ref"].split("/").at(-1) ?? ""] ?? {};
    }
    const pattern = place["pattern"];
    return { name, kind: typeof pattern === "string" ? ID.exec(pattern)?.[1] : undefined };
  });
}

const notIds: Readonly<Record<string, string>> = {
  version: "1",
  slug: "how-to-prepare",
  period: "2026-Q4",
  measure: "csat_percent",
  indicatorId: "collaborate",
  month: "2026-11",
};

/** Every position of these routes that takes an id. */
export const positionsOf = (routes: typeof manifest.routes) =>
  routes.flatMap(({ definition }) =>
    placesOf(definition).flatMap(({ name, kind }) => (kind ? [{ definition, name, kind }] : [])),
  );
export const positions = positionsOf(manifest.routes);

/** One request to the route, its ids drawn from `idOf`, which is told where each stands. */
export function attackOn(
  definition: Definition,
  idAt: (place: string) => IdSource,
  random: () => number,
  cursors: readonly string[] = [],
): Attack {
  let namesForeign = false;
  let mentionsForeign = false;
  const mentioned =
    (place: string): IdSource =>
    (kind) => {
      const given = idAt(place)(kind);
      if (given.isForeign) mentionsForeign = true;
      return given;
    };
  let path = definition.path;
  for (const { name, kind } of placesOf(definition)) {
    const given = kind ? idAt(name)(kind) : undefined;
    if (given?.isForeign) namesForeign = true;
    path = path.replace(`{${name}}`, given?.id ?? notIds[name] ?? "1");
  }
  const search = new URLSearchParams();
  const { query, body, ifMatch } = definition.request;
  if (query) {
    const schema = jsonSchemaOf(query);
    const given = valueFor(schema, schema, mentioned("query"), random) as Record<string, unknown>;
    for (const [name, value] of Object.entries(given)) search.set(name, String(value));
  }
  const cursor = cursors[Math.floor(random() * cursors.length)];
  if (definition.response.isList && cursor !== undefined) search.set("cursor", cursor);
  const schema = body && jsonSchemaOf(body);
  const isPost = definition.method === "post";
  const sent = schema ? { body: valueFor(schema, schema, mentioned("body"), random) } : {};
  return {
    operationId: definition.operationId,
    method: definition.method.toUpperCase(),
    path: `/v1${path}${search.size > 0 ? `?${search}` : ""}`,
    headers: {
      ...(ifMatch ? { "If-Match": `"${1 + Math.floor(random() * 3)}"` } : {}),
      ...(isPost && random() < 0.3
        ? { "Idempotency-Key": `key-${Math.floor(random() * 1e9)}` }
        : {}),
    },
    ...sent,
    namesForeign,
    mentionsForeign,
  };
}
