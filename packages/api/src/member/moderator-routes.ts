import { MemberId } from "@concord/core/id";
import {
  confirmModerator,
  getModeratorProposal,
  type MemberStore,
  ModeratorProposal,
  proposeModerator,
  withdrawModerator,
} from "@concord/core/member";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const MemberPath = z.object({ memberId: MemberId });
const path = "/members/{memberId}/moderator-proposal";

export const propose = route({
  operationId: "proposeModerator",
  tag: "members",
  summary: "Propose a member as moderator; another administrator confirms it",
  method: "post",
  path,
  permission: "member:update",
  retry: "conditional",
  rate: "write",
  request: { params: MemberPath },
  response: { status: 201, body: ModeratorProposal },
  errors: [
    "member-not-found",
    "member-is-yourself",
    "member-ended",
    "moderator-already",
    "moderator-proposal-open",
  ],
});

export const get = route({
  operationId: "getModeratorProposal",
  tag: "members",
  summary: "Read the last proposal to make a member a moderator",
  method: "get",
  path,
  permission: "member:update",
  retry: "safe",
  rate: "read",
  request: { params: MemberPath },
  response: { status: 200, body: ModeratorProposal },
  errors: ["moderator-proposal-not-found"],
});

export const confirm = route({
  operationId: "confirmModerator",
  tag: "members",
  summary: "Confirm another's proposal: the member is a moderator with their next request",
  method: "post",
  path: `${path}/confirm`,
  permission: "member:update",
  retry: "conditional",
  rate: "write",
  request: { params: MemberPath, ifMatch: "required" },
  response: { status: 200, body: ModeratorProposal },
  errors: [
    "moderator-proposal-not-found",
    "moderator-proposal-ended",
    "moderator-proposal-void",
    "moderator-needs-two",
    "moderator-already",
    "member-not-found",
    "member-is-yourself",
    "member-ended",
  ],
});

export const withdraw = route({
  operationId: "withdrawModerator",
  tag: "members",
  summary: "Withdraw a proposal that nobody has confirmed",
  method: "post",
  path: `${path}/withdraw`,
  permission: "member:update",
  retry: "conditional",
  rate: "write",
  request: { params: MemberPath, ifMatch: "required" },
  response: { status: 200, body: ModeratorProposal },
  errors: ["moderator-proposal-not-found", "moderator-proposal-ended"],
});

const answer = (proposal: ModeratorProposal) => ({ body: proposal, version: proposal.version });

export const moderatorRoutes: readonly Route<MemberStore>[] = [
  on(propose, {
    run: (ctx, { params }) => proposeModerator(ctx, params.memberId),
    answer: (proposal) => ({
      ...answer(proposal),
      location: `/members/${proposal.memberId}/moderator-proposal`,
    }),
  }),
  on(get, { run: (ctx, { params }) => getModeratorProposal(ctx, params.memberId), answer }),
  on(confirm, {
    run: (ctx, { params, ifVersion }) => confirmModerator(ctx, { ...params, ifVersion }),
    answer,
  }),
  on(withdraw, {
    run: (ctx, { params, ifVersion }) => withdrawModerator(ctx, { ...params, ifVersion }),
    answer,
  }),
];
