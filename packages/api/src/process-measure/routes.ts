import { Period } from "@concord/core/calendar";
import type { CycleStore } from "@concord/core/cycle";
import type { DisputeStore } from "@concord/core/dispute";
import { ProgramId } from "@concord/core/id";
import { measureProcess, ProcessMeasures } from "@concord/core/process-measure";
import type { ProgramStore } from "@concord/core/program";
import type { RankingStore } from "@concord/core/ranking";
import type { ReviewStore } from "@concord/core/review";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const get = route({
  operationId: "getProcessMeasures",
  tag: "review-cycles",
  summary:
    "How the process itself went in a cycle: reviews signed, current scores, disputes and how long they took",
  method: "get",
  path: "/programs/{programId}/process-measures/{period}",
  permission: "ranking:read",
  retry: "safe",
  rate: "bulk",
  request: { params: z.object({ programId: ProgramId, period: Period }) },
  response: { status: 200, body: ProcessMeasures },
  errors: ["cycle-not-found"],
});

export const processMeasureRoutes: readonly Route<
  CycleStore & DisputeStore & ProgramStore & RankingStore & Pick<ReviewStore, "reviews">
>[] = [
  on(get, {
    run: (ctx, { params }) => measureProcess(ctx, params),
    answer: (body) => ({ body }),
  }),
];
