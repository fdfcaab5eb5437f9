import { MemberId, PartnerId, PartnerUserId } from "@concord/core/id";
import { type LoginSessionStore, logOutMember, logOutPartnerUser } from "@concord/core/login";
import type { MemberStore } from "@concord/core/member";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

export const ofMember = route({
  operationId: "logOutMember",
  tag: "members",
  summary: "End every login session that a member has in this tenant",
  method: "post",
  path: "/members/{memberId}/log-out",
  permission: "member:log-out",
  retry: "conditional",
  rate: "write",
  request: { params: z.object({ memberId: MemberId }) },
  response: { status: 204 },
  errors: ["member-not-found", "version-stale"],
});

export const ofPartnerUser = route({
  operationId: "logOutPartnerUser",
  tag: "partner users",
  summary: "End every login session that a person of a partner has in this tenant",
  method: "post",
  path: "/partners/{partnerId}/users/{partnerUserId}/log-out",
  permission: "partner-user:log-out",
  retry: "conditional",
  rate: "write",
  request: { params: z.object({ partnerId: PartnerId, partnerUserId: PartnerUserId }) },
  response: { status: 204 },
  errors: ["partner-user-not-found", "version-stale"],
});

export const logOutRoutes: readonly Route<MemberStore & LoginSessionStore>[] = [
  on(ofMember, {
    run: (ctx, { params }) => logOutMember(ctx, params.memberId),
    answer: () => ({}),
  }),
  on(ofPartnerUser, {
    run: (ctx, { params }) => logOutPartnerUser(ctx, params),
    answer: () => ({}),
  }),
];
