import { MemberId } from "@concord/core/id";
import {
  endMember,
  getMember,
  listMembers,
  type Member,
  type MemberStore,
  MemberView,
  UpdateMember,
  updateMember,
} from "@concord/core/member";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const MemberPath = z.object({ memberId: MemberId });

export const list = route({
  operationId: "listMembers",
  tag: "members",
  summary: "List the tenant's members, by name; those whose membership ended too",
  method: "get",
  path: "/members",
  permission: "member:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: MemberView, isList: true },
  errors: [],
});

export const get = route({
  operationId: "getMember",
  tag: "members",
  summary: "Read one member",
  method: "get",
  path: "/members/{memberId}",
  permission: "member:read",
  retry: "safe",
  rate: "read",
  request: { params: MemberPath },
  response: { status: 200, body: MemberView },
  errors: ["member-not-found"],
});

export const update = route({
  operationId: "updateMember",
  tag: "members",
  summary: "Change a member's name or roles; roles act on their next request",
  method: "patch",
  path: "/members/{memberId}",
  permission: "member:update",
  retry: "conditional",
  rate: "write",
  request: { params: MemberPath, body: UpdateMember, ifMatch: "required" },
  response: { status: 200, body: MemberView },
  errors: [
    "member-not-found",
    "member-ended",
    "member-is-yourself",
    "role-not-grantable",
    "moderator-needs-two",
  ],
});

export const end = route({
  operationId: "endMember",
  tag: "members",
  summary: "End a membership; it acts on the member's next request",
  method: "post",
  path: "/members/{memberId}/end",
  permission: "member:update",
  retry: "conditional",
  rate: "write",
  request: { params: MemberPath, ifMatch: "required" },
  response: { status: 200, body: MemberView },
  errors: ["member-not-found", "member-ended", "member-is-yourself", "role-not-grantable"],
});

const answerOf = (member: Member) => ({ body: MemberView.parse(member), version: member.version });

export const memberRoutes: readonly Route<MemberStore>[] = [
  on(list, {
    run: (ctx, { page }) => listMembers(ctx, page),
    answer: ({ items, position }) => ({
      body: items.map((one) => MemberView.parse(one)),
      position,
    }),
  }),
  on(get, { run: (ctx, { params }) => getMember(ctx, params.memberId), answer: answerOf }),
  on(update, {
    run: (ctx, { params, body, ifVersion }) =>
      updateMember(ctx, { memberId: params.memberId, ifVersion, changes: body }),
    answer: answerOf,
  }),
  on(end, {
    run: (ctx, { params, ifVersion }) => endMember(ctx, { memberId: params.memberId, ifVersion }),
    answer: answerOf,
  }),
];
