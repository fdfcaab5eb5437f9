import type { ActionItemStore } from "@concord/core/action-item";
import type { RosterStore } from "@concord/core/assignment";
import type { CycleStore } from "@concord/core/cycle";
import { AgendaItemId, CycleId, PartnerId } from "@concord/core/id";
import type { PlaybookStore } from "@concord/core/playbook";
import type { ProgramStore } from "@concord/core/program";
import {
  AddAgendaItem,
  addAgendaItem,
  Contribution,
  ContributionsQuery,
  CreateContribution,
  closeSession,
  getSession,
  listContributions,
  listReviews,
  PlanSession,
  planSession,
  postContribution,
  Review,
  type ReviewStore,
  ReviewWithPlaybook,
  readReview,
  Session,
  SessionWithPlaybook,
  SignReview,
  signReview,
  UpdateAgendaItem,
  updateAgendaItem,
} from "@concord/core/review";
import { z } from "zod";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

const ReviewPath = z.object({ cycleId: CycleId, partnerId: PartnerId });
const AgendaItemPath = ReviewPath.extend({ agendaItemId: AgendaItemId });
const path = "/review-cycles/{cycleId}/reviews/{partnerId}";

const common = { tag: "reviews" } as const;
const read = {
  ...common,
  method: "get",
  permission: "review:read",
  retry: "safe",
  rate: "read",
} as const;
const conduct = {
  ...common,
  method: "post",
  permission: "review:conduct",
  retry: "conditional",
  rate: "write",
} as const;
const sessionErrors = [
  "duty-of-others",
  "review-not-found",
  "review-closed",
  "session-not-found",
  "session-closed",
  "version-stale",
] as const;

const list = route({
  ...read,
  operationId: "listReviews",
  summary: "List the reviews of a cycle that you may see, by partner name",
  path: "/review-cycles/{cycleId}/reviews",
  request: { params: z.object({ cycleId: CycleId }) },
  response: { status: 200, body: Review, isList: true },
  errors: ["cycle-not-found"],
});

const get = route({
  ...read,
  operationId: "getReview",
  summary: "Read one review: its windows, signatures and outcome",
  path,
  request: { params: ReviewPath },
  response: { status: 200, body: ReviewWithPlaybook },
  errors: ["review-not-found"],
});

const sign = route({
  ...common,
  operationId: "signReview",
  summary: "Sign for your side the revisions you saw, with or without reservation",
  method: "post",
  path: `${path}/sign`,
  permission: "review:sign",
  retry: "conditional",
  rate: "write",
  request: { params: ReviewPath, body: SignReview, ifMatch: "required" },
  response: { status: 200, body: Review },
  errors: [
    "review-not-found",
    "review-closed",
    "review-not-ready-to-sign",
    "review-already-signed",
    "version-stale",
  ],
});

const contribute = route({
  ...common,
  operationId: "postContribution",
  summary:
    "Post a win, lesson, need or comment before the session, or a note on a metric of the card",
  method: "post",
  path: `${path}/contributions`,
  permission: "review:contribute",
  retry: "conditional",
  rate: "write",
  request: { params: ReviewPath, body: CreateContribution },
  response: { status: 201, body: Contribution },
  errors: [
    "review-not-found",
    "review-closed",
    "contribution-window-closed",
    "contribution-metric-unknown",
  ],
});

const contributions = route({
  ...read,
  operationId: "listContributions",
  summary: "List what both sides posted, or their notes on one metric, oldest first",
  path: `${path}/contributions`,
  request: { params: ReviewPath, query: ContributionsQuery },
  response: { status: 200, body: Contribution, isList: true },
  errors: ["review-not-found"],
});

const plan = route({
  ...conduct,
  operationId: "planSession",
  summary: "Plan the session; its agenda starts with the partner's unfinished commitments",
  path: `${path}/session`,
  request: { params: ReviewPath, body: PlanSession },
  response: { status: 201, body: Session },
  errors: ["review-not-found", "review-closed", "session-exists", "duty-of-others"],
});

const session = route({
  ...read,
  operationId: "getSession",
  summary: "Read the session: agenda, notes and agreed actions",
  path: `${path}/session`,
  request: { params: ReviewPath },
  response: { status: 200, body: SessionWithPlaybook },
  errors: ["review-not-found", "session-not-found"],
});

const addItem = route({
  ...conduct,
  operationId: "addAgendaItem",
  summary: "Add an item to the agenda",
  path: `${path}/session/agenda`,
  request: { params: ReviewPath, body: AddAgendaItem, ifMatch: "required" },
  response: { status: 200, body: Session },
  errors: [...sessionErrors, "agenda-full"],
});

const updateItem = route({
  ...conduct,
  operationId: "updateAgendaItem",
  summary: "Write notes on an agenda item, or agree its action, owner and due date",
  method: "patch",
  path: `${path}/session/agenda/{agendaItemId}`,
  request: { params: AgendaItemPath, body: UpdateAgendaItem, ifMatch: "required" },
  response: { status: 200, body: Session },
  errors: [...sessionErrors, "agenda-item-not-found", "action-owner-unknown"],
});

const close = route({
  ...conduct,
  operationId: "closeSession",
  summary: "Close the session; each agreed action becomes an action item",
  path: `${path}/session/close`,
  request: { params: ReviewPath, ifMatch: "required" },
  response: { status: 200, body: Session },
  errors: [...sessionErrors, "session-incomplete", "action-owner-unknown"],
});

const versioned = (body: Review | Session): RouteAnswer => ({ body, version: body.version });

export const reviewRoutes: readonly Route<
  ReviewStore & CycleStore & PlaybookStore & ActionItemStore & ProgramStore & RosterStore
>[] = [
  on(list, {
    run: (ctx, { params, page }) => listReviews(ctx, params.cycleId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => readReview(ctx, params), answer: versioned }),
  on(sign, {
    run: (ctx, { params, body, ifVersion }) => signReview(ctx, { ...params, ifVersion }, body),
    answer: versioned,
  }),
  on(contribute, {
    run: (ctx, { params, body }) => postContribution(ctx, params, body),
    answer: (contribution) => ({ body: contribution }),
  }),
  on(contributions, {
    run: (ctx, { params, query, page }) => listContributions(ctx, { ...params, ...query }, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(plan, {
    run: (ctx, { params, body }) => planSession(ctx, params, body.heldOn),
    answer: (planned) => ({
      ...versioned(planned),
      location: `/review-cycles/${planned.cycleId}/reviews/${planned.partnerId}/session`,
    }),
  }),
  on(session, { run: (ctx, { params }) => getSession(ctx, params), answer: versioned }),
  on(addItem, {
    run: (ctx, { params, body, ifVersion }) => addAgendaItem(ctx, { ...params, ifVersion }, body),
    answer: versioned,
  }),
  on(updateItem, {
    run: (ctx, { params: { agendaItemId, ...key }, body, ifVersion }) =>
      updateAgendaItem(ctx, { ...key, ifVersion }, agendaItemId, body),
    answer: versioned,
  }),
  on(close, {
    run: (ctx, { params, ifVersion }) => closeSession(ctx, { ...params, ifVersion }),
    answer: versioned,
  }),
];
