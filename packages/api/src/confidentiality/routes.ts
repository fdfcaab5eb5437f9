import {
  acknowledgeConfidentialityAgreement,
  ConfidentialityRules,
  type ConfidentialityStore,
  ConfidentialRead,
  ConfidentialReadQuery,
  endConfidentialityAgreement,
  exportConfidentialReads,
  getConfidentiality,
  InformationHandling,
  listConfidentialReads,
  PartnerConfidentiality,
  ProposeAgreement,
  proposeConfidentialityAgreement,
  readInformationHandling,
  SetConfidentialityRules,
  setConfidentiality,
  TightenConfidentiality,
  tightenConfidentiality,
} from "@concord/core/confidentiality";
import type { SubscriptionStore } from "@concord/core/edition";
import { PartnerId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, route } from "../http/route.ts";

const PartnerPath = z.object({ partnerId: PartnerId });
const ofPartner = "/partners/{partnerId}/confidentiality";
const PartnerAnswer = PartnerConfidentiality.meta({ id: "PartnerConfidentiality" });

const tag = "confidentiality";
const read = { tag, method: "get", retry: "safe", rate: "read" } as const;
const change = { tag, retry: "conditional", rate: "write" } as const;
const agree = {
  ...change,
  method: "post",
  permission: "partner-confidentiality:agree",
} as const;

const getRules = route({
  ...read,
  operationId: "getConfidentiality",
  summary: "Read how information is classified, and which roles see what is of a class",
  path: "/confidentiality",
  permission: "confidentiality:read",
  request: {},
  response: { status: 200, body: ConfidentialityRules },
  errors: [],
});

const setRules = route({
  ...change,
  operationId: "setConfidentiality",
  summary: 'Set how information is classified; If-Match: "0" as long as the usual rules stand',
  method: "put",
  path: "/confidentiality",
  permission: "confidentiality:manage",
  request: { body: SetConfidentialityRules, ifMatch: "required" },
  response: { status: 200, body: ConfidentialityRules },
  errors: ["confidentiality-rules-invalid", "edition-limit-reached"],
});

const getHandling = route({
  ...read,
  operationId: "getInformationHandling",
  summary: "Read in words how the information of a partner is handled, and what was agreed",
  path: ofPartner,
  permission: "information-handling:read",
  request: { params: PartnerPath },
  response: { status: 200, body: InformationHandling },
  errors: ["partner-not-found"],
});

const tighten = route({
  ...change,
  operationId: "tightenConfidentiality",
  summary: "Keep information of one partner closer than the rules of the tenant do",
  method: "put",
  path: ofPartner,
  permission: "partner-confidentiality:tighten",
  request: { params: PartnerPath, body: TightenConfidentiality, ifMatch: "required" },
  response: { status: 200, body: PartnerAnswer },
  errors: ["partner-not-found"],
});

const propose = route({
  ...agree,
  operationId: "proposeConfidentialityAgreement",
  summary: "Propose other classes for one partner; in force once the other side acknowledges them",
  path: `${ofPartner}/agreement`,
  request: { params: PartnerPath, body: ProposeAgreement, ifMatch: "required" },
  response: { status: 200, body: PartnerAnswer },
  errors: [
    "partner-not-found",
    "confidentiality-agreements-off",
    "confidentiality-agreement-empty",
  ],
});

const acknowledge = route({
  ...agree,
  operationId: "acknowledgeConfidentialityAgreement",
  summary: "Acknowledge the agreement for your side",
  path: `${ofPartner}/agreement/acknowledge`,
  request: { params: PartnerPath, ifMatch: "required" },
  response: { status: 200, body: PartnerAnswer },
  errors: [
    "partner-not-found",
    "confidentiality-agreement-missing",
    "confidentiality-agreement-acknowledged",
  ],
});

const end = route({
  ...agree,
  operationId: "endConfidentialityAgreement",
  summary: "End the agreement, or take the proposal back; either side can at any time",
  path: `${ofPartner}/agreement/end`,
  request: { params: PartnerPath, ifMatch: "required" },
  response: { status: 200, body: PartnerAnswer },
  errors: ["partner-not-found", "confidentiality-agreement-missing"],
});

const listReads = route({
  ...read,
  operationId: "listConfidentialReads",
  summary: "List who read what is confidential: of a partner, by a person or key, or of some days",
  path: "/confidential-reads",
  permission: "confidential-read:read",
  request: { query: ConfidentialReadQuery },
  response: { status: 200, body: ConfidentialRead, isList: true },
  errors: ["audit-range-too-long"],
});

const exportReads = route({
  ...read,
  operationId: "exportConfidentialReads",
  summary: "Export who read what is confidential as CSV",
  path: "/confidential-reads/export",
  permission: "confidential-read:read",
  request: { query: ConfidentialReadQuery },
  response: { status: 200, body: z.string(), mediaType: "text/csv" },
  errors: ["audit-range-too-long"],
});

const versioned = <T extends { readonly version: number }>(body: T) => ({
  body,
  version: body.version,
});

export const confidentialityRoutes: readonly Route<
  ConfidentialityStore & PartnerStore & SubscriptionStore
>[] = [
  on(getRules, { run: (ctx) => getConfidentiality(ctx), answer: versioned }),
  on(setRules, {
    run: (ctx, { body, ifVersion }) => setConfidentiality(ctx, { ifVersion, rules: body }),
    answer: versioned,
  }),
  on(getHandling, {
    run: (ctx, { params }) => readInformationHandling(ctx, params.partnerId),
    answer: versioned,
  }),
  on(tighten, {
    run: (ctx, { params, body, ifVersion }) =>
      tightenConfidentiality(ctx, { ...params, ifVersion, input: body }),
    answer: versioned,
  }),
  on(propose, {
    run: (ctx, { params, body, ifVersion }) =>
      proposeConfidentialityAgreement(ctx, { ...params, ifVersion, input: body }),
    answer: versioned,
  }),
  on(acknowledge, {
    run: (ctx, { params, ifVersion }) =>
      acknowledgeConfidentialityAgreement(ctx, { ...params, ifVersion }),
    answer: versioned,
  }),
  on(end, {
    run: (ctx, { params, ifVersion }) => endConfidentialityAgreement(ctx, { ...params, ifVersion }),
    answer: versioned,
  }),
  on(listReads, {
    run: (ctx, { query, page }) => listConfidentialReads(ctx, query, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(exportReads, {
    run: (ctx, { query }) => exportConfidentialReads(ctx, query),
    answer: (body) => ({ body }),
  }),
];
