import { z } from "zod";
import { renderDocs } from "../docs/render-docs.ts";
import type { PublicRoute } from "../http/public-route.ts";

/** Loaded when asked for: parsing it would slow every cold start. */
const readDocument = async () =>
  (await import("../../openapi.json", { with: { type: "json" } })).default;

const CACHED = "public, max-age=300";

const openApi: PublicRoute = {
  operationId: "getOpenApi",
  tag: "reference",
  summary: "This description of the API, as OpenAPI 3.1",
  method: "get",
  path: "/openapi.json",
  rate: "open",
  response: { status: 200, body: z.record(z.string(), z.unknown()) },
  errors: [],
  async respond() {
    return {
      status: 200,
      headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": CACHED },
      body: JSON.stringify(await readDocument()),
    };
  },
};

const docs: PublicRoute = {
  operationId: "getDocs",
  tag: "reference",
  summary: "This description of the API, as a page to read",
  method: "get",
  path: "/docs",
  rate: "open",
  response: { status: 200, body: z.string(), mediaType: "text/html" },
  errors: [],
  async respond() {
    const { html, contentSecurityPolicy } = renderDocs(await readDocument());
    return {
      status: 200,
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": CACHED,
        "Content-Security-Policy": contentSecurityPolicy,
      },
      body: html,
    };
  },
};

export const referenceRoutes: readonly PublicRoute[] = [openApi, docs];
