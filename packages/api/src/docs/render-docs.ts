import { createHash } from "node:crypto";
import { exampleOf } from "./example.ts";
import { type Markup, markup } from "./markup.ts";
import { nameOf, type OpenApi, type Operation, type Parameter, type Schema } from "./open-api.ts";
import { membersOf, typeOf } from "./render-schema.ts";
import { style } from "./style.ts";

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

const styleDigest = createHash("sha256").update(style).digest("base64");

/** Nothing but the page's own style: no script, no font, no other host. */
const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${styleDigest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** What a client may do when an answer is lost. */
const repeating: Readonly<Record<string, string>> = {
  safe: "may be repeated",
  conditional: "may be repeated with the same If-Match or Idempotency-Key",
  unsafe: "look first before you repeat it",
};

/** The reference page of an OpenAPI document of ours: one HTML text that asks no host for anything. */
export function renderDocs(document: unknown): {
  readonly html: string;
  readonly contentSecurityPolicy: string;
} {
  const api = document as OpenApi;
  const placed: Placed[] = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = api.tags.map(({ name }) => ({
    name,
    operations: placed.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const links = groups.map(
    ({ name, operations }) =>
      markup`<h2>${name}</h2><ul>${operations.map(({ operation: { operationId } }) => markup`<li><a href="#${operationId}">${operationId}</a></li>`)}</ul>`,
  );
  const sections = groups.map(
    ({ name, operations }) =>
      markup`<section><h2>${name}</h2>${operations.map((one) => renderOperation(one, api))}</section>`,
  );
  const schemas = Object.entries(api.components.schemas).map(
    ([name, schema]) =>
      markup`<article id="schema-${name}"><h3>${name}</h3><p>${schema.description ?? ""}</p>${membersOf(schema)}${example(schema, api)}</article>`,
  );
  const page = markup`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${api.info.title} API</title>${{ html: `<style>${style}</style>` }}</head><body><nav><a href="#top"><b>${api.info.title} API</b></a>${links}<h2>Schemas</h2><ul>${Object.keys(api.components.schemas).map((name) => markup`<li><a href="#schema-${name}">${name}</a></li>`)}</ul></nav><main id="top"><h1>${api.info.title} API</h1><p>${api.info.description} The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>${guide}${sections}<section><h2>Schemas</h2>${schemas}</section></main></body></html>`;
  return { html: page.html, contentSecurityPolicy };
}

const guide = markup`<h2>First steps</h2><pre>curl -s $HOST/v1/login -H 'Content-Type: application/json' \\
  -d '{"email":"ada@northwind.example","password":"correct horse battery staple"}'
curl -s $HOST/v1/me -H "Authorization: Bearer $TOKEN"</pre><p>A token is good for ten minutes. Errors are problems (RFC 9457) with a stable <code>code</code>; tell us the <code>Request-Id</code> when you report one. A change sends the object's <code>ETag</code> back as <code>If-Match</code>; a creation may carry an <code>Idempotency-Key</code>, so that it can be repeated. Lists answer <code>items</code> and <code>nextCursor</code>.</p>`;

function renderOperation({ path, method, operation }: Placed, api: OpenApi): Markup {
  const body = operation.requestBody?.content["application/json"]?.schema;
  const answers = Object.entries(operation.responses).map(
    ([status, answer]) =>
      [
        status,
        answer.$ref ? (api.components.responses[nameOf(answer.$ref)] ?? answer) : answer,
      ] as const,
  );
  const done = answers.filter(([status]) => status < "300");
  const failed = answers.filter(([status]) => status >= "300");
  const permission = operation["x-permission"];
  const [scope] = operation["x-api-key-scopes"] ?? [];
  const ofKeys = scope ? markup`, which a key of <code>${scope}</code> has` : markup``;
  const access = permission
    ? markup`needs <code>${permission}</code>${ofKeys}`
    : markup`needs no token`;
  return markup`<article id="${operation.operationId}"><h3>${operation.summary}</h3><p class="address"><span class="method">${method}</span> ${path}</p><p class="tags">${access} · ${repeating[operation["x-idempotency"] ?? ""]}</p>${renderParameters(operation.parameters ?? [], api)}${body ? markup`<h4>Body: ${typeOf(body)}</h4>${membersOf(resolved(body, api))}${example(body, api)}` : undefined}${done.map(([status, answer]) => renderAnswer(status, Object.entries(answer.content ?? {}), api))}<h4>Errors</h4><table><tbody>${failed.map(([status, answer]) => markup`<tr><td>${status}</td><td>${inCode(answer.description ?? "")}</td></tr>`)}</tbody></table></article>`;
}

/** What stands between backticks, as code. */
const inCode = (text: string): Markup =>
  markup`${text.split("`").map((part, at) => (at % 2 === 1 ? markup`<code>${part}</code>` : part))}`;

const resolved = (schema: Schema, api: OpenApi): Schema =>
  schema.$ref ? (api.components.schemas[nameOf(schema.$ref)] ?? schema) : schema;

function renderParameters(given: readonly Parameter[], api: OpenApi): Markup | undefined {
  if (given.length === 0) return undefined;
  const rows = given
    .map((one) => (one.$ref ? (api.components.parameters[nameOf(one.$ref)] ?? one) : one))
    .map(
      ({ name, in: place, required, schema, description }) =>
        markup`<tr><td><code>${name}</code>${required ? "" : markup` <i>optional</i>`}</td><td>${place}</td><td>${typeOf(schema ?? {})}</td><td>${description ?? ""}</td></tr>`,
    );
  return markup`<h4>Parameters</h4><table><tbody>${rows}</tbody></table>`;
}

function renderAnswer(
  status: string,
  content: readonly (readonly [string, { readonly schema: Schema }])[],
  api: OpenApi,
): Markup {
  const [first] = content;
  if (!first) return markup`<h4>Answer ${status}</h4><p>No body.</p>`;
  const [mediaType, { schema }] = first;
  const isJson = mediaType === "application/json";
  return markup`<h4>Answer ${status}: ${isJson ? typeOf(schema) : mediaType}</h4>${isJson ? example(schema, api) : undefined}`;
}

const example = (schema: Schema, api: OpenApi): Markup =>
  markup`<pre>${JSON.stringify(exampleOf(schema, api.components.schemas), null, 2)}</pre>`;
