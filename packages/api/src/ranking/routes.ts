import { Period } from "@concord/core/calendar";
import { PartnerId } from "@concord/core/id";
import {
  exportRanking,
  getRankingPosition,
  getRankingSummary,
  listRanking,
  RankedPartner,
  RankingFilter,
  RankingPosition,
  type RankingStore,
  RankingSummary,
  rankingCsv,
} from "@concord/core/ranking";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PeriodPath = z.object({ period: Period });

const read = {
  tag: "rankings",
  method: "get",
  permission: "ranking:read",
  retry: "safe",
  rate: "read",
} as const;

const list = route({
  ...read,
  operationId: "listRanking",
  summary:
    "Rank the partners of a period among their peers, best first; then those whose data allows no rating",
  path: "/rankings/{period}",
  request: { params: PeriodPath, query: RankingFilter },
  response: { status: 200, body: RankedPartner, isList: true },
  errors: [],
});

const getSummary = route({
  ...read,
  operationId: "getRankingSummary",
  summary: "How the partners of a period are spread over the ratings, in all and by group of peers",
  path: "/rankings/{period}/summary",
  request: { params: PeriodPath },
  response: { status: 200, body: RankingSummary },
  errors: [],
});

const exportCsv = route({
  ...read,
  operationId: "exportRanking",
  summary: "The whole ranking of a period as CSV",
  path: "/rankings/{period}/export",
  request: { params: PeriodPath, query: RankingFilter },
  response: { status: 200, body: z.string(), mediaType: "text/csv", source: RankedPartner.array() },
  errors: [],
});

const getPosition = route({
  ...read,
  operationId: "getRankingPosition",
  summary: "Read a partner's own place among its peers, and how many these are",
  path: "/partners/{partnerId}/ranking/{period}",
  permission: "ranking-position:read",
  request: { params: z.object({ partnerId: PartnerId, period: Period }) },
  response: { status: 200, body: RankingPosition },
  errors: ["ranking-entry-not-found"],
});

export const rankingRoutes: readonly Route<RankingStore>[] = [
  on(list, {
    run: (ctx, { params, query, page }) => listRanking(ctx, { ...params, ...query }, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(getSummary, {
    run: (ctx, { params }) => getRankingSummary(ctx, params.period),
    answer: (body) => ({ body }),
  }),
  on(exportCsv, {
    run: (ctx, { params, query }) => exportRanking(ctx, { ...params, ...query }),
    answer: (rows) => ({ body: rankingCsv(rows) }),
  }),
  on(getPosition, {
    run: (ctx, { params }) => getRankingPosition(ctx, params),
    answer: (body) => ({ body }),
  }),
];
