import { ExportId } from "@concord/core/id";
import type { TenantProfileStore } from "@concord/core/tenant";
import {
  type ExportStore,
  getExport,
  listExports,
  requestExport,
  summaryOf,
  TenantExportSummary,
  TenantExportView,
} from "@concord/core/tenant-export";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

export const request = route({
  operationId: "requestExport",
  tag: "subscription",
  summary: "Export everything of your tenant into files; a closed tenant may, too",
  method: "post",
  path: "/exports",
  permission: "tenant:export",
  retry: "conditional",
  rate: "bulk",
  standing: "always",
  request: {},
  response: { status: 202, body: TenantExportSummary },
  errors: ["export-running"],
});

export const list = route({
  operationId: "listExports",
  tag: "subscription",
  summary: "List the exports of your tenant, oldest first",
  method: "get",
  path: "/exports",
  permission: "tenant:export",
  retry: "safe",
  rate: "read",
  standing: "always",
  request: {},
  response: { status: 200, body: TenantExportSummary, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getExport",
  tag: "subscription",
  summary: "Read one export; once completed, with an address for each file",
  method: "get",
  path: "/exports/{exportId}",
  permission: "tenant:export",
  retry: "safe",
  rate: "read",
  standing: "always",
  request: { params: z.object({ exportId: ExportId }) },
  response: { status: 200, body: TenantExportView },
  errors: ["export-not-found", "tenant-not-found"],
});

export const exportRoutes: readonly Route<ExportStore & TenantProfileStore>[] = [
  on(request, {
    run: (ctx) => requestExport(ctx),
    answer: (job) => ({
      body: summaryOf(job),
      version: job.version,
      location: `/exports/${job.exportId}`,
    }),
  }),
  on(list, {
    run: (ctx) => listExports(ctx),
    answer: (all) => ({ body: all }),
  }),
  on(get, {
    run: (ctx, { params }) => getExport(ctx, ctx.ports.downloads, params.exportId),
    answer: (job) => ({ body: job, version: job.version }),
  }),
];
