import type { RosterStore } from "@concord/core/assignment";
import {
  acceptPlan,
  approvePlan,
  CreatePlan,
  createPlan,
  DecideStep,
  DevelopmentPlan,
  type DevelopmentPlanStore,
  getPlan,
  listPlans,
  listWaitingPlans,
  ReachMilestone,
  RefuseStep,
  reachPlanMilestone,
  refusePlan,
  submitPlan,
  UpdatePlan,
  updatePlan,
  WaitingPlan,
  withdrawPlan,
} from "@concord/core/development-plan";
import { PartnerId, PlanId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { ReviewStore } from "@concord/core/review";
import { z } from "zod";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

const PlanPath = z.object({ planId: PlanId });
const PartnerPath = z.object({ partnerId: PartnerId });

const common = { tag: "development plans" } as const;
const read = { ...common, method: "get", retry: "safe", rate: "read" } as const;
const change = {
  ...common,
  method: "post",
  retry: "conditional",
  rate: "write",
  response: { status: 200, body: DevelopmentPlan },
} as const;
const changeErrors = ["plan-not-found", "version-stale"] as const;
const decisionErrors = [
  "duty-of-others",
  ...changeErrors,
  "plan-not-submitted",
  "plan-self-approval",
  "plan-not-your-turn",
] as const;

const create = route({
  ...common,
  operationId: "createDevelopmentPlan",
  summary: "Draft a plan from the gaps of a frozen scorecard",
  method: "post",
  path: "/partners/{partnerId}/development-plans",
  permission: "development-plan:write",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerPath, body: CreatePlan },
  response: { status: 201, body: DevelopmentPlan },
  errors: ["review-not-found", "plan-basis-missing", "plan-metric-unknown"],
});

const list = route({
  ...read,
  operationId: "listDevelopmentPlans",
  summary: "List a partner's plans, newest first",
  path: "/partners/{partnerId}/development-plans",
  permission: "development-plan:read",
  request: { params: PartnerPath },
  response: { status: 200, body: DevelopmentPlan, isList: true },
  errors: ["partner-not-found"],
});

const listWaiting = route({
  ...read,
  operationId: "listWaitingDevelopmentPlans",
  summary: "List what waits for your decision, first what expires first",
  path: "/me/development-plans",
  permission: "development-plan:approve",
  request: {},
  response: { status: 200, body: WaitingPlan, isList: true },
  errors: [],
});

const get = route({
  ...read,
  operationId: "getDevelopmentPlan",
  summary: "Read one plan with its approval steps",
  path: "/development-plans/{planId}",
  permission: "development-plan:read",
  request: { params: PlanPath },
  response: { status: 200, body: DevelopmentPlan },
  errors: ["plan-not-found"],
});

const update = route({
  ...change,
  operationId: "updateDevelopmentPlan",
  summary: "Change a draft or a returned plan; the partner accepts it anew",
  method: "patch",
  path: "/development-plans/{planId}",
  permission: "development-plan:write",
  request: { params: PlanPath, body: UpdatePlan, ifMatch: "required" },
  errors: [
    ...changeErrors,
    "plan-not-draft",
    "plan-authors-full",
    "plan-basis-missing",
    "plan-metric-unknown",
  ],
});

const accept = route({
  ...change,
  operationId: "acceptDevelopmentPlan",
  summary: "Accept the draft for the partner",
  path: "/development-plans/{planId}/accept",
  permission: "development-plan:accept",
  request: { params: PlanPath, ifMatch: "required" },
  errors: [...changeErrors, "plan-not-draft", "duty-of-others"],
});

const submit = route({
  ...change,
  operationId: "submitDevelopmentPlan",
  summary: "Submit an accepted draft for approval by the program's decision rights",
  path: "/development-plans/{planId}/submit",
  permission: "development-plan:submit",
  request: { params: PlanPath, ifMatch: "required" },
  errors: [...changeErrors, "plan-not-draft", "plan-not-accepted", "plan-approver-missing"],
});

