import {
  AdjustScore,
  adjustScore,
  CalibratedCard,
  Calibration,
  CalibrationGroups,
  type CalibrationStore,
  closeCalibration,
  getCalibration,
  getCalibrationGroups,
  listCalibratedCards,
  openCalibration,
} from "@concord/core/calibration";
import type { CycleStore } from "@concord/core/cycle";
import { CycleId, PartnerId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { ReviewStore } from "@concord/core/review";
import { type FactStore, FrozenCard, type ScorecardStore } from "@concord/core/scorecard";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const CyclePath = z.object({ cycleId: CycleId });
const path = "/review-cycles/{cycleId}/calibration";
const read = {
  tag: "calibration",
  method: "get",
  permission: "calibration:read",
  retry: "safe",
} as const;
const change = { tag: "calibration", method: "post", retry: "conditional", rate: "write" } as const;

const getOne = route({
  ...read,
  rate: "read",
  operationId: "getCalibration",
  summary: "Read the calibration of a cycle: whether scores can be adjusted now",
  path,
  request: { params: CyclePath },
  response: { status: 200, body: Calibration },
  errors: ["calibration-not-found"],
});

const openOne = route({
  ...change,
  operationId: "openCalibration",
  summary: "Open the calibration of a cycle whose cards are frozen, or open it again",
  path,
  permission: "calibration:conduct",
  request: { params: CyclePath },
  response: { status: 201, body: Calibration },
  errors: ["cycle-not-found", "calibration-too-early", "calibration-open"],
});

const closeOne = route({
  ...change,
  operationId: "closeCalibration",
  summary: "Close the calibration of a cycle: adjusted scores stay as they are",
  path: `${path}/close`,
  permission: "calibration:conduct",
  request: { params: CyclePath, ifMatch: "required" },
  response: { status: 200, body: Calibration },
  errors: ["calibration-not-found", "calibration-closed"],
});

const listCards = route({
  ...read,
  rate: "bulk",
  operationId: "listCalibratedCards",
  summary: "List the frozen cards of a cycle by partner name, with score, region and manager",
  path: `${path}/cards`,
  request: { params: CyclePath },
  response: { status: 200, body: CalibratedCard, isList: true },
  errors: ["cycle-not-found"],
});

const getGroups = route({
  ...read,
  rate: "bulk",
  operationId: "getCalibrationGroups",
  summary: "Mean and spread of the scores of a cycle, for each region and each partner manager",
  path: `${path}/groups`,
  request: { params: CyclePath },
  response: { status: 200, body: CalibrationGroups },
  errors: ["cycle-not-found"],
});

const adjust = route({
  ...change,
  operationId: "adjustScore",
  summary: "Adjust the score of a card within the program's bound, or take that back",
  path: "/review-cycles/{cycleId}/scorecards/{partnerId}/adjust",
  permission: "calibration:adjust",
  request: {
    params: CyclePath.extend({ partnerId: PartnerId }),
    body: AdjustScore,
    ifMatch: "required",
  },
  response: { status: 201, body: FrozenCard },
  errors: [
    "scorecard-not-found",
    "calibration-not-found",
    "calibration-closed",
    "calibration-own-partner",
    "calibration-beyond-bound",
    "calibration-not-rated",
    "scorecard-unchanged",
  ],
});

export const calibrationRoutes: readonly Route<
  CalibrationStore &
    CycleStore &
    FactStore &
    PartnerStore &
    ProgramStore &
    Pick<ReviewStore, "reviews"> &
    ScorecardStore
>[] = [
  on(getOne, {
    run: (ctx, { params }) => getCalibration(ctx, params.cycleId),
    answer: (calibration) => ({ body: calibration, version: calibration.version }),
  }),
  on(openOne, {
    run: (ctx, { params }) => openCalibration(ctx, params.cycleId),
    answer: (calibration, { params }) => ({
      body: calibration,
      version: calibration.version,
      location: `/review-cycles/${params.cycleId}/calibration`,
    }),
  }),
  on(closeOne, {
    run: (ctx, { params, ifVersion }) => closeCalibration(ctx, { ...params, ifVersion }),
    answer: (calibration) => ({ body: calibration, version: calibration.version }),
  }),
  on(listCards, {
    run: (ctx, { params, page }) => listCalibratedCards(ctx, params.cycleId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(getGroups, {
    run: (ctx, { params }) => getCalibrationGroups(ctx, params.cycleId),
    answer: (groups) => ({ body: groups }),
  }),
  on(adjust, {
    run: (ctx, { params, body, ifVersion }) => adjustScore(ctx, { ...params, ifVersion }, body),
    answer: (card, { params: { cycleId, partnerId } }) => ({
      body: card,
      version: card.revision,
      location: `/review-cycles/${cycleId}/scorecards/${partnerId}?revision=${card.revision}`,
    }),
  }),
];
