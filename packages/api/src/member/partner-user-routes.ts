import { PartnerId, PartnerUserId } from "@concord/core/id";
import {
  endPartnerUser,
  getPartnerUser,
  listPartnerUsers,
  type MemberStore,
  type PartnerUser,
  PartnerUserView,
  UpdatePartnerUser,
  updatePartnerUser,
} from "@concord/core/member";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });
const PartnerUserPath = PartnerPath.extend({ partnerUserId: PartnerUserId });

export const list = route({
  operationId: "listPartnerUsers",
  tag: "partner users",
  summary: "List the people of a partner, by name; those whose membership ended too",
  method: "get",
  path: "/partners/{partnerId}/users",
  permission: "partner-user:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerPath },
  response: { status: 200, body: PartnerUserView, isList: true },
  errors: ["partner-not-found"],
});

export const get = route({
  operationId: "getPartnerUser",
  tag: "partner users",
  summary: "Read one person of a partner",
  method: "get",
  path: "/partners/{partnerId}/users/{partnerUserId}",
  permission: "partner-user:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerUserPath },
  response: { status: 200, body: PartnerUserView },
  errors: ["partner-user-not-found"],
});

export const update = route({
  operationId: "updatePartnerUser",
  tag: "partner users",
  summary: "Change a partner user's name or roles; roles act on their next request",
  method: "patch",
  path: "/partners/{partnerId}/users/{partnerUserId}",
  permission: "partner-user:update",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerUserPath, body: UpdatePartnerUser, ifMatch: "required" },
  response: { status: 200, body: PartnerUserView },
  errors: [
    "partner-user-not-found",
    "partner-user-ended",
    "member-is-yourself",
    "role-not-grantable",
  ],
});

export const end = route({
  operationId: "endPartnerUser",
  tag: "partner users",
  summary: "End a partner user's membership; it acts on their next request",
  method: "post",
  path: "/partners/{partnerId}/users/{partnerUserId}/end",
  permission: "partner-user:update",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerUserPath, ifMatch: "required" },
  response: { status: 200, body: PartnerUserView },
  errors: [
    "partner-user-not-found",
    "partner-user-ended",
    "member-is-yourself",
    "role-not-grantable",
  ],
});

const answerOf = (user: PartnerUser) => ({
  body: PartnerUserView.parse(user),
  version: user.version,
});

export const partnerUserRoutes: readonly Route<MemberStore & PartnerStore>[] = [
  on(list, {
    run: (ctx, { params, page }) => listPartnerUsers(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({
      body: items.map((one) => PartnerUserView.parse(one)),
      position,
    }),
  }),
  on(get, { run: (ctx, { params }) => getPartnerUser(ctx, params), answer: answerOf }),
  on(update, {
    run: (ctx, { params, body, ifVersion }) =>
      updatePartnerUser(ctx, { ...params, ifVersion, changes: body }),
    answer: answerOf,
  }),
  on(end, {
    run: (ctx, { params, ifVersion }) => endPartnerUser(ctx, { ...params, ifVersion }),
    answer: answerOf,
  }),
];
