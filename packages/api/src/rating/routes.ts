import type { ContentionStore } from "@concord/core/contention";
import { FigureMonth } from "@concord/core/figure";
import { PartnerId } from "@concord/core/id";
import { IndicatorId } from "@concord/core/metric";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import {
  getOwnRating,
  type IndicatorRating,
  IndicatorTerms,
  listIndicators,
  listRatings,
  RateIndicator,
  type RatingStore,
  RatingsQuery,
  rateIndicator,
  retractRating,
  ShownRating,
} from "@concord/core/rating";
import type { RollupStore } from "@concord/core/rollup";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

const OwnPath = z.object({ partnerId: PartnerId, indicatorId: IndicatorId, month: FigureMonth });
const path = "/partners/{partnerId}/ratings/{indicatorId}/{month}";
const read = { tag: "ratings", method: "get", retry: "safe", rate: "read" } as const;
const change = {
  tag: "ratings",
  permission: "indicator-rating:put",
  retry: "conditional",
  rate: "write",
} as const;

const indicators = route({
  ...read,
  operationId: "listIndicators",
  summary: "List what people rate from 1 to 5: the five anchors, which side rates, and its measure",
  path: "/indicators",
  permission: "indicator-rating:read",
  request: {},
  response: { status: 200, body: z.object({ items: z.array(IndicatorTerms) }) },
  errors: [],
});

const list = route({
  ...read,
  operationId: "listRatings",
  summary: "List the ratings of a partner with their evidence, by month and indicator",
  path: "/partners/{partnerId}/ratings",
  permission: "indicator-rating:read",
  request: { params: z.object({ partnerId: PartnerId }), query: RatingsQuery },
  response: { status: 200, body: ShownRating, isList: true },
  errors: ["partner-not-found", "indicator-rating-invalid"],
});

const get = route({
  ...read,
  operationId: "getOwnRating",
  summary: "Read your own rating of an indicator and month",
  path,
  permission: "indicator-rating:put",
  request: { params: OwnPath },
  response: { status: 200, body: ShownRating },
  errors: ["indicator-rating-not-found"],
});

const put = route({
  ...change,
  operationId: "rateIndicator",
  summary: 'Rate, or rate again, with evidence; If-Match: "0" before the first time',
  method: "put",
  path,
  request: { params: OwnPath, body: RateIndicator, ifMatch: "required" },
  response: { status: 200, body: ShownRating },
  errors: [
    "partner-not-found",
    "indicator-not-found",
    "indicator-side-not-asked",
    "indicator-rating-invalid",
    "indicator-voices-full",
    "changes-contended",
  ],
});

const takeBack = route({
  ...change,
  operationId: "retractRating",
  summary: "Take your own rating back; value and evidence go",
  method: "post",
  path: `${path}/retract`,
  request: { params: OwnPath, ifMatch: "required" },
  response: { status: 200, body: ShownRating },
  errors: [
    "partner-not-found",
    "indicator-rating-not-found",
    "indicator-rating-retracted",
    "changes-contended",
  ],
});

/** Whoever changes a rating changes their own. */
const own = (rating: IndicatorRating): RouteAnswer => ({
  body: { ...rating, isOwn: true },
  version: rating.version,
});

export const ratingRoutes: readonly Route<
  ContentionStore & RatingStore & PartnerStore & ProgramStore & RollupStore & TenantProfileStore
>[] = [
  on(indicators, {
    run: (ctx) => listIndicators(ctx),
    answer: (items) => ({ body: { items } }),
  }),
  on(list, {
    run: (ctx, { params, query, page }) => listRatings(ctx, { ...params, ...query }, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, {
    run: (ctx, { params }) => getOwnRating(ctx, params),
    answer: (rating) => ({ body: rating, version: rating.version }),
  }),
  on(put, {
    run: (ctx, { params, body, ifVersion }) =>
      rateIndicator(ctx, { ...params, ifVersion, input: body }),
    answer: own,
  }),
  on(takeBack, {
    run: (ctx, { params, ifVersion }) => retractRating(ctx, { ...params, ifVersion }),
    answer: own,
  }),
];
