import type { SubscriptionStore } from "@concord/core/edition";
import {
  getRetention,
  KEPT_DAYS,
  listRetentionRuns,
  previewRetention,
  type RecordStore,
  type RetentionDays,
  RetentionKind,
  RetentionPreview,
  RetentionRules,
  RetentionRunView,
  type RetentionStore,
  SetRetentionRules,
  setRetention,
} from "@concord/core/retention";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const Days = z.coerce.number().int().min(KEPT_DAYS.least).max(KEPT_DAYS.most).optional();
/** Each kind by its name. */
const PreviewQuery = z.strictObject(
  Object.fromEntries(RetentionKind.options.map((kind) => [kind, Days])) as Record<
    RetentionKind,
    typeof Days
  >,
);

const namedIn = (query: z.infer<typeof PreviewQuery>): RetentionDays =>
  Object.fromEntries(Object.entries(query).filter(([, days]) => days !== undefined));

const tag = "retention";
const read = { tag, method: "get", retry: "safe", permission: "retention:read" } as const;

const get = route({
  ...read,
  operationId: "getRetention",
  summary: "Read how many days each kind of record is kept after it is over",
  path: "/retention",
  rate: "read",
  request: {},
  response: { status: 200, body: RetentionRules },
  errors: [],
});

const set = route({
  tag,
  method: "put",
  retry: "conditional",
  rate: "write",
  operationId: "setRetention",
  summary:
    'Set how long records are kept; If-Match: "0" at first. What is past its time goes at night',
  path: "/retention",
  permission: "retention:manage",
  request: { body: SetRetentionRules, ifMatch: "required" },
  response: { status: 200, body: RetentionRules },
  errors: ["edition-limit-reached"],
});

const preview = route({
  ...read,
  operationId: "previewRetention",
  summary: "Count what such rules would remove today, and what legal holds would keep",
  path: "/retention/preview",
  rate: "bulk",
  request: { query: PreviewQuery },
  response: { status: 200, body: RetentionPreview },
  errors: [],
});

const runs = route({
  ...read,
  operationId: "listRetentionRuns",
  summary: "List what was removed day by day, the newest first",
  path: "/retention/runs",
  rate: "read",
  request: {},
  response: { status: 200, body: RetentionRunView, isList: true },
  errors: [],
});

const versioned = (rules: RetentionRules) => ({ body: rules, version: rules.version });

export const retentionRoutes: readonly Route<
  RecordStore & RetentionStore & SubscriptionStore & TenantProfileStore
>[] = [
  on(get, { run: (ctx) => getRetention(ctx), answer: versioned }),
  on(set, {
    run: (ctx, { body, ifVersion }) => setRetention(ctx, { ifVersion, rules: body }),
    answer: versioned,
  }),
  on(preview, {
    run: (ctx, { query }) => previewRetention(ctx, namedIn(query)),
    answer: (body) => ({ body }),
  }),
  on(runs, {
    run: (ctx, { page }) => listRetentionRuns(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
