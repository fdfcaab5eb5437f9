import { classified } from "@concord/core/classification";
import type { ContentionStore } from "@concord/core/contention";
import { OpportunityId, PartnerId } from "@concord/core/id";
import { Money, toMoney } from "@concord/core/money";
import {
  CorrectOpportunity,
  correctOpportunity,
  getOpportunity,
  listOpportunities,
  Opportunity,
  type OpportunityStore,
  ReattributeOpportunity,
  reattributeOpportunity,
} from "@concord/core/opportunity";
import type { PartnerStore } from "@concord/core/partner";
import type { RollupStore } from "@concord/core/rollup";
import type { SourceStore } from "@concord/core/source";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });
const OpportunityPath = z.object({ partnerId: PartnerId, opportunityId: OpportunityId });

/** An opportunity as clients see it: money as decimals. */
const OpportunityView = Opportunity.omit({
  amountMinor: true,
  listAmountMinor: true,
  currency: true,
  fed: true,
})
  .extend({
    amount: classified("opportunity.amount", Money.nullable()),
    listAmount: classified("opportunity.listAmount", Money.nullable()),
    isReattributed: z.boolean(),
  })
  .meta({ id: "OpportunityView" });

function view(fact: Opportunity): z.infer<typeof OpportunityView> {
  const { amountMinor, listAmountMinor, currency, fed: _, isReattributed = false, ...rest } = fact;
  const money = (minor: number | null) => (minor === null ? null : toMoney(minor, currency));
  return {
    ...rest,
    isReattributed,
    amount: money(amountMinor),
    listAmount: money(listAmountMinor),
  };
}

export const list = route({
  operationId: "listOpportunities",
  tag: "opportunities",
  summary: "List the opportunities of a partner, by id",
  method: "get",
  path: "/partners/{partnerId}/opportunities",
  permission: "opportunity:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerPath },
  response: { status: 200, body: OpportunityView, isList: true },
  errors: ["partner-not-found"],
});

export const get = route({
  operationId: "getOpportunity",
  tag: "opportunities",
  summary:
    "Read an opportunity with its stage history, where it came from and what is wrong with it",
  method: "get",
  path: "/partners/{partnerId}/opportunities/{opportunityId}",
  permission: "opportunity:read",
  retry: "safe",
  rate: "read",
  request: { params: OpportunityPath },
  response: { status: 200, body: OpportunityView },
  errors: ["opportunity-not-found"],
});

export const correct = route({
  operationId: "correctOpportunity",
  tag: "opportunities",
  summary: "Set fields against the feed, or give them back to it, with a reason",
  method: "post",
  path: "/partners/{partnerId}/opportunities/{opportunityId}/correct",
  permission: "opportunity:correct",
  retry: "conditional",
  rate: "write",
  request: { params: OpportunityPath, body: CorrectOpportunity, ifMatch: "required" },
  response: { status: 200, body: OpportunityView },
  errors: [
    "opportunity-not-found",
    "opportunity-correction-invalid",
    "opportunity-unchanged",
    "source-not-found",
    "changes-contended",
  ],
});

export const reattribute = route({
  operationId: "reattributeOpportunity",
  tag: "opportunities",
  summary: "Give an opportunity to another partner, with a reason; the numbers of both change",
  method: "post",
  path: "/partners/{partnerId}/opportunities/{opportunityId}/reattribute",
  permission: "opportunity:correct",
  retry: "conditional",
  rate: "write",
  request: { params: OpportunityPath, body: ReattributeOpportunity, ifMatch: "required" },
  response: { status: 200, body: OpportunityView },
  errors: [
    "opportunity-not-found",
    "partner-not-found",
    "opportunity-same-partner",
    "changes-contended",
  ],
});

const one = (fact: Opportunity) => ({ body: view(fact), version: fact.revision });

export const opportunityRoutes: readonly Route<
  ContentionStore & OpportunityStore & PartnerStore & RollupStore & SourceStore
>[] = [
  on(list, {
    run: (ctx, { params, page }) => listOpportunities(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({ body: items.map(view), position }),
  }),
  on(get, { run: (ctx, { params }) => getOpportunity(ctx, params), answer: one }),
  on(correct, {
    run: (ctx, { params, body, ifVersion }) =>
      correctOpportunity(ctx, { ...params, ifVersion, input: body }),
    answer: one,
  }),
  on(reattribute, {
    run: (ctx, { params, body, ifVersion }) =>
      reattributeOpportunity(ctx, { ...params, ifVersion, input: body }),
    answer: one,
  }),
];