const withdraw = route({
  ...change,
  operationId: "withdrawDevelopmentPlan",
  summary: "Take a submitted plan you have written back to draft",
  path: "/development-plans/{planId}/withdraw",
  permission: "development-plan:write",
  request: { params: PlanPath, ifMatch: "required" },
  errors: [...changeErrors, "plan-not-submitted", "plan-not-author"],
});

const approve = route({
  ...change,
  operationId: "approveDevelopmentPlan",
  summary: "Approve the step that waits for you",
  path: "/development-plans/{planId}/approve",
  permission: "development-plan:approve",
  request: { params: PlanPath, body: DecideStep, ifMatch: "required" },
  errors: decisionErrors,
});

const returnPlan = route({
  ...change,
  operationId: "returnDevelopmentPlan",
  summary: "Return the plan with what is to change; it may be submitted again",
  path: "/development-plans/{planId}/return",
  permission: "development-plan:approve",
  request: { params: PlanPath, body: RefuseStep, ifMatch: "required" },
  errors: decisionErrors,
});

const reject = route({
  ...change,
  operationId: "rejectDevelopmentPlan",
  summary: "Reject the plan with a reason; it ends",
  path: "/development-plans/{planId}/reject",
  permission: "development-plan:approve",
  request: { params: PlanPath, body: RefuseStep, ifMatch: "required" },
  errors: decisionErrors,
});

const reach = route({
  ...change,
  operationId: "reachMilestone",
  summary: "Say that a milestone of an approved plan is reached, and since when",
  path: "/development-plans/{planId}/milestones",
  permission: "development-plan:write",
  request: { params: PlanPath, body: ReachMilestone, ifMatch: "required" },
  errors: [...changeErrors, "plan-not-approved", "milestone-not-found"],
});

const shown = (plan: DevelopmentPlan): RouteAnswer => ({ body: plan, version: plan.version });

type Store = DevelopmentPlanStore & PartnerStore & ProgramStore & ReviewStore & RosterStore;

export const developmentPlanRoutes: readonly Route<Store>[] = [
  on(create, {
    run: (ctx, { params, body }) => createPlan(ctx, params.partnerId, body),
    answer: (plan) => ({ ...shown(plan), location: `/development-plans/${plan.planId}` }),
  }),
  on(list, {
    run: (ctx, { params, page }) => listPlans(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(listWaiting, {
    run: (ctx, { page }) => listWaitingPlans(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => getPlan(ctx, params.planId), answer: shown }),
  on(update, {
    run: (ctx, { params, body, ifVersion }) => updatePlan(ctx, { ...params, ifVersion }, body),
    answer: shown,
  }),
  on(accept, {
    run: (ctx, { params, ifVersion }) => acceptPlan(ctx, { ...params, ifVersion }),
    answer: shown,
  }),
  on(submit, {
    run: (ctx, { params, ifVersion }) => submitPlan(ctx, { ...params, ifVersion }),
    answer: shown,
  }),
  on(withdraw, {
    run: (ctx, { params, ifVersion }) => withdrawPlan(ctx, { ...params, ifVersion }),
    answer: shown,
  }),
  on(approve, {
    run: (ctx, { params, body, ifVersion }) =>
      approvePlan(ctx, { ...params, ifVersion }, body.comment),
    answer: shown,
  }),
  on(returnPlan, {
    run: (ctx, { params, body, ifVersion }) =>
      refusePlan(ctx, { ...params, ifVersion }, "returned", body.comment),
    answer: shown,
  }),
  on(reject, {
    run: (ctx, { params, body, ifVersion }) =>
      refusePlan(ctx, { ...params, ifVersion }, "rejected", body.comment),
    answer: shown,
  }),
  on(reach, {
    run: (ctx, { params, body, ifVersion }) =>
      reachPlanMilestone(ctx, { ...params, ifVersion }, body),
    answer: shown,
  }),
];
