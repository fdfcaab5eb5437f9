import { Period } from "@concord/core/calendar";
import { PartnerId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { ScorecardStore } from "@concord/core/scorecard";
import { SupposedCard, tryWhatIf, WhatIf } from "@concord/core/what-if";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const whatIf = route({
  operationId: "tryWhatIf",
  tag: "scorecards",
  summary:
    "A partner's card of a period as it would be with other weights, targets or values; nothing is kept",
  method: "post",
  path: "/partners/{partnerId}/scorecards/{period}/what-if",
  permission: "scorecard:read",
  retry: "safe",
  rate: "bulk",
  request: { params: z.object({ partnerId: PartnerId, period: Period }), body: WhatIf },
  response: { status: 200, body: SupposedCard },
  errors: [
    "partner-not-found",
    "scorecard-without-program",
    "program-version-not-found",
    "what-if-invalid",
  ],
});

export const whatIfRoutes: readonly Route<PartnerStore & ProgramStore & ScorecardStore>[] = [
  on(whatIf, {
    run: (ctx, { params, body }) => tryWhatIf(ctx, params, body),
    answer: (body) => ({ body }),
  }),
];
