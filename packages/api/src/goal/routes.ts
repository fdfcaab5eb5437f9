import {
  agreeGoal,
  CloseGoal,
  closeGoal,
  declineGoal,
  Goal,
  GoalNote,
  type GoalStore,
  GoalsQuery,
  getGoal,
  listGoalNotes,
  listGoals,
  MoveMilestone,
  moveGoalMilestone,
  noteOnGoal,
  ProposeGoal,
  proposeGoal,
  proposeGoalAgain,
  ShownGoal,
  WriteGoalNote,
} from "@concord/core/goal";
import { GoalId, MilestoneId, PartnerId } from "@concord/core/id";
import type { MemberStore } from "@concord/core/member";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });
const GoalPath = PartnerPath.extend({ goalId: GoalId });
const MilestonePath = GoalPath.extend({ milestoneId: MilestoneId });
const DeclineGoal = z
  .strictObject({ reason: z.string().trim().min(1).max(2000) })
  .meta({ id: "DeclineGoal" });

const list = "/partners/{partnerId}/goals";
const path = `${list}/{goalId}`;
const read = {
  tag: "goals",
  method: "get",
  permission: "goal:read",
  retry: "safe",
  rate: "read",
} as const;
const change = {
  tag: "goals",
  method: "post",
  retry: "conditional",
  rate: "write",
  response: { status: 200, body: Goal },
} as const;
const termsErrors = ["goal-invalid", "goal-owner-unknown", "goal-objective-unknown"] as const;

const propose = route({
  ...change,
  operationId: "proposeGoal",
  summary: "Propose a goal to the other side, with an owner on each side and milestones",
  path: list,
  permission: "goal:propose",
  request: { params: PartnerPath, body: ProposeGoal },
  response: { status: 201, body: Goal },
  errors: ["partner-not-found", ...termsErrors],
});

const listOfPartner = route({
  ...read,
  operationId: "listGoals",
  summary: "List a partner's goals with their progress: open, proposed, ended, each by last day",
  path: list,
  request: { params: PartnerPath, query: GoalsQuery },
  response: { status: 200, body: ShownGoal, isList: true },
  errors: ["partner-not-found"],
});

const get = route({
  ...read,
  operationId: "getGoal",
  summary: "Read a goal: what is agreed, what waits for agreement, how far it is",
  path,
  request: { params: GoalPath },
  response: { status: 200, body: ShownGoal },
  errors: ["goal-not-found"],
});

const proposeAgain = route({
  ...change,
  operationId: "proposeGoalAgain",
  summary: "Propose other terms; what was agreed stays in force until both sides have agreed again",
  path: `${path}/proposals`,
  permission: "goal:propose",
  request: { params: GoalPath, body: ProposeGoal, ifMatch: "required" },
  errors: ["goal-not-found", "goal-not-open", ...termsErrors],
});

const agree = route({
  ...change,
  operationId: "agreeGoal",
  summary: "Agree to what is proposed, for your side; with both sides it is in force",
  path: `${path}/agree`,
  permission: "goal:agree",
  request: { params: GoalPath, ifMatch: "required" },
  errors: ["goal-not-found", "goal-nothing-proposed", "goal-agreed-already"],
});

const decline = route({
  ...change,
  operationId: "declineGoal",
  summary: "Decline or take back what is proposed; a goal never agreed is dropped with it",
  path: `${path}/decline`,
  permission: "goal:propose",
  request: { params: GoalPath, body: DeclineGoal, ifMatch: "required" },
  errors: ["goal-not-found", "goal-nothing-proposed"],
});

const move = route({
  ...change,
  operationId: "moveGoalMilestone",
  summary: "Say since when a milestone of your side is done, or that it is not after all",
  method: "put",
  path: `${path}/milestones/{milestoneId}`,
  permission: "goal:update",
  request: { params: MilestonePath, body: MoveMilestone, ifMatch: "required" },
  errors: [
    "goal-not-found",
    "goal-of-others",
    "goal-not-open",
    "goal-milestone-not-found",
    "goal-invalid",
  ],
});

const note = route({
  ...change,
  operationId: "noteOnGoal",
  summary: "Write how it goes, and where its measure stands",
  path: `${path}/notes`,
  permission: "goal:update",
  request: { params: GoalPath, body: WriteGoalNote, ifMatch: "required" },
  errors: ["goal-not-found", "goal-of-others", "goal-not-open"],
});

const notes = route({
  ...read,
  operationId: "listGoalNotes",
  summary: "List what was written on a goal, the newest first",
  path: `${path}/notes`,
  request: { params: GoalPath },
  response: { status: 200, body: GoalNote, isList: true },
  errors: ["goal-not-found"],
});

const close = route({
  ...change,
  operationId: "closeGoal",
  summary: "End a goal as achieved, missed or dropped",
  path: `${path}/close`,
  permission: "goal:update",
  request: { params: GoalPath, body: CloseGoal, ifMatch: "required" },
  errors: [
    "goal-not-found",
    "goal-of-others",
    "goal-not-open",
    "goal-milestones-open",
    "goal-not-overdue",
  ],
});

const shown = (goal: Goal): RouteAnswer => ({ body: goal, version: goal.version });

export const goalRoutes: readonly Route<
  GoalStore &
    Pick<MemberStore, "members" | "partnerUsers"> &
    PartnerStore &
    ProgramStore &
    TenantProfileStore
>[] = [
  on(propose, {
    run: (ctx, { params, body }) => proposeGoal(ctx, params.partnerId, body),
    answer: (goal) => ({
      ...shown(goal),
      location: `/partners/${goal.partnerId}/goals/${goal.goalId}`,
    }),
  }),
  on(listOfPartner, {
    run: (ctx, { params, query, page }) => listGoals(ctx, { ...params, ...query }, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, { run: (ctx, { params }) => getGoal(ctx, params), answer: shown }),
  on(proposeAgain, {
    run: (ctx, { params, body, ifVersion }) =>
      proposeGoalAgain(ctx, { ...params, ifVersion }, body),
    answer: shown,
  }),
  on(agree, {
    run: (ctx, { params, ifVersion }) => agreeGoal(ctx, { ...params, ifVersion }),
    answer: shown,
  }),
  on(decline, {
    run: (ctx, { params, body, ifVersion }) =>
      declineGoal(ctx, { ...params, ifVersion }, body.reason),
    answer: shown,
  }),
  on(move, {
    run: (ctx, { params, body, ifVersion }) =>
      moveGoalMilestone(ctx, { ...params, ifVersion }, body.doneOn),
    answer: shown,
  }),
  on(note, {
    run: (ctx, { params, body, ifVersion }) => noteOnGoal(ctx, { ...params, ifVersion }, body),
    answer: shown,
  }),
  on(notes, {
    run: (ctx, { params, page }) => listGoalNotes(ctx, params, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(close, {
    run: (ctx, { params, body, ifVersion }) => closeGoal(ctx, { ...params, ifVersion }, body),
    answer: shown,
  }),
];
