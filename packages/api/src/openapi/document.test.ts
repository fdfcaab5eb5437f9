import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { renderDocs } from "../docs/render-docs.ts";
import { problemCodes } from "../http/problem.ts";
import { on, route } from "../http/route.ts";
import { manifest } from "../manifest.ts";
import { openApiDocument } from "./document.ts";
import { jsonSchemas } from "./json-schemas.ts";

type Json = Record<string, unknown>;

const document = openApiDocument(manifest);
const text = JSON.stringify(document);
const operations = Object.entries(
  document["paths"] as Record<string, Record<string, Json>>,
).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("the OpenAPI document", () => {
  it("P-05 is committed as the routes are now", () => {
    const committed = readFileSync(new URL("../../openapi.json", import.meta.url), "utf8");
    expect(JSON.parse(committed)).toEqual(JSON.parse(text));
  });

  it("has every route of the manifest and no other", () => {
    const described = operations.map(({ operation }) => operation["operationId"]);
    const declared = [
      ...manifest.routes.map(({ definition }) => definition.operationId),
      ...manifest.publicRoutes.map(({ operationId }) => operationId),
    ];
    expect(described.sort()).toEqual(declared.sort());
    expect(declared.length).toBeGreaterThan(20);
  });

  it("is the same text whatever order the routes are listed in", () => {
    const reversed = openApiDocument({
      routes: manifest.routes.toReversed(),
      publicRoutes: manifest.publicRoutes.toReversed(),
    });
    expect(reversed).toEqual(document);
    expect(JSON.stringify(reversed)).toBe(text);
  });

  it("refers to nothing that is not in it", () => {
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      const found = reference
        .split("/")
        .reduce<unknown>((place, key) => (place as Json | undefined)?.[key], document);
      expect(found, reference).toBeDefined();
    }
  });

  it("names codes that the API has, and says for every operation how to repeat it", () => {
    const codes = [...text.matchAll(/"code":\{"enum":\[([^\]]+)\]/g)].flatMap(
      ([, list = ""]) => JSON.parse(`[${list}]`) as string[],
    );
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) expect(problemCodes).toContain(code);
    for (const { operation } of operations) {
      expect(["safe", "conditional", "unsafe"]).toContain(operation["x-idempotency"]);
    }
  });

  it("asks for a token wherever the manifest does, and names the headers of a change", () => {
    const openIds = operations
      .filter(({ operation }) => (operation["security"] as unknown[]).length === 0)
      .map(({ operation }) => operation["operationId"]);
    expect(openIds.sort()).toEqual(
      manifest.publicRoutes.map(({ operationId }) => operationId).sort(),
    );
    const update = operations.find(({ operation }) => operation["operationId"] === "updatePartner");
    expect(JSON.stringify(update)).toContain("#/components/parameters/If-Match");
    const create = operations.find(({ operation }) => operation["operationId"] === "createPartner");
    expect(JSON.stringify(create)).toContain("#/components/parameters/Idempotency-Key");
  });
});

describe("schemas that mean different things in the two directions", () => {
  it("have a name of their own in requests, and so has what refers to them", () => {
    const Inner = z.object({ size: z.number().default(1) }).meta({ id: "Inner" });
    const Outer = z.strictObject({ inner: Inner }).meta({ id: "Outer" });
    const Same = z.enum(["a", "b"]).meta({ id: "Same" });
    const schemas = jsonSchemas({ input: [Outer, Same], output: [Outer, Same] });
    expect(Object.keys(schemas.components)).toEqual([
      "Inner",
      "InnerInput",
      "Outer",
      "OuterInput",
      "Same",
    ]);
    expect(schemas.of(Outer, "input")).toEqual({ $ref: "#/components/schemas/OuterInput" });
    expect(schemas.of(Outer, "output")).toEqual({ $ref: "#/components/schemas/Outer" });
    expect(JSON.stringify(schemas.components["OuterInput"])).toContain("schemas/InnerInput");
  });

  it("may not share a name by accident", () => {
    const one = z.object({ a: z.string() }).meta({ id: "Shared" });
    const other = z.object({ b: z.string() }).meta({ id: "Shared" });
    expect(() => jsonSchemas({ input: [], output: [one, other] })).toThrow(/Shared/);
  });
});

describe("the reference page", () => {
  const { html, contentSecurityPolicy } = renderDocs(document);

  it("shows every operation with its address, errors and an example", () => {
    for (const { path, operation } of operations) {
      expect(html).toContain(`<article id="${operation["operationId"]}">`);
      expect(html).toContain(`</span> ${path}</p>`);
    }
    expect(html).toContain("<code>version-stale</code>");
    expect(html).toContain("&quot;email&quot;: &quot;ada@northwind.example&quot;");
  });

  it("asks no other host for anything and runs nothing", () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)|\ssrc=|@import|url\(/i);
    expect(html).not.toMatch(/href="(?!#|\/openapi\.json")/);
    expect(contentSecurityPolicy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    const style = /<style>(?<css>[\s\S]*)<\/style>/.exec(html)?.groups?.["css"];
    expect(style).toBeTruthy();
  });

  it("escapes whatever a description holds", () => {
    const hostile = on(
      route({
        operationId: "getHostile",
        tag: "<b>tag</b>",
        summary: "<script>alert(1)</script>",
        method: "get",
        path: "/hostile",
        permission: "me:read",
        retry: "safe",
        rate: "read",
        request: {},
        response: { status: 200, body: z.object({ "<u>": z.string().describe('"><img src=x>') }) },
        errors: [],
      }),
      { run: () => Promise.resolve(undefined), answer: () => ({}) },
    );
    const page = renderDocs(openApiDocument({ routes: [hostile], publicRoutes: [] }));
    expect(page.html).toContain("&lt;script&gt;");
    expect(page.html).not.toMatch(/<script|<img|<u>|<b>tag/);
  });
});
