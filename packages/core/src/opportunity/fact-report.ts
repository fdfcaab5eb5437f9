import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { FactReportId, MemberId, OpportunityId, PartnerId } from "../id/index.ts";

const Text = z.string().trim().min(1).max(2000);
const Details = z.object({
  customerAccount: z.string().trim().max(200).optional(),
  product: z.string().trim().max(200).optional(),
  amount: z.string().trim().max(25).optional(),
  closedOn: CalendarDate.optional(),
});

/** What a partner says of the facts behind its numbers. */
export const FactReport = z
  .object({
    factReportId: FactReportId,
    partnerId: PartnerId,
    kind: z.enum(["wrong", "missing"]),
    /** The fact that is wrong; null where one is missing. */
    opportunityId: OpportunityId.nullable(),
    /** What a missing fact would be. */
    details: classified("fact-report.details", Details.nullable()),
    text: classified("fact-report.text", Text),
    /** The data steward on whose work list it stands. */
    ownerId: MemberId.nullable(),
    status: z.enum(["open", "accepted", "declined"]),
    answer: classified("fact-report.answer", z.string().max(2000).nullable()),
    answeredBy: ActorRef.nullable(),
    reportedBy: ActorRef,
    version: z.number().int().positive(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "FactReport" });
export type FactReport = z.infer<typeof FactReport>;

export const ReportFact = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("wrong"),
      opportunityId: OpportunityId,
      text: Text,
    }),
    z.strictObject({
      kind: z.literal("missing"),
      details: z.strictObject(Details.shape).default({}),
      text: Text,
    }),
  ])
  .meta({ id: "ReportFact" });
export type ReportFact = z.infer<typeof ReportFact>;

export const ResolveFactReport = z
  .strictObject({
    outcome: z.enum(["accepted", "declined"]),
    answer: z.string().trim().min(1).max(2000),
  })
  .meta({ id: "ResolveFactReport" });
export type ResolveFactReport = z.infer<typeof ResolveFactReport>;
