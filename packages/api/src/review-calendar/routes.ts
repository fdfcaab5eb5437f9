import type { CadenceStore, ReviewedPeriods } from "@concord/core/cadence";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import { CalendarFilter, getCalendar, ReviewCalendar } from "@concord/core/review-calendar";
import type { TenantProfileStore } from "@concord/core/tenant";
import { on, type Route, route } from "../http/route.ts";

const get = route({
  operationId: "getReviewCalendar",
  tag: "review-cycles",
  summary:
    "The cycles under way and the next ones: windows, who leads, what is measured, when feedback is there",
  method: "get",
  path: "/calendar",
  permission: "cycle:read",
  retry: "safe",
  rate: "read",
  request: { query: CalendarFilter },
  response: { status: 200, body: ReviewCalendar },
  errors: ["partner-not-found"],
});

type Store = CadenceStore & PartnerStore & ProgramStore & ReviewedPeriods & TenantProfileStore;

export const reviewCalendarRoutes: readonly Route<Store>[] = [
  on(get, { run: (ctx, { query }) => getCalendar(ctx, query), answer: (body) => ({ body }) }),
];
