import { SourceId } from "@concord/core/id";
import {
  addAlias,
  type Import,
  type ImportStore,
  ImportView,
  resolveHeldRows,
} from "@concord/core/import";
import type { PartnerStore } from "@concord/core/partner";
import {
  AddAlias,
  Alias,
  CreateSource,
  createSource,
  getSource,
  HeldRow,
  listAliases,
  listHeldRows,
  listPrices,
  listSources,
  PriceView,
  PutPriceList,
  putPriceList,
  Source,
  type SourceStore,
} from "@concord/core/source";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const SourcePath = z.object({ sourceId: SourceId });

export const create = route({
  operationId: "createSource",
  tag: "sources",
  summary: "Add a source of facts with its mapping",
  method: "post",
  path: "/sources",
  permission: "source:manage",
  retry: "conditional",
  rate: "write",
  request: { body: CreateSource },
  response: { status: 201, body: Source },
  errors: ["member-unknown"],
});

export const list = route({
  operationId: "listSources",
  tag: "sources",
  summary: "List sources, by name",
  method: "get",
  path: "/sources",
  permission: "source:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: Source, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getSource",
  tag: "sources",
  summary: "Read one source",
  method: "get",
  path: "/sources/{sourceId}",
  permission: "source:read",
  retry: "safe",
  rate: "read",
  request: { params: SourcePath },
  response: { status: 200, body: Source },
  errors: ["source-not-found"],
});

export const putPrices = route({
  operationId: "putPriceList",
  tag: "sources",
  summary: "Add and replace list prices; all rows or none",
  method: "put",
  path: "/sources/{sourceId}/price-list",
  permission: "source:manage",
  retry: "conditional",
  rate: "bulk",
  request: { params: SourcePath, body: PutPriceList, ifMatch: "required" },
  response: { status: 200, body: Source },
  errors: ["source-not-found", "price-list-invalid"],
});

export const prices = route({
  operationId: "listPrices",
  tag: "sources",
  summary: "List the list prices of a source, by product",
  method: "get",
  path: "/sources/{sourceId}/price-list",
  permission: "source:read",
  retry: "safe",
  rate: "read",
  request: { params: SourcePath },
  response: { status: 200, body: PriceView, isList: true },
  errors: ["source-not-found"],
});

export const createAlias = route({
  operationId: "addAlias",
  tag: "sources",
  summary: "Say what a spelling of the feed means; a job applies it to all stored rows",
  method: "post",
  path: "/sources/{sourceId}/aliases",
  permission: "source:manage",
  retry: "conditional",
  rate: "write",
  request: { params: SourcePath, body: AddAlias },
  response: { status: 201, body: Alias },
  errors: ["source-not-found", "alias-target-unknown"],
});

export const aliases = route({
  operationId: "listAliases",
  tag: "sources",
  summary: "List the aliases of a source, by id",
  method: "get",
  path: "/sources/{sourceId}/aliases",
  permission: "source:read",
  retry: "safe",
  rate: "read",
  request: { params: SourcePath },
  response: { status: 200, body: Alias, isList: true },
  errors: ["source-not-found"],
});

export const heldRows = route({
  operationId: "listHeldRows",
  tag: "sources",
  summary: "List the rows whose partner could not be told, by external id",
  method: "get",
  path: "/sources/{sourceId}/held-rows",
  permission: "source:read",
  retry: "safe",
  rate: "read",
  request: { params: SourcePath },
  response: { status: 200, body: HeldRow, isList: true },
  errors: ["source-not-found"],
});

export const resolveHeld = route({
  operationId: "resolveHeldRows",
  tag: "sources",
  summary: "Look at the held rows again, after partners were added; answers with the job",
  method: "post",
  path: "/sources/{sourceId}/held-rows/resolve",
  permission: "source:manage",
  retry: "conditional",
  rate: "write",
  request: { params: SourcePath },
  response: { status: 202, body: ImportView },
  errors: ["source-not-found"],
});

export const resolveUnknownProducts = route({
  operationId: "resolveUnknownProducts",
  tag: "sources",
  summary:
    "Look at the rows of unknown products again, after prices were added; answers with the job",
  method: "post",
  path: "/sources/{sourceId}/unknown-products/resolve",
  permission: "source:manage",
  retry: "conditional",
  rate: "write",
  request: { params: SourcePath },
  response: { status: 202, body: ImportView },
  errors: ["source-not-found"],
});

const jobAnswer = ({ upload: _, ...job }: Import) => ({
  body: job,
  version: job.version,
  location: `/imports/${job.importId}`,
});

export const sourceRoutes: readonly Route<ImportStore & PartnerStore & SourceStore>[] = [
  on(create, {
    run: (ctx, { body }) => createSource(ctx, body),
    answer: (source) => ({
      body: source,
      version: source.version,
      location: `/sources/${source.sourceId}`,
    }),
  }),
  on(list, {
    run: (ctx, { page }) => listSources(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, {
    run: (ctx, { params }) => getSource(ctx, params.sourceId),
    answer: (source) => ({ body: source, version: source.version }),
  }),
  on(putPrices, {
    run: (ctx, { params, body, ifVersion }) => putPriceList(ctx, { ...params, ...body, ifVersion }),
    answer: (source) => ({ body: source, version: source.version }),
  }),
  on(prices, {
    run: (ctx, { params, page }) => listPrices(ctx, params.sourceId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(createAlias, {
    run: (ctx, { params, body }) => addAlias(ctx, { ...params, input: body }),
    answer: (alias) => ({ body: alias, version: alias.version }),
  }),
  on(aliases, {
    run: (ctx, { params, page }) => listAliases(ctx, params.sourceId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(heldRows, {
    run: (ctx, { params, page }) => listHeldRows(ctx, params.sourceId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(resolveHeld, {
    run: (ctx, { params }) => resolveHeldRows(ctx, params.sourceId),
    answer: jobAnswer,
  }),
  on(resolveUnknownProducts, {
    run: (ctx, { params }) => resolveHeldRows(ctx, params.sourceId, { kind: "unknown-products" }),
    answer: jobAnswer,
  }),
];
