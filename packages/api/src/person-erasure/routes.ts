import { raise } from "@concord/core/error";
import { MemberId, PartnerId, PartnerUserId } from "@concord/core/id";
import { type Member, MemberView, type PartnerUser, PartnerUserView } from "@concord/core/member";
import {
  ErasePerson,
  eraseMember,
  eraseOwnPerson,
  erasePartnerUser,
} from "@concord/core/person-erasure";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import type { ApiStore, RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

export const ofOneself = route({
  operationId: "eraseOwnPerson",
  tag: "privacy",
  summary:
    "Erase yourself in every tenant, with your password or the token of a log-in link; there is no way back",
  method: "post",
  path: "/me/erase",
  permission: "me:erase",
  retry: "safe",
  rate: "secret",
  standing: "always",
  beforeSecondFactor: "open",
  request: { body: ErasePerson },
  response: { status: 204 },
  errors: [
    "password-wrong",
    "login-link-invalid",
    "login-proves-one-tenant",
    "member-last-owner",
    "version-stale",
  ],
});

export const ofMember = route({
  operationId: "eraseMember",
  tag: "privacy",
  summary: "Erase a member's personal data in this tenant; there is no way back",
  method: "post",
  path: "/members/{memberId}/erase",
  permission: "member:erase",
  retry: "conditional",
  rate: "write",
  standing: "always",
  request: { params: z.object({ memberId: MemberId }), ifMatch: "required" },
  response: { status: 200, body: MemberView },
  errors: [
    ...(["member-not-found", "member-is-yourself", "role-not-grantable"] as const),
    ...(["member-last-owner", "legal-hold-in-force"] as const),
  ],
});

export const ofPartnerUser = route({
  operationId: "erasePartnerUser",
  tag: "privacy",
  summary: "Erase the personal data of a partner's person in this tenant; there is no way back",
  method: "post",
  path: "/partners/{partnerId}/users/{partnerUserId}/erase",
  permission: "partner-user:erase",
  retry: "conditional",
  rate: "write",
  standing: "always",
  request: {
    params: z.object({ partnerId: PartnerId, partnerUserId: PartnerUserId }),
    ifMatch: "required",
  },
  response: { status: 200, body: PartnerUserView },
  errors: ["partner-user-not-found", "role-not-grantable", "legal-hold-in-force"],
});

type AccountContext = RouteContext<ApiStore, AccountPorts>;

const inTenant = (ctx: AccountContext) => ({
  ...ctx,
  personErasures: ctx.ports.personErasures,
  tenantId: ctx.principal.tenantId,
});

export const personErasureRoutes: readonly Route<ApiStore, AccountPorts>[] = [
  on(ofOneself, {
    run: (ctx: AccountContext, { body }) =>
      eraseOwnPerson(
        {
          ...ctx.ports,
          actor: ctx.actor,
          session: ctx.principal.session ?? raise("permission-denied"),
        },
        body,
      ),
    answer: () => ({}),
  }),
  on(ofMember, {
    run: (ctx: AccountContext, { params, ifVersion }) =>
      eraseMember(inTenant(ctx), { ...params, ifVersion }),
    answer: (member: Member) => ({ body: MemberView.parse(member), version: member.version }),
  }),
  on(ofPartnerUser, {
    run: (ctx: AccountContext, { params, ifVersion }) =>
      erasePartnerUser(inTenant(ctx), { ...params, ifVersion }),
    answer: (user: PartnerUser) => ({ body: PartnerUserView.parse(user), version: user.version }),
  }),
];
