import type { DisputeStore } from "@concord/core/dispute";
import { PartnerId, ProgramId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { ScorecardStore } from "@concord/core/scorecard";
import type { TenantProfileStore } from "@concord/core/tenant";
import {
  DecideTier,
  decideTier,
  getTier,
  listTiers,
  listWaitingTiers,
  PartnerTier,
  reevaluateTier,
  type TierStore,
} from "@concord/core/tier";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });
const TierPath = PartnerPath.extend({ programId: ProgramId });
const path = "/partners/{partnerId}/tiers";
const read = {
  tag: "tiers",
  method: "get",
  permission: "tier:read",
  retry: "safe",
  rate: "read",
} as const;

const list = route({
  ...read,
  operationId: "listPartnerTiers",
  summary: "List the tiers of a partner, one for each program, with what is recommended",
  path,
  request: { params: PartnerPath },
  response: { status: 200, body: PartnerTier, isList: true },
  errors: ["partner-not-found"],
});

const getOne = route({
  ...read,
  operationId: "getPartnerTier",
  summary: "Read the tier of a partner in a program, its history and what is recommended, and why",
  path: `${path}/{programId}`,
  request: { params: TierPath },
  response: { status: 200, body: PartnerTier },
  errors: ["tier-not-found"],
});

const evaluateOne = route({
  tag: "tiers",
  method: "post",
  operationId: "evaluatePartnerTier",
  summary: "Look at the newest revision of the card again, such as after a dispute",
  path: `${path}/{programId}/evaluate`,
  permission: "tier:evaluate",
  retry: "conditional",
  rate: "write",
  request: { params: TierPath },
  response: { status: 200, body: PartnerTier },
  errors: ["tier-not-found", "version-stale"],
});

const decideOne = route({
  tag: "tiers",
  method: "post",
  operationId: "decidePartnerTier",
  summary: "Confirm or decline what is recommended; a demotion once the appeal window is over",
  path: `${path}/{programId}/decide`,
  permission: "tier:decide",
  retry: "conditional",
  rate: "write",
  request: { params: TierPath, body: DecideTier, ifMatch: "required" },
  response: { status: 200, body: PartnerTier },
  errors: [
    "tier-not-found",
    "tier-not-recommended",
    "tier-recommendation-stale",
    "tier-too-early",
    "tier-disputed",
  ],
});

const waiting = route({
  ...read,
  operationId: "listTierRecommendations",
  summary: "List the tiers whose recommendation waits for a decision, the longest first",
  path: "/tier-recommendations",
  permission: "tier:decide",
  request: {},
  response: { status: 200, body: PartnerTier, isList: true },
  errors: [],
});

export const tierRoutes: readonly Route<
  DisputeStore & PartnerStore & ProgramStore & ScorecardStore & TenantProfileStore & TierStore
>[] = [
  on(list, {
    run: (ctx, { params, page }) => listTiers(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(getOne, {
    run: (ctx, { params }) => getTier(ctx, params),
    answer: (tier) => ({ body: tier, version: tier.version }),
  }),
  on(evaluateOne, {
    run: (ctx, { params }) => reevaluateTier(ctx, params),
    answer: (tier) => ({ body: tier, version: tier.version }),
  }),
  on(decideOne, {
    run: (ctx, { params, body, ifVersion }) => decideTier(ctx, { ...params, ifVersion }, body),
    answer: (tier) => ({ body: tier, version: tier.version }),
  }),
  on(waiting, {
    run: (ctx, { page }) => listWaitingTiers(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
