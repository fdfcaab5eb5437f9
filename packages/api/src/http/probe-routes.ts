import { z } from "zod";
import { transportProblem } from "./problem.ts";
import type { PublicRoute } from "./public-route.ts";

const Probe = z.object({ status: z.literal("ok") });
const ok = {
  status: 200,
  headers: { "Content-Type": "application/json; charset=utf-8" },
  body: JSON.stringify({ status: "ok" }),
} as const;

const livez: PublicRoute = {
  operationId: "getLiveness",
  tag: "probes",
  summary: "Whether the process answers",
  method: "get",
  path: "/livez",
  rate: "open",
  response: { status: 200, body: Probe },
  errors: [],
  respond: () => Promise.resolve(ok),
};

const readyz: PublicRoute = {
  operationId: "getReadiness",
  tag: "probes",
  summary: "Whether the table answers and tokens can be verified",
  method: "get",
  path: "/readyz",
  rate: "open",
  response: { status: 200, body: Probe },
  errors: ["unavailable"],
  async respond({ data, requestId }) {
    if (await data.isReady().catch(() => false)) return ok;
    const problem = transportProblem("unavailable", requestId);
    return {
      status: problem.status,
      headers: { "Content-Type": "application/problem+json" },
      body: JSON.stringify(problem),
    };
  },
};

export const probeRoutes: readonly PublicRoute[] = [livez, readyz];
