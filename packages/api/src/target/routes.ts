import { Quarter } from "@concord/core/calendar";
import { PartnerId, ProgramId } from "@concord/core/id";
import type { MemberStore } from "@concord/core/member";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { RollupStore } from "@concord/core/rollup";
import {
  acknowledgeTargets,
  getTargets,
  ImportedTargets,
  ImportTargets,
  importTargets,
  listTargets,
  listWaitingTargets,
  ProposeTargets,
  proposeTargets,
  suggestTargets,
  TargetSet,
  type TargetStore,
  TargetSuggestion,
} from "@concord/core/target";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

/** The first quarter that the targets are for. */
const SetPath = z.object({ partnerId: PartnerId, programId: ProgramId, period: Quarter });
const setPath = "/partners/{partnerId}/targets/{programId}/{period}";
const keyOf = ({ period, ...key }: z.infer<typeof SetPath>) => ({ ...key, from: period });
const tag = "targets";
const read = { tag, method: "get", retry: "safe", rate: "read" } as const;
const change = { tag, method: "post", retry: "conditional", rate: "write" } as const;

const list = route({
  ...read,
  operationId: "listTargets",
  summary: "List the targets of a partner: what is proposed, what both sides acknowledged and when",
  path: "/partners/{partnerId}/targets",
  permission: "target:read",
  request: { params: z.object({ partnerId: PartnerId }) },
  response: { status: 200, body: TargetSet, isList: true },
  errors: ["partner-not-found"],
});

const get = route({
  ...read,
  operationId: "getTargets",
  summary: "Read the targets of a partner in a program from a quarter on",
  path: setPath,
  permission: "target:read",
  request: { params: SetPath },
  response: { status: 200, body: TargetSet },
  errors: ["partner-not-found", "program-version-not-found"],
});

const propose = route({
  ...change,
  operationId: "proposeTargets",
  summary:
    'Propose targets, in force once both sides acknowledge them; If-Match: "0" where nothing was proposed yet',
  path: `${setPath}/proposals`,
  permission: "target:propose",
  request: { params: SetPath, body: ProposeTargets, ifMatch: "required" },
  response: { status: 201, body: TargetSet },
  errors: [
    "partner-not-found",
    "targets-invalid",
    "target-program-missing",
    "target-quarter-begun",
  ],
});

const acknowledge = route({
  ...change,
  operationId: "acknowledgeTargets",
  summary: "Acknowledge the proposed targets for your side, before their quarter begins",
  path: `${setPath}/acknowledge`,
  permission: "target:acknowledge",
  request: { params: SetPath, ifMatch: "required" },
  response: { status: 200, body: TargetSet },
  errors: [
    "partner-not-found",
    "target-proposal-missing",
    "target-proposal-acknowledged",
    "target-of-others",
    "target-acknowledged-by-same-person",
    "target-program-missing",
    "target-quarter-begun",
  ],
});

const suggest = route({
  ...read,
  operationId: "suggestTargets",
  summary:
    "What could be proposed: the figures of the same quarter a year before, better by some per cent; nothing is kept",
  path: `${setPath}/suggestion`,
  permission: "target:propose",
  request: {
    params: SetPath,
    query: z.strictObject({
      growthPercent: z.coerce.number().min(-100).max(1000).multipleOf(0.01).default(0),
    }),
  },
  response: { status: 200, body: TargetSuggestion },
  errors: ["partner-not-found", "target-program-missing", "target-quarter-begun"],
});

const importAll = route({
  tag,
  operationId: "importTargets",
  summary:
    "Propose the targets of many partners from a CSV text, or check it; all rows are checked before the first is written, and a repeat changes nothing",
  method: "put",
  path: "/programs/{programId}/targets/{period}",
  permission: "target:propose",
  retry: "safe",
  rate: "bulk",
  request: {
    params: z.object({ programId: ProgramId, period: Quarter }),
    body: ImportTargets,
  },
  response: { status: 200, body: ImportedTargets },
  errors: ["targets-invalid", "target-program-missing", "target-quarter-begun"],
});

const waiting = route({
  ...read,
  operationId: "listWaitingTargets",
  summary: "List the targets of every partner that wait for a side, the next to begin first",
  path: "/waiting-targets",
  permission: "waiting-target:read",
  request: {},
  response: { status: 200, body: TargetSet, isList: true },
  errors: [],
});

const versioned = (body: TargetSet) => ({ body, version: body.version });

export const targetRoutes: readonly Route<
  Pick<MemberStore, "members" | "partnerUsers"> &
    PartnerStore &
    ProgramStore &
    RollupStore &
    TargetStore
>[] = [
  on(list, {
    run: (ctx, { params, page }) => listTargets(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => getTargets(ctx, keyOf(params)), answer: versioned }),
  on(propose, {
    run: (ctx, { params, body, ifVersion }) =>
      proposeTargets(ctx, { ...keyOf(params), ifVersion }, body),
    answer: versioned,
  }),
  on(acknowledge, {
    run: (ctx, { params, ifVersion }) => acknowledgeTargets(ctx, { ...keyOf(params), ifVersion }),
    answer: versioned,
  }),
  on(suggest, {
    run: (ctx, { params, query }) => suggestTargets(ctx, { ...keyOf(params), ...query }),
    answer: (body) => ({ body }),
  }),
  on(importAll, {
    run: (ctx, { params: { programId, period }, body }) =>
      importTargets(ctx, { programId, from: period }, body),
    answer: (body) => ({ body }),
  }),
  on(waiting, {
    run: (ctx, { page }) => listWaitingTargets(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
