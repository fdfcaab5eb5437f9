import { classifiedMembers } from "@concord/core/classification";
import { z } from "zod";
import { byName } from "./by-name.ts";

export type Json = Readonly<Record<string, unknown>>;
type Direction = "input" | "output";

export interface JsonSchemas {
  /** The JSON schema of a schema that was collected; named ones as `$ref`. */
  of(schema: z.ZodType, direction: Direction): Json;
  /** The named ones, by name. */
  readonly components: Json;
}

const REF = "#/components/schemas/";

/**
 * JSON schemas (draft 2020-12) of zod schemas: what a request may send, what an answer holds. A name
 * that means different things in the two directions is `…Input` in requests.
 * @throws Error where two schemas share a name
 */
export function jsonSchemas(
  schemas: Readonly<Record<Direction, readonly z.ZodType[]>>,
): JsonSchemas {
  const output = convert(schemas.output, "output");
  const input = convert(schemas.input, "input");
  const differing = differingNames(input.named, output.named);
  const inputName = (name: string): string => (differing.has(name) ? `${name}Input` : name);
  const components: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(output.named)) {
    components[name] = withRefs(schema, (to) => to);
  }
  for (const [name, schema] of Object.entries(input.named)) {
    components[inputName(name)] = withRefs(schema, inputName);
  }
  const found = new Map<Direction, ReadonlyMap<z.ZodType, Json>>([
    ["output", mapValues(output.each, (schema) => withRefs(schema, (to) => to))],
    ["input", mapValues(input.each, (schema) => withRefs(schema, inputName))],
  ]);
  return {
    of(schema, direction) {
      const json = found.get(direction)?.get(schema);
      if (!json) throw new Error("a schema was not collected");
      return json;
    },
    components: Object.fromEntries(Object.entries(components).sort(byName)),
  };
}

function convert(schemas: readonly z.ZodType[], io: Direction) {
  const distinct = [...new Set(schemas)];
  const root = z.object(Object.fromEntries(distinct.map((schema, index) => [index, schema])));
  const { properties, $defs } = z.toJSONSchema(root, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      if (io === "output") tellWithheld(zodSchema as unknown as z.ZodType, jsonSchema);
      // JSON Schema knows a list of examples, zod's metadata one.
      if ("example" in jsonSchema) {
        jsonSchema.examples = [jsonSchema["example"]];
        delete jsonSchema["example"];
      }
    },
  });
  return {
    named: ($defs ?? {}) as Record<string, Json>,
    each: new Map(
      distinct.map((schema, index) => [schema, (properties?.[String(index)] ?? {}) as Json]),
    ),
  };
}

/** An answer may lack what is classified, and then names it. */
function tellWithheld(schema: z.ZodType, json: z.core.JSONSchema.BaseSchema): void {
  const members = classifiedMembers(schema);
  if (members.length === 0 || json.properties === undefined) return;
  json.properties = {
    ...json.properties,
    withheld: {
      type: "array",
      items: { type: "string", enum: [...members] },
      description: "What is left out of this answer, since it is not for you to see.",
    },
  };
  json.required = (json.required ?? []).filter((name) => !members.includes(name));
}

/** Names whose schemas differ, themselves or in what they refer to. */
function differingNames(
  input: Readonly<Record<string, Json>>,
  output: Readonly<Record<string, Json>>,
): ReadonlySet<string> {
  const both = Object.keys(input).filter((name) => Object.hasOwn(output, name));
  const differing = new Set(
    both.filter((name) => JSON.stringify(input[name]) !== JSON.stringify(output[name])),
  );
  const refersToOne = (name: string): boolean =>
    [...differing].some((other) => JSON.stringify(input[name]).includes(`"#/$defs/${other}"`));
  for (let grown = true; grown; ) {
    const more = both.filter((name) => !differing.has(name) && refersToOne(name));
    for (const name of more) differing.add(name);
    grown = more.length > 0;
  }
  return differing;
}

function withRefs(value: Json, rename: (name: string) => string): Json {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) =>
      key === "$ref" && typeof entry === "string"
        ? `${REF}${rename(entry.replace("#/$defs/", ""))}`
        : entry,
    ),
  ) as Json;
}

const mapValues = <K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): Map<K, W> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
