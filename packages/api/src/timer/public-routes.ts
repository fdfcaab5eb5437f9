import { TickReport } from "@concord/core/timer";
import { z } from "zod";
import type { PublicRoute } from "../http/public-route.ts";

const TickState = z.object({
  /** Null before the first tick. */
  lastTick: TickReport.nullable(),
});

const tickz: PublicRoute = {
  operationId: "getTickState",
  tag: "probes",
  summary: "When the tick ran last, what it did, and since when what it left has been due",
  method: "get",
  path: "/tickz",
  rate: "open",
  response: { status: 200, body: TickState },
  errors: [],
  async respond({ data }) {
    const lastTick = (await data.lastTick()) ?? null;
    return {
      status: 200,
      headers: { "Content-Type": "application/json; charset=utf-8" },
      body: JSON.stringify({ lastTick }),
    };
  },
};

export const tickRoutes: readonly PublicRoute[] = [tickz];
