import { type Markup, markup } from "./markup.ts";
import { idPrefixOf, nameOf, type Schema } from "./open-api.ts";

/** The type in words, with links to the named schemas. */
export function typeOf(schema: Schema): Markup {
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return markup`<a href="#schema-${name}">${name}</a>`;
  }
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants) return joined(variants.map(typeOf), " or ");
  if (schema.allOf) return joined(schema.allOf.map(typeOf), " with ");
  if (schema.const !== undefined) return markup`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) {
    const values = schema.enum.map((value) => markup`<code>${JSON.stringify(value)}</code>`);
    return joined(values, " | ");
  }
  if (schema.type === "array") return markup`list of ${typeOf(schema.items ?? {})}`;
  const type = typeof schema.type === "string" ? schema.type : schema.type?.join(" or ");
  const prefix = idPrefixOf(schema);
  if (prefix) return markup`id <code>${prefix}_…</code>`;
  return markup`${type ?? "anything"}${schema.format ? ` (${schema.format})` : ""}`;
}

const joined = (parts: readonly Markup[], by: string): Markup => ({
  html: parts.map(({ html }) => html).join(by),
});

/** Limits in words; empty where there are none. */
function limitsOf(schema: Schema): string {
  const between = (from: number | undefined, to: number | undefined, unit: string): string => {
    const isBounded = to !== undefined && to < Number.MAX_SAFE_INTEGER;
    const isFrom = from !== undefined && from > Number.MIN_SAFE_INTEGER;
    if (isFrom && isBounded) return `${from} to ${to}${unit}`;
    if (isFrom) return `at least ${from}${unit}`;
    return isBounded ? `at most ${to}${unit}` : "";
  };
  return [
    between(schema.minimum, schema.maximum, ""),
    between(schema.minLength, schema.maxLength, " characters"),
    between(schema.minItems, schema.maxItems, " items"),
    schema.default === undefined ? "" : `default ${JSON.stringify(schema.default)}`,
  ]
    .filter((text) => text !== "")
    .join(", ");
}

/** One row for each member of an object; a line where the schema is no object. */
export function membersOf(schema: Schema): Markup {
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants?.some(({ properties }) => properties)) {
    return markup`${variants.map((variant, at) => markup`<p class="variant">${at === 0 ? "One of" : "or"}</p>${membersOf(variant)}`)}`;
  }
  if (!schema.properties) return markup`<p>${typeOf(schema)} ${limitsOf(schema)}</p>`;
  const rows = Object.entries(schema.properties).map(([name, member]) => {
    const isRequired = schema.required?.includes(name);
    return markup`<tr><td><code>${name}</code>${isRequired ? "" : markup` <i>optional</i>`}</td><td>${typeOf(member)}</td><td>${member.description ?? ""} ${limitsOf(member)}</td></tr>`;
  });
  return markup`<table><thead><tr><th>Member</th><th>Type</th><th></th></tr></thead><tbody>${rows}</tbody></table>`;
}
