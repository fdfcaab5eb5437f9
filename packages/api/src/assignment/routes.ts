import {
  Assign,
  Assignments,
  assign,
  atPartner,
  endAssignment,
  getAssignments,
  inProgram,
  listPastAssignments,
  type MostAssignedStore,
  PastAssignment,
  Roster,
  type RosterStore,
  type SignatureStore,
} from "@concord/core/assignment";
import { AssignmentId, PartnerId, ProgramId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });
const ProgramPath = z.object({ programId: ProgramId });
const AtPartnerPath = PartnerPath.extend({ assignmentId: AssignmentId });
const InProgramPath = ProgramPath.extend({ assignmentId: AssignmentId });

const read = {
  tag: "assignments",
  method: "get",
  permission: "assignment:read",
  retry: "safe",
  rate: "read",
} as const;
const change = {
  tag: "assignments",
  method: "post",
  permission: "assignment:manage",
  retry: "conditional",
  rate: "write",
} as const;
const givingErrors = [
  "assignment-not-grantable",
  "member-is-yourself",
  "assignment-holder-unknown",
  "assignment-wrong-side",
  "assignment-exists",
  "assignments-full",
  "version-stale",
] as const;
const endingErrors = [
  "assignment-not-found",
  "assignment-not-grantable",
  "assignment-step-waiting",
] as const;

const getOfPartner = route({
  ...read,
  operationId: "getPartnerAssignments",
  summary: "Read who collects data, moderates and signs plans at a partner",
  path: "/partners/{partnerId}/assignments",
  request: { params: PartnerPath },
  response: { status: 200, body: Assignments },
  errors: ["partner-not-found"],
});

const getOfProgram = route({
  ...read,
  operationId: "getProgramAssignments",
  summary: "Read who collects data, moderates and signs plans in a program",
  path: "/programs/{programId}/assignments",
  request: { params: ProgramPath },
  response: { status: 200, body: Assignments },
  errors: ["program-not-found"],
});

const pastOfPartner = route({
  ...read,
  operationId: "listPastPartnerAssignments",
  summary: "List a partner's assignments that have ended, the last one first",
  path: "/partners/{partnerId}/past-assignments",
  request: { params: PartnerPath },
  response: { status: 200, body: PastAssignment, isList: true },
  errors: ["partner-not-found"],
});

const pastOfProgram = route({
  ...read,
  operationId: "listPastProgramAssignments",
  summary: "List a program's assignments that have ended, the last one first",
  path: "/programs/{programId}/past-assignments",
  request: { params: ProgramPath },
  response: { status: 200, body: PastAssignment, isList: true },
  errors: ["program-not-found"],
});

const assignAtPartner = route({
  ...change,
  operationId: "assignAtPartner",
  summary: "Assign a duty at a partner to a member or to one of the partner's people, at once",
  path: "/partners/{partnerId}/assignments",
  request: { params: PartnerPath, body: Assign },
  response: { status: 201, body: Roster },
  errors: ["partner-not-found", ...givingErrors],
});

const assignInProgram = route({
  ...change,
  operationId: "assignInProgram",
  summary: "Assign a duty within a program to a member, at once",
  path: "/programs/{programId}/assignments",
  request: { params: ProgramPath, body: Assign },
  response: { status: 201, body: Roster },
  errors: ["program-not-found", ...givingErrors],
});

const endAtPartner = route({
  ...change,
  operationId: "endPartnerAssignment",
  summary: "End an assignment at a partner, at once; it stays among the past ones",
  path: "/partners/{partnerId}/assignments/{assignmentId}/end",
  request: { params: AtPartnerPath, ifMatch: "required" },
  response: { status: 200, body: Roster },
  errors: ["partner-not-found", ...endingErrors],
});

const endInProgram = route({
  ...change,
  operationId: "endProgramAssignment",
  summary: "End an assignment within a program, at once; it stays among the past ones",
  path: "/programs/{programId}/assignments/{assignmentId}/end",
  request: { params: InProgramPath, ifMatch: "required" },
  response: { status: 200, body: Roster },
  errors: ["program-not-found", ...endingErrors],
});

const shown = (roster: Assignments): RouteAnswer => ({ body: roster, version: roster.version });

export const assignmentRoutes: readonly Route<
  MostAssignedStore & PartnerStore & RosterStore & SignatureStore
>[] = [
  on(getOfPartner, {
    run: (ctx, { params }) => getAssignments(ctx, atPartner(params.partnerId)),
    answer: shown,
  }),
  on(getOfProgram, {
    run: (ctx, { params }) => getAssignments(ctx, inProgram(params.programId)),
    answer: shown,
  }),
  on(pastOfPartner, {
    run: (ctx, { params, page }) => listPastAssignments(ctx, atPartner(params.partnerId), page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(pastOfProgram, {
    run: (ctx, { params, page }) => listPastAssignments(ctx, inProgram(params.programId), page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(assignAtPartner, {
    run: (ctx, { params, body }) => assign(ctx, atPartner(params.partnerId), body),
    answer: (roster) => ({
      ...shown(roster),
      location: `/partners/${roster.partnerId}/assignments`,
    }),
  }),
  on(assignInProgram, {
    run: (ctx, { params, body }) => assign(ctx, inProgram(params.programId), body),
    answer: (roster) => ({
      ...shown(roster),
      location: `/programs/${roster.programId}/assignments`,
    }),
  }),
  on(endAtPartner, {
    run: (ctx, { params: { partnerId, assignmentId }, ifVersion }) =>
      endAssignment(ctx, atPartner(partnerId), { assignmentId, ifVersion }),
    answer: shown,
  }),
  on(endInProgram, {
    run: (ctx, { params: { programId, assignmentId }, ifVersion }) =>
      endAssignment(ctx, inProgram(programId), { assignmentId, ifVersion }),
    answer: shown,
  }),
];
