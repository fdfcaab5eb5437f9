import { classified, classifiedPlaces } from "@concord/core/classification";
import { Opportunity } from "@concord/core/opportunity";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { classifiedIn } from "../http/reveal-answer.ts";
import { type RouteDefinition, route } from "../http/route.ts";
import { manifest } from "../manifest.ts";

/**
 * What members of answers are called that hold something which can be classified; written down by
 * hand, so that an answer which is not made of the marked schemas is found by its names.
 */
const telling = new Set([
  ...["amount", "amountMinor", "listAmount", "listAmountMinor", "customerAccount", "product"],
  ...["budget", "revenue", "revenueMinor", "sums", "value", "neededValue", "previousValue"],
  ...["inputs", "steps", "stored", "recomputed", "reservation", "notes", "action", "text"],
  ...["summary", "comment", "details", "answer", "cells", "detail", "reason", "title", "url"],
]);

/** Why a member of such a name is not classified, by the schema or operation that has it. */
const unclassified: Readonly<Record<string, string>> = {
  "Money.amount": "part of what holds it",
  "InboxItem.text": "what waits for the reader is the reader's own",
  "Milestone.title": "the plan's activities are what both sides agree on",
  "Activity.title": "the plan's activities are what both sides agree on",
  "DevelopmentPlan.title": "names the plan",
  "WaitingPlan.title": "names the plan",
  "Alias.text": "the vendor's spelling of products and partners",
  "Alias.product": "the vendor's products",
  "Price.product": "the vendor's products",
  "Invoice.amount": "between the operator and the vendor",
  "Approval.steps": "the steps; what approvers wrote in them is classified",
  "AuditFinding.detail": "what is wrong with the trail, without contents",
  "ConfidentialityAgreement.reason": "both sides agree on it",
  "DecidedCadence.reason": "why a partner is scored more or less often, for both sides",
  "HandoverReport.reason": "a code",
  "HeldRow.reason": "a code",
  "LegalHold.reason": "between the owners and admins of the vendor",
  "NoData.detail": "counts of deals",
  "PlaybookPage.text": "written for both sides",
  "PlaybookPage.title": "written for both sides",
  "PublishedPlaybookPage.text": "written for both sides",
  "PublishedPlaybookPage.title": "written for both sides",
  "ListedPlaybookPage.title": "written for both sides",
  "PlaybookLinks.title": "written for both sides",
  "Playbook.steps": "which pages belong to which step",
  "PlaybookVersion.steps": "which pages belong to which step",
  "PlaybookVersionChanges.steps": "which pages belong to which step",
  "PlaybookPageChanges.steps": "which pages belong to which step",
  "PlaybookLinks.steps": "which pages belong to which step",
  "ProgramChange.text": "what a version of a program changes",
  "ReevaluationScope.product": "the vendor's products",
  "Refusal.detail": "what is wrong with a file as a whole",
  "BillingPage.url": "a page at the payment provider, for who pays",
  "SuggestedTarget.reason": "why there is nothing to suggest; at most counts of deals",
  "FigureRowError.detail": "what is wrong with a cell that the caller sent",
  "TargetRowError.detail": "what is wrong with a cell that the caller sent",
  "UploadTarget.url": "where a file goes, not what it holds",
  "FrozenCard.reason": "why a card was revised",
  "ExplainedFrozenCard.reason": "why a card was revised",
};

interface Place {
  readonly name: string;
  readonly isMarked: boolean;
}

interface Inner {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly [name: string]: unknown;
}

/** Every member of an object anywhere in the schema that has a telling name. */
function tellingIn(schema: z.ZodType, at: string, seen = new Set<z.ZodType>()): Place[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { shape, ...def } = schema.def as unknown as Inner;
  const name = z.globalRegistry.get(schema)?.id ?? at;
  if (shape) {
    const marked = classifiedPlaces(schema)?.fields;
    return Object.entries(shape).flatMap(([member, of]) => {
      if (marked?.has(member)) return [{ name: `${name}.${member}`, isMarked: true }];
      const own = telling.has(member) ? [{ name: `${name}.${member}`, isMarked: false }] : [];
      return [...own, ...tellingIn(of, name, seen)];
    });
  }
  return Object.values(def)
    .flat()
    .filter((one): one is z.ZodType => one instanceof z.ZodType)
    .flatMap((one) => tellingIn(one, name, seen));
}

type Definition = Pick<RouteDefinition, "operationId" | "response">;
const placesOf = ({ operationId, response: { body, source, mediaType } }: Definition): Place[] => {
  const schema = mediaType === undefined ? body : source;
  return schema ? tellingIn(schema, operationId) : [];
};

/** Text that is made of nothing that can be classified. */
const plainText: Readonly<Record<string, string>> = {
  exportAuditEventsCsv: "the audit trail holds digests, no contents",
  exportAuditEventsJson: "the audit trail holds digests, no contents",
  exportConfidentialReads: "who read what, without what it was",
};

const faultsOf = (definitions: readonly Definition[]): string[] => [
  ...definitions.flatMap((one) =>
    placesOf(one)
      .filter(({ name, isMarked }) => !isMarked && unclassified[name] === undefined)
      .map(({ name }) => `${one.operationId} answers ${name}`),
  ),
  ...definitions
    .filter(({ operationId, response }) => {
      const isText = response.mediaType !== undefined && response.body !== undefined;
      return isText && !response.source && plainText[operationId] === undefined;
    })
    .map(({ operationId }) => `${operationId} answers text of unknown source`),
];

const definitions = manifest.routes.map(({ definition }) => definition);

describe("S-17 every route", () => {
  it("answers what can be classified through the filter alone", () => {
    expect(faultsOf(definitions)).toEqual([]);
    const filtered = definitions.filter((definition) => classifiedIn(definition));
    expect(filtered.length).toBeGreaterThan(40);
    const marked = definitions.flatMap(placesOf).filter(({ isMarked }) => isMarked);
    expect(new Set(marked.map(({ name }) => name)).size).toBeGreaterThan(30);
  });

  it("lists no reason for what is not there any more", () => {
    const names = new Set(definitions.flatMap(placesOf).map(({ name }) => name));
    expect(Object.keys(unclassified).filter((name) => !names.has(name))).toEqual([]);
    const operations = definitions.map(({ operationId }) => operationId);
    expect(Object.keys(plainText).filter((name) => !operations.includes(name))).toEqual([]);
  });

  it("and a planted one is found: with a schema of its own, or as text", () => {
    const planted = (response: RouteDefinition["response"]) =>
      route({
        operationId: "planted",
        tag: "planted",
        summary: "",
        method: "get",
        path: "/planted",
        permission: "opportunity:read",
        retry: "safe",
        rate: "read",
        request: {},
        response,
        errors: [],
      });
    const own = z.object({ deals: z.array(z.object({ customerAccount: z.string() })) });
    expect(faultsOf([planted({ status: 200, body: own })])).toEqual([
      "planted answers planted.customerAccount",
    ]);
    expect(faultsOf([planted({ status: 200, body: z.string(), mediaType: "text/csv" })])).toEqual([
      "planted answers text of unknown source",
    ]);
    // What is made of the marked schemas needs no thought: the filter finds it.
    const made = planted({ status: 200, body: Opportunity.pick({ customerAccount: true }) });
    expect(faultsOf([made])).toEqual([]);
    expect(classifiedIn(made)?.fields.has("customerAccount")).toBe(true);
    const marked = z.object({ worth: classified("opportunity.amount", z.string()) });
    expect(classifiedIn(planted({ status: 200, body: marked, isList: true }))?.each).toBeDefined();
  });
});
