import type { SubscriptionStore } from "@concord/core/edition";
import { ImportId } from "@concord/core/id";
import {
  AwaitedImport,
  CreateImport,
  createImport,
  getImport,
  type Import,
  type ImportStore,
  ImportView,
  listImports,
  listRowErrors,
  RowError,
} from "@concord/core/import";
import type { PartnerStore } from "@concord/core/partner";
import type { SourceStore } from "@concord/core/source";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const ImportPath = z.object({ importId: ImportId });

const view = ({ upload: _, ...rest }: Import): ImportView => rest;

export const create = route({
  operationId: "createImport",
  tag: "imports",
  summary: "Announce a file; put it where the answer says and the import begins",
  method: "post",
  path: "/imports",
  permission: "import:create",
  retry: "conditional",
  rate: "bulk",
  request: { body: CreateImport },
  response: { status: 201, body: AwaitedImport },
  errors: ["partner-not-found", "source-not-found", "tenant-not-found", "edition-limit-reached"],
});

export const list = route({
  operationId: "listImports",
  tag: "imports",
  summary: "List imports and re-evaluations, newest first",
  method: "get",
  path: "/imports",
  permission: "import:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: ImportView, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getImport",
  tag: "imports",
  summary: "Read the state and progress of an import",
  method: "get",
  path: "/imports/{importId}",
  permission: "import:read",
  retry: "safe",
  rate: "read",
  request: { params: ImportPath },
  response: { status: 200, body: ImportView },
  errors: ["import-not-found"],
});

export const rowErrors = route({
  operationId: "listImportRowErrors",
  tag: "imports",
  summary: "List the rows an import left out, with row and column; the first 1,000",
  method: "get",
  path: "/imports/{importId}/row-errors",
  permission: "import:read",
  retry: "safe",
  rate: "read",
  request: { params: ImportPath },
  response: { status: 200, body: RowError, isList: true },
  errors: ["import-not-found"],
});

export const importRoutes: readonly Route<
  ImportStore & PartnerStore & SourceStore & SubscriptionStore & TenantProfileStore
>[] = [
  on(create, {
    run: (ctx, { body }) => createImport(ctx, ctx.ports.uploads, body),
    answer: (job) => ({
      body: { import: view(job), upload: job.upload },
      version: job.version,
      location: `/imports/${job.importId}`,
    }),
  }),
  on(list, {
    run: (ctx, { page }) => listImports(ctx, page),
    answer: ({ items, position }) => ({ body: items.map(view), position }),
  }),
  on(get, {
    run: (ctx, { params }) => getImport(ctx, params.importId),
    answer: (job) => ({ body: view(job), version: job.version }),
  }),
  on(rowErrors, {
    run: (ctx, { params, page }) => listRowErrors(ctx, params.importId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
