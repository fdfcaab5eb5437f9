import {
  Cycle,
  type CycleStore,
  CycleWithProgress,
  getCycle,
  listCycles,
} from "@concord/core/cycle";
import { CycleId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import { ExportedCards, exportedCardsCsv, exportScorecards } from "@concord/core/ranking";
import type { RollupRepository } from "@concord/core/rollup";
import type { ScorecardStore } from "@concord/core/scorecard";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const CyclePath = z.object({ cycleId: CycleId });

const list = route({
  operationId: "listReviewCycles",
  tag: "review-cycles",
  summary: "List the review cycles, the one opened last first, with their windows",
  method: "get",
  path: "/review-cycles",
  permission: "cycle:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: Cycle, isList: true },
  errors: [],
});

const get = route({
  operationId: "getReviewCycle",
  tag: "review-cycles",
  summary: "Read one review cycle and, as a member, how far its steps are",
  method: "get",
  path: "/review-cycles/{cycleId}",
  permission: "cycle:read",
  retry: "safe",
  rate: "read",
  request: { params: CyclePath },
  response: { status: 200, body: CycleWithProgress },
  errors: ["cycle-not-found"],
});

const exportCards = route({
  operationId: "exportScorecards",
  tag: "review-cycles",
  summary:
    "The cards of a cycle as CSV, a line a partner; frozen ones once the data window is over",
  method: "get",
  path: "/review-cycles/{cycleId}/scorecards/export",
  permission: "ranking:read",
  retry: "safe",
  rate: "read",
  request: { params: CyclePath },
  response: { status: 200, body: z.string(), mediaType: "text/csv", source: ExportedCards },
  errors: ["cycle-not-found"],
});

type Store = CycleStore &
  PartnerStore &
  ProgramStore &
  ScorecardStore & { readonly rollups: Pick<RollupRepository, "months"> };

export const cycleRoutes: readonly Route<Store>[] = [
  on(list, {
    run: (ctx, { page }) => listCycles(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, {
    run: (ctx, { params }) => getCycle(ctx, params.cycleId),
    answer: (cycle) => ({ body: cycle, version: cycle.version }),
  }),
  on(exportCards, {
    run: (ctx, { params }) => exportScorecards(ctx, params.cycleId),
    answer: (cards) => ({ body: exportedCardsCsv(cards) }),
  }),
];
