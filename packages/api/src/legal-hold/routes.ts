import { LegalHoldId } from "@concord/core/id";
import {
  getLegalHold,
  LegalHold,
  type LegalHoldStore,
  listLegalHolds,
  PlaceLegalHold,
  placeLegalHold,
  ReleaseLegalHold,
  releaseLegalHold,
} from "@concord/core/legal-hold";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const HoldPath = z.object({ holdId: LegalHoldId });

const tag = "retention";
const read = {
  tag,
  method: "get",
  retry: "safe",
  rate: "read",
  permission: "legal-hold:read",
} as const;
const change = {
  tag,
  method: "post",
  retry: "conditional",
  rate: "write",
  permission: "legal-hold:manage",
} as const;

const place = route({
  ...change,
  operationId: "placeLegalHold",
  summary: "Keep everything of a partner, or of the tenant, until the hold is released",
  path: "/legal-holds",
  request: { body: PlaceLegalHold },
  response: { status: 201, body: LegalHold },
  errors: ["partner-not-found", "legal-hold-limit", "version-stale"],
});

const list = route({
  ...read,
  operationId: "listLegalHolds",
  summary: "List legal holds, the newest first; released ones stay",
  path: "/legal-holds",
  request: {},
  response: { status: 200, body: LegalHold, isList: true },
  errors: [],
});

const get = route({
  ...read,
  operationId: "getLegalHold",
  summary: "Read one legal hold: who placed it, why, since when",
  path: "/legal-holds/{holdId}",
  request: { params: HoldPath },
  response: { status: 200, body: LegalHold },
  errors: ["legal-hold-not-found"],
});

const release = route({
  ...change,
  operationId: "releaseLegalHold",
  summary: "Release a legal hold, with a reason; what is past its time goes with the next run",
  path: "/legal-holds/{holdId}/release",
  request: { params: HoldPath, body: ReleaseLegalHold, ifMatch: "required" },
  response: { status: 200, body: LegalHold },
  errors: ["legal-hold-not-found", "legal-hold-released"],
});

const versioned = (hold: LegalHold) => ({ body: hold, version: hold.version });

export const legalHoldRoutes: readonly Route<LegalHoldStore & PartnerStore>[] = [
  on(place, {
    run: (ctx, { body }) => placeLegalHold(ctx, body),
    answer: (hold) => ({ ...versioned(hold), location: `/legal-holds/${hold.holdId}` }),
  }),
  on(list, {
    run: (ctx, { page }) => listLegalHolds(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => getLegalHold(ctx, params.holdId), answer: versioned }),
  on(release, {
    run: (ctx, { params, body, ifVersion }) =>
      releaseLegalHold(ctx, { ...params, ifVersion, reason: body.reason }),
    answer: versioned,
  }),
];
