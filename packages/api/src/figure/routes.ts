import type { RosterStore } from "@concord/core/assignment";
import { Period } from "@concord/core/calendar";
import type { ContentionStore } from "@concord/core/contention";
import {
  Figure,
  FigureMonth,
  FigureOverview,
  type FigureStore,
  FigureTerms,
  getFigures,
  ImportedFigures,
  ImportFigures,
  importFigures,
  listFigureTerms,
  PutFigure,
  putFigure,
} from "@concord/core/figure";
import { PartnerId, ProgramId } from "@concord/core/id";
import { MeasureName } from "@concord/core/metric";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { RollupStore } from "@concord/core/rollup";
import type { SourceStore } from "@concord/core/source";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

export const list = route({
  operationId: "listFigureTerms",
  tag: "figures",
  summary: "List the measures whose figures are handed in: unit, source, by whom and how often",
  method: "get",
  path: "/figure-terms",
  permission: "figure:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: z.object({ items: z.array(FigureTerms) }) },
  errors: [],
});

export const get = route({
  operationId: "getFigures",
  tag: "figures",
  summary: "Read what of a partner's period is handed in, what is missing and until when it counts",
  method: "get",
  path: "/partners/{partnerId}/figures/{period}",
  permission: "figure:read",
  retry: "safe",
  rate: "read",
  request: {
    params: z.object({ partnerId: PartnerId, period: Period }),
    query: z.strictObject({ programId: ProgramId.optional() }),
  },
  response: { status: 200, body: FigureOverview },
  errors: ["partner-not-found", "scorecard-without-program"],
});

export const put = route({
  operationId: "putFigure",
  tag: "figures",
  summary: 'Hand in or correct the figure of one month; If-Match: "0" before the first time',
  method: "put",
  path: "/partners/{partnerId}/figures/{measure}/{month}",
  permission: "figure:put",
  retry: "conditional",
  rate: "write",
  request: {
    params: z.object({ partnerId: PartnerId, measure: MeasureName, month: FigureMonth }),
    body: PutFigure,
    ifMatch: "required",
  },
  response: { status: 200, body: Figure },
  errors: [
    "partner-not-found",
    "figure-not-found",
    "figure-invalid",
    "figure-of-vendor",
    "duty-of-others",
    "changes-contended",
  ],
});

export const takeMany = route({
  operationId: "importFigures",
  tag: "figures",
  summary:
    "Take figures of many partners from another system, as a list or a CSV text; all are checked first, and what stands already changes nothing",
  method: "post",
  path: "/figure-imports",
  permission: "figure:put",
  retry: "safe",
  rate: "bulk",
  request: { body: ImportFigures },
  response: { status: 200, body: ImportedFigures },
  errors: ["figures-invalid", "figure-of-vendor", "duty-of-others", "changes-contended"],
});

export const figureRoutes: readonly Route<
  ContentionStore &
    FigureStore &
    PartnerStore &
    ProgramStore &
    RollupStore &
    RosterStore &
    SourceStore
>[] = [
  on(list, {
    run: (ctx) => listFigureTerms(ctx),
    answer: (items) => ({ body: { items } }),
  }),
  on(get, {
    run: (ctx, { params, query }) => getFigures(ctx, { ...params, ...query }),
    answer: (overview) => ({ body: overview }),
  }),
  on(put, {
    run: (ctx, { params, body, ifVersion }) =>
      putFigure(ctx, { ...params, ifVersion, input: body }),
    answer: (figure) => ({ body: figure, version: figure.version }),
  }),
  on(takeMany, {
    run: (ctx, { body }) => importFigures(ctx, body),
    answer: (taken) => ({ body: taken }),
  }),
];
