import {
  Duties,
  HandOverMember,
  HandOverPartnerUser,
  HandoverReport,
  type HandoverStore,
  handOverMember,
  handOverPartnerUser,
  readMemberDuties,
  readPartnerUserDuties,
} from "@concord/core/handover";
import { MemberId, PartnerId, PartnerUserId } from "@concord/core/id";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const MemberPath = z.object({ memberId: MemberId });
const PartnerUserPath = z.object({ partnerId: PartnerId, partnerUserId: PartnerUserId });
const tag = "handover";

const readMember = route({
  operationId: "readMemberDuties",
  tag,
  summary: "Read what a member answers for now, also after the membership has ended",
  method: "get",
  path: "/members/{memberId}/duties",
  permission: "member:read",
  retry: "safe",
  rate: "read",
  request: { params: MemberPath },
  response: { status: 200, body: Duties },
  errors: ["member-not-found"],
});

const giveMember = route({
  operationId: "handOverMember",
  tag,
  summary: "Hand a member's duties over to another, up to a hundred a request; repeat until done",
  method: "post",
  path: "/members/{memberId}/handover",
  permission: "member:handover",
  retry: "safe",
  rate: "bulk",
  request: { params: MemberPath, body: HandOverMember },
  response: { status: 200, body: HandoverReport },
  errors: ["member-not-found", "member-unknown", "handover-to-self"],
});

const readPartnerUser = route({
  operationId: "readPartnerUserDuties",
  tag,
  summary: "Read what a partner user has to do, also after the membership has ended",
  method: "get",
  path: "/partners/{partnerId}/users/{partnerUserId}/duties",
  permission: "partner-user:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerUserPath },
  response: { status: 200, body: Duties },
  errors: ["partner-user-not-found"],
});

const givePartnerUser = route({
  operationId: "handOverPartnerUser",
  tag,
  summary: "Hand what a partner user has to do over to another of the same partner",
  method: "post",
  path: "/partners/{partnerId}/users/{partnerUserId}/handover",
  permission: "partner-user:update",
  retry: "safe",
  rate: "bulk",
  request: { params: PartnerUserPath, body: HandOverPartnerUser },
  response: { status: 200, body: HandoverReport },
  errors: ["partner-user-not-found", "partner-user-unknown", "handover-to-self"],
});

export const handoverRoutes: readonly Route<HandoverStore>[] = [
  on(readMember, {
    run: (ctx, { params }) => readMemberDuties(ctx, params.memberId),
    answer: (duties) => ({ body: duties }),
  }),
  on(giveMember, {
    run: (ctx, { params, body }) => handOverMember(ctx, { ...params, ...body }),
    answer: (report) => ({ body: report }),
  }),
  on(readPartnerUser, {
    run: (ctx, { params }) => readPartnerUserDuties(ctx, params),
    answer: (duties) => ({ body: duties }),
  }),
  on(givePartnerUser, {
    run: (ctx, { params, body }) => handOverPartnerUser(ctx, { ...params, ...body }),
    answer: (report) => ({ body: report }),
  }),
];
