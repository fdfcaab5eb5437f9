import { z } from "zod";

/** In whose hands something may be, from the widest to the narrowest. */
export const Classification = z
  .enum(["shared", "internal", "confidential", "restricted"])
  .meta({ id: "Classification" });
export type Classification = z.infer<typeof Classification>;

/** What can be classified: of each kind of record the contents, in the words that a partner reads. */
export const information = {
  opportunity: {
    words: "Opportunities",
    fields: {
      amount: "what a deal is worth",
      listAmount: "what it would be worth by the price list, and with it the discount",
      customerAccount: "the customer",
      product: "the product",
    },
  },
  figure: {
    words: "Figures handed in",
    fields: { value: "the figure of a month, and what it stands on" },
  },
  "indicator-rating": {
    words: "Ratings on anchored scales",
    fields: {
      value: "the rating",
      vendorEvidence: "the evidence that people of the vendor wrote",
      partnerEvidence: "the evidence that the partner wrote of itself",
    },
  },
  scorecard: {
    words: "Scorecards",
    fields: {
      amounts: "the sums and the measures in money that a score is computed from",
      values: "the other measures that a score is computed from",
    },
  },
  ranking: { words: "Rankings", fields: { revenue: "the revenue beside a place" } },
  review: {
    words: "Reviews",
    fields: { reservation: "what a signer does not agree with" },
  },
  contribution: {
    words: "Contributions to a review",
    fields: {
      vendorText: "what the vendor wrote",
      partnerText: "what the partner wrote",
    },
  },
  session: {
    words: "Review sessions",
    fields: { notes: "the notes", actions: "the actions agreed, before they are action items" },
  },
  "action-item": {
    words: "Action items",
    fields: { text: "what is to be done, and why it was cancelled" },
  },
  goal: {
    words: "Shared goals",
    fields: {
      text: "what a goal, its milestones and the notes on them say, and where its measure is",
    },
  },
  "development-plan": {
    words: "Development plans",
    fields: {
      summary: "the summary",
      budget: "the budget",
      comments: "what approvers wrote",
    },
  },
  "fact-report": {
    words: "Reports of wrong or missing facts",
    fields: {
      text: "what the partner wrote",
      details: "what a missing fact would be",
      answer: "what was answered",
    },
  },
  dispute: {
    words: "Disputes of a scorecard",
    fields: {
      text: "what the partner wrote, and its evidence",
      answer: "what was decided, and why",
    },
  },
  calibration: {
    words: "Calibrations of scores",
    fields: { reason: "why a score was adjusted" },
  },
  tier: { words: "Tiers", fields: { reason: "why a person moved a partner" } },
  "import-row": {
    words: "Rows of imported files",
    fields: { cells: "cells as they came, of rows that were held back, flagged or refused" },
  },
  export: { words: "Exports of everything", fields: { files: "the files" } },
} as const;

export type ClassifiedRecord = keyof typeof information;
type FieldOf<R extends ClassifiedRecord> = keyof (typeof information)[R]["fields"] & string;
/** A field of a record, such as `opportunity.amount`. */
export type ClassifiedField = {
  [R in ClassifiedRecord]: `${R}.${FieldOf<R>}`;
}[ClassifiedRecord];
/** A field, or all fields of a record that have no class of their own. */
export type InformationName = ClassifiedRecord | ClassifiedField;

export const classifiedRecords = Object.keys(information) as ClassifiedRecord[];
export const classifiedFields: readonly ClassifiedField[] = classifiedRecords.flatMap((record) =>
  Object.keys(information[record].fields).map((field) => `${record}.${field}` as ClassifiedField),
);

export const InformationName = z
  .enum([...classifiedRecords, ...classifiedFields])
  .meta({ id: "InformationName" });
export const ClassifiedRecord = z.enum(classifiedRecords).meta({ id: "ClassifiedRecord" });

export const partsOf = (field: ClassifiedField): { record: ClassifiedRecord; field: string } => {
  const [record = "", name = ""] = field.split(".");
  return { record: record as ClassifiedRecord, field: name };
};

/**
 * What is computed from something else tells of it: a sum of one deal is the deal. Who may not see the
 * latter does not see the former.
 */
export const derivedFrom: Readonly<Partial<Record<ClassifiedField, readonly ClassifiedField[]>>> = {
  "scorecard.amounts": [
    "opportunity.amount",
    "opportunity.listAmount",
    "figure.value",
    "indicator-rating.value",
  ],
  "ranking.revenue": ["opportunity.amount"],
  "import-row.cells": [
    "opportunity.amount",
    "opportunity.listAmount",
    "opportunity.customerAccount",
    "opportunity.product",
  ],
};

/** As it is where nobody has said anything: what both sides can reach both may see. */
export const usualClass: Readonly<Record<ClassifiedRecord, Classification>> = {
  opportunity: "shared",
  figure: "shared",
  "indicator-rating": "shared",
  scorecard: "shared",
  ranking: "internal",
  review: "shared",
  contribution: "shared",
  session: "shared",
  "action-item": "shared",
  goal: "shared",
  "development-plan": "shared",
  "fact-report": "shared",
  dispute: "shared",
  calibration: "shared",
  tier: "shared",
  "import-row": "internal",
  /** Whoever may export sees it, and each look at it is recorded once there are rules. */
  export: "restricted",
};
