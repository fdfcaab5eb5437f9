import { InvitationId, PartnerId } from "@concord/core/id";
import {
  getInvitation,
  type Invitation,
  type InvitationContext,
  type InvitationStore,
  InvitationView,
  InviteMember,
  InvitePartnerUser,
  inviteMember,
  invitePartnerUser,
  listInvitations,
  listPartnerInvitations,
  resendInvitation,
  revokeInvitation,
  viewOf,
} from "@concord/core/invitation";
import type { MemberStore } from "@concord/core/member";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import type { AccountPorts } from "../account/ports.ts";
import type { RouteContext } from "../http/context.ts";
import { on, type Route, route } from "../http/route.ts";

type Store = InvitationStore & MemberStore & PartnerStore;
type Context = RouteContext<Store, AccountPorts>;

const InvitationPath = z.object({ invitationId: InvitationId });
const PartnerPath = z.object({ partnerId: PartnerId });

export const invite = route({
  operationId: "inviteMember",
  tag: "invitations",
  summary:
    "Invite the owner of a mailbox to roles of the tenant; they join when they accept with the token that is mailed to them",
  method: "post",
  path: "/invitations",
  permission: "member:invite",
  retry: "conditional",
  rate: "write",
  request: { body: InviteMember },
  response: { status: 201, body: InvitationView },
  errors: [
    "role-not-grantable",
    "moderator-needs-two",
    "member-exists",
    "invitation-exists",
    "invitations-too-many",
  ],
});

export const list = route({
  operationId: "listInvitations",
  tag: "invitations",
  summary: "List the invitations to roles of the tenant, newest first; answered ones too",
  method: "get",
  path: "/invitations",
  permission: "member:invite",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: InvitationView, isList: true },
  errors: [],
});

export const inviteToPartner = route({
  operationId: "invitePartnerUser",
  tag: "invitations",
  summary: "Invite the owner of a mailbox to a partner; its executives invite to their own",
  method: "post",
  path: "/partners/{partnerId}/invitations",
  permission: "partner-user:invite",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerPath, body: InvitePartnerUser },
  response: { status: 201, body: InvitationView },
  errors: [
    "partner-not-found",
    "role-not-grantable",
    "partner-user-exists",
    "invitation-exists",
    "invitations-too-many",
  ],
});

export const listOfPartner = route({
  operationId: "listPartnerInvitations",
  tag: "invitations",
  summary: "List the invitations to a partner, newest first; answered ones too",
  method: "get",
  path: "/partners/{partnerId}/invitations",
  permission: "invitation:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerPath },
  response: { status: 200, body: InvitationView, isList: true },
  errors: ["partner-not-found"],
});

export const get = route({
  operationId: "getInvitation",
  tag: "invitations",
  summary: "Read one invitation",
  method: "get",
  path: "/invitations/{invitationId}",
  permission: "invitation:read",
  retry: "safe",
  rate: "read",
  request: { params: InvitationPath },
  response: { status: 200, body: InvitationView },
  errors: ["invitation-not-found"],
});

export const resend = route({
  operationId: "resendInvitation",
  tag: "invitations",
  summary: "Mail a new token, good for seven more days; the earlier ones are useless from now on",
  method: "post",
  path: "/invitations/{invitationId}/resend",
  permission: "invitation:manage",
  retry: "conditional",
  rate: "write",
  request: { params: InvitationPath, ifMatch: "required" },
  response: { status: 200, body: InvitationView },
  errors: [
    "invitation-not-found",
    "role-not-grantable",
    "moderator-needs-two",
    "invitation-accepted",
    "invitation-revoked",
    "invitation-exists",
  ],
});

export const revoke = route({
  operationId: "revokeInvitation",
  tag: "invitations",
  summary: "Withdraw an invitation that nobody has accepted",
  method: "post",
  path: "/invitations/{invitationId}/revoke",
  permission: "invitation:manage",
  retry: "conditional",
  rate: "write",
  request: { params: InvitationPath, ifMatch: "required" },
  response: { status: 200, body: InvitationView },
  errors: [
    "invitation-not-found",
    "role-not-grantable",
    "invitation-accepted",
    "invitation-revoked",
    "invitation-expired",
  ],
});

const inviting = (ctx: Context): InvitationContext & Context => ({
  ...ctx,
  tokenSecret: ctx.ports.tokenSecret,
});

/** As it was at the change, when it was sent or withdrawn in time. */
const changed = (invitation: Invitation) => ({
  body: viewOf(invitation, new Date(invitation.sentAt)),
  version: invitation.version,
});
const created = (invitation: Invitation) => ({
  ...changed(invitation),
  location: `/invitations/${invitation.invitationId}`,
});
const listed = ({ items, position }: { items: readonly unknown[]; position?: string }) => ({
  body: items,
  position,
});

export const invitationRoutes: readonly Route<Store, AccountPorts>[] = [
  on(invite, {
    run: (ctx: Context, { body }) => inviteMember(inviting(ctx), body),
    answer: created,
  }),
  on(list, {
    run: async (ctx: Context, { page }) => {
      const found = await listInvitations(ctx, page);
      return { ...found, items: found.items.map((one) => viewOf(one, ctx.wallNow)) };
    },
    answer: listed,
  }),
  on(inviteToPartner, {
    run: (ctx: Context, { params, body }) =>
      invitePartnerUser(inviting(ctx), { ...body, ...params }),
    answer: created,
  }),
  on(listOfPartner, {
    run: async (ctx: Context, { params, page }) => {
      const found = await listPartnerInvitations(ctx, params.partnerId, page);
      return { ...found, items: found.items.map((one) => viewOf(one, ctx.wallNow)) };
    },
    answer: listed,
  }),
  on(get, {
    run: async (ctx: Context, { params }) => {
      const found = await getInvitation(ctx, params.invitationId);
      return { view: viewOf(found, ctx.wallNow), version: found.version };
    },
    answer: ({ view, version }) => ({ body: view, version }),
  }),
  on(resend, {
    run: (ctx: Context, { params, ifVersion }) =>
      resendInvitation(inviting(ctx), { ...params, ifVersion }),
    answer: changed,
  }),
  on(revoke, {
    run: (ctx: Context, { params, ifVersion }) =>
      revokeInvitation(inviting(ctx), { ...params, ifVersion }),
    answer: changed,
  }),
];
