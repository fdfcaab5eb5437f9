import { idPrefixOf, nameOf, type OpenApi, type Schema } from "./open-api.ts";

const MAX_DEPTH = 8;
const byFormat: Readonly<Record<string, string>> = {
  date: "2027-03-31",
  "date-time": "2027-03-31T15:00:00.000Z",
  email: "ada@northwind.example",
  uuid: "4be0643f-1d98-4f8a-9f3c-2f5d0f1b7a10",
  uri: "https://concord.example/",
};

/** A value that the schema describes, for a reader to copy and change. */
export function exampleOf(
  schema: Schema,
  schemas: OpenApi["components"]["schemas"],
  depth = 0,
): unknown {
  if (schema.examples) return schema.examples[0];
  if (schema.$ref) {
    const named = schemas[nameOf(schema.$ref)];
    return named && depth < MAX_DEPTH ? exampleOf(named, schemas, depth + 1) : {};
  }
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [variant] = schema.oneOf ?? schema.anyOf ?? [];
  if (variant) return exampleOf(variant, schemas, depth + 1);
  if (schema.allOf) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas, depth + 1)));
  }
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, member]) => [
          name,
          depth < MAX_DEPTH ? exampleOf(member, schemas, depth + 1) : {},
        ]),
      );
    case "array":
      return schema.items && depth < MAX_DEPTH ? [exampleOf(schema.items, schemas, depth + 1)] : [];
    case "integer":
    case "number":
      return schema.minimum !== undefined && schema.minimum > 1 ? schema.minimum : 1;
    case "boolean":
      return true;
    case "string":
      return textOf(schema);
    default:
      return null;
  }
}

function textOf(schema: Schema): string {
  const { format, minLength = 0 } = schema;
  const prefix = idPrefixOf(schema);
  if (prefix) return `${prefix}_01K3Q6V8ZB7M2N4P5R9S0T1WXY`;
  return (format && byFormat[format]) ?? "text".padEnd(minLength, ".");
}
