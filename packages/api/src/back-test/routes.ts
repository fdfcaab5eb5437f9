import { BackTestedPartner, BackTestFilter, backTestProgram } from "@concord/core/back-test";
import { ProgramId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { ScorecardStore } from "@concord/core/scorecard";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const backTest = route({
  tag: "programs",
  operationId: "backTestProgram",
  summary:
    "Score past periods under two versions of a program, partner by partner, before publishing the draft",
  method: "get",
  path: "/programs/{programId}/back-test",
  permission: "program:write",
  retry: "safe",
  rate: "bulk",
  request: { params: z.object({ programId: ProgramId }), query: BackTestFilter },
  response: { status: 200, body: BackTestedPartner, isList: true },
  errors: ["program-not-found", "program-version-not-found", "program-not-publishable"],
});

export const backTestRoutes: readonly Route<PartnerStore & ProgramStore & ScorecardStore>[] = [
  on(backTest, {
    run: (ctx, { params, query, page }) => backTestProgram(ctx, { ...params, ...query }, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
