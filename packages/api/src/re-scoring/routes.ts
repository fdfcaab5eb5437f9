import { ProgramId } from "@concord/core/id";
import type { ProgramStore } from "@concord/core/program";
import { getReScoring, ReScoringProgress, type ReScoringStore } from "@concord/core/re-scoring";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

export const get = route({
  operationId: "getReScoring",
  tag: "programs",
  summary: "Read how far the live scores of all partners follow a published version",
  method: "get",
  path: "/programs/{programId}/versions/{version}/re-scoring",
  permission: "program:read",
  retry: "safe",
  rate: "read",
  request: {
    params: z.object({
      programId: ProgramId,
      version: z.coerce.number().int().min(1).max(99_999),
    }),
  },
  response: { status: 200, body: ReScoringProgress },
  errors: ["program-version-not-found"],
});

export const reScoringRoutes: readonly Route<ProgramStore & ReScoringStore>[] = [
  on(get, {
    run: (ctx, { params }) => getReScoring(ctx, params),
    answer: (progress) => ({ body: progress }),
  }),
];
