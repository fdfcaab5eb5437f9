import type { CycleStore } from "@concord/core/cycle";
import {
  DecideDispute,
  Dispute,
  type DisputeStore,
  decideDispute,
  FileDispute,
  fileDispute,
  getDispute,
  type InvolvedStore,
  listCycleDisputes,
  listDisputes,
  listOpenDisputes,
  withdrawDispute,
} from "@concord/core/dispute";
import { CycleId, DisputeId, PartnerId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import type { ProgramStore } from "@concord/core/program";
import type { TenantProfileStore } from "@concord/core/tenant";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const CardPath = z.object({ cycleId: CycleId, partnerId: PartnerId });
const DisputePath = CardPath.extend({ disputeId: DisputeId });
const path = "/review-cycles/{cycleId}/scorecards/{partnerId}/disputes";

const read = {
  tag: "disputes",
  method: "get",
  permission: "dispute:read",
  retry: "safe",
  rate: "read",
} as const;
const change = { tag: "disputes", method: "post", retry: "conditional", rate: "write" } as const;

const fileOne = route({
  ...change,
  operationId: "fileDispute",
  summary: "Dispute the score of a metric, or what follows from it, within the appeal window",
  path,
  permission: "dispute:file",
  request: { params: CardPath, body: FileDispute },
  response: { status: 201, body: Dispute },
  errors: [
    "scorecard-not-found",
    "version-stale",
    "dispute-window-closed",
    "dispute-subject-unknown",
    "dispute-fact-unknown",
    "dispute-exists",
    "dispute-settled",
  ],
});

const listOfCard = route({
  ...read,
  operationId: "listDisputes",
  summary: "List the disputes of a frozen card, oldest first",
  path,
  request: { params: CardPath },
  response: { status: 200, body: Dispute, isList: true },
  errors: ["scorecard-not-found"],
});

const getOne = route({
  ...read,
  operationId: "getDispute",
  summary: "Read a dispute: its evidence, until when it is decided, and the outcome",
  path: `${path}/{disputeId}`,
  request: { params: DisputePath },
  response: { status: 200, body: Dispute },
  errors: ["dispute-not-found"],
});

const withdrawOne = route({
  ...change,
  operationId: "withdrawDispute",
  summary: "Take a dispute back",
  path: `${path}/{disputeId}/withdraw`,
  permission: "dispute:file",
  request: { params: DisputePath, ifMatch: "required" },
  response: { status: 200, body: Dispute },
  errors: ["dispute-not-found", "dispute-closed"],
});

const decideOne = route({
  ...change,
  operationId: "decideDispute",
  summary:
    "Reject a dispute, or uphold it: the card gets its next revision in the same transaction",
  path: `${path}/{disputeId}/decide`,
  permission: "dispute:decide",
  request: { params: DisputePath, body: DecideDispute, ifMatch: "required" },
  response: { status: 200, body: Dispute },
  errors: [
    "dispute-not-found",
    "dispute-closed",
    "dispute-decider-involved",
    "dispute-remedy-unfit",
    "scorecard-unchanged",
    "scorecard-facts-changing",
  ],
});

const listOfCycle = route({
  ...read,
  operationId: "listCycleDisputes",
  summary: "List the disputes of a cycle in the order they were filed; a partner's are its own",
  path: "/review-cycles/{cycleId}/disputes",
  request: { params: z.object({ cycleId: CycleId }) },
  response: { status: 200, body: Dispute, isList: true },
  errors: ["cycle-not-found"],
});

const listOpen = route({
  ...read,
  operationId: "listOpenDisputes",
  summary: "List the disputes that wait for a decision, by the last day to decide",
  path: "/disputes",
  permission: "dispute:decide",
  request: {},
  response: { status: 200, body: Dispute, isList: true },
  errors: [],
});

const pathOf = ({ cycleId, partnerId, disputeId }: Dispute): string =>
  `/review-cycles/${cycleId}/scorecards/${partnerId}/disputes/${disputeId}`;

export const disputeRoutes: readonly Route<
  CycleStore & DisputeStore & InvolvedStore & PartnerStore & ProgramStore & TenantProfileStore
>[] = [
  on(fileOne, {
    run: (ctx, { params, body }) => fileDispute(ctx, params, body),
    answer: (dispute) => ({ body: dispute, version: dispute.version, location: pathOf(dispute) }),
  }),
  on(listOfCard, {
    run: (ctx, { params, page }) => listDisputes(ctx, params, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(getOne, {
    run: (ctx, { params }) => getDispute(ctx, params),
    answer: (dispute) => ({ body: dispute, version: dispute.version }),
  }),
  on(withdrawOne, {
    run: (ctx, { params, ifVersion }) => withdrawDispute(ctx, { ...params, ifVersion }),
    answer: (dispute) => ({ body: dispute, version: dispute.version }),
  }),
  on(decideOne, {
    run: (ctx, { params, body, ifVersion }) => decideDispute(ctx, { ...params, ifVersion }, body),
    answer: (dispute) => ({ body: dispute, version: dispute.version }),
  }),
  on(listOfCycle, {
    run: (ctx, { params, page }) => listCycleDisputes(ctx, params.cycleId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(listOpen, {
    run: (ctx, { page }) => listOpenDisputes(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
];
