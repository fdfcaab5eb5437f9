import { FactReportId, PartnerId } from "@concord/core/id";
import {
  FactReport,
  listFactReports,
  listFactReportWork,
  type OpportunityStore,
  ReportFact,
  ResolveFactReport,
  reportFact,
  resolveFactReport,
} from "@concord/core/opportunity";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });

export const report = route({
  operationId: "reportFact",
  tag: "opportunities",
  summary: "Tell the data steward that a fact is wrong or missing",
  method: "post",
  path: "/partners/{partnerId}/fact-reports",
  permission: "fact-report:create",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerPath, body: ReportFact },
  response: { status: 201, body: FactReport },
  errors: ["partner-not-found", "opportunity-not-found"],
});

export const list = route({
  operationId: "listFactReports",
  tag: "opportunities",
  summary: "List what a partner reported of its facts, oldest first",
  method: "get",
  path: "/partners/{partnerId}/fact-reports",
  permission: "fact-report:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerPath },
  response: { status: 200, body: FactReport, isList: true },
  errors: ["partner-not-found"],
});

export const work = route({
  operationId: "listFactReportWork",
  tag: "opportunities",
  summary: "List the open reports on your own work list, oldest first",
  method: "get",
  path: "/fact-reports",
  permission: "fact-report:resolve",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: FactReport, isList: true },
  errors: [],
});

export const resolve = route({
  operationId: "resolveFactReport",
  tag: "opportunities",
  summary: "Answer a report",
  method: "post",
  path: "/partners/{partnerId}/fact-reports/{factReportId}/resolve",
  permission: "fact-report:resolve",
  retry: "conditional",
  rate: "write",
  request: {
    params: z.object({ partnerId: PartnerId, factReportId: FactReportId }),
    body: ResolveFactReport,
    ifMatch: "required",
  },
  response: { status: 200, body: FactReport },
  errors: ["fact-report-not-found", "fact-report-resolved"],
});

export const factReportRoutes: readonly Route<OpportunityStore & PartnerStore>[] = [
  on(report, {
    run: (ctx, { params, body }) => reportFact(ctx, { ...params, input: body }),
    answer: (made) => ({ body: made, version: made.version }),
  }),
  on(list, {
    run: (ctx, { params, page }) => listFactReports(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(work, {
    run: (ctx, { page }) => listFactReportWork(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(resolve, {
    run: (ctx, { params, body, ifVersion }) =>
      resolveFactReport(ctx, { ...params, ifVersion, input: body }),
    answer: (resolved) => ({ body: resolved, version: resolved.version }),
  }),
];
