import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate, Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { CycleId, DisputeId, OpportunityId, PartnerId, ProgramId } from "../id/index.ts";
import { Decimal } from "../scorecard/index.ts";

/** The figure itself, or what follows from it; each is disputed and decided separately. */
export const DisputeAbout = z.enum(["score", "consequence"]).meta({ id: "DisputeAbout" });
export type DisputeAbout = z.infer<typeof DisputeAbout>;

/** One matter of a card: the score of a metric, its red flag, or what follows from the whole card (null). */
export interface DisputeSubject {
  readonly about: DisputeAbout;
  readonly metricId: string | null;
}

const Text = z.string().trim().min(1).max(4000);
const Link = z.url({ protocol: /^https$/ }).max(500);
const Links = z.array(Link).max(10);
const Facts = z.array(OpportunityId).max(50);

const Evidence = z.object({
  text: Text,
  links: Links,
  /** Facts that the card counts with. */
  opportunityIds: Facts,
});

/** How an upheld dispute changes the card. */
export const Remedy = z
  .discriminatedUnion("kind", [
    /** From the facts as they are now. */
    z.strictObject({ kind: z.literal("recalculated") }),
    /** The metric counts as one without data. */
    z.strictObject({ kind: z.literal("excluded") }),
    z.strictObject({
      kind: z.literal("value"),
      /** Counts instead of the measure, in the unit shown. */
      value: classified("scorecard.amounts", Decimal),
    }),
    /** Of a consequence: the red flag does not count, or nothing follows from the card. */
    z.strictObject({ kind: z.literal("waived") }),
  ])
  .meta({ id: "Remedy" });
export type Remedy = z.infer<typeof Remedy>;

const base = z.object({
  disputeId: DisputeId,
  cycleId: CycleId,
  partnerId: PartnerId,
  partnerName: z.string(),
  programId: ProgramId,
  period: Period,
  /** The revision of the card that was seen. */
  scorecardRevision: z.number().int().positive(),
  about: DisputeAbout,
  /** Null where it is about what follows from the whole card. */
  metricId: z.string().nullable(),
  metricName: z.string().nullable(),
  reason: classified("dispute.text", Text),
  evidence: classified("dispute.text", Evidence),
  filedBy: ActorRef,
  filedAt: z.iso.datetime(),
  /** The last day on which it is decided in time. */
  dueOn: CalendarDate,
  /** When whoever can decide is reminded; null where that would be after the last day. */
  remindAt: z.iso.datetime().nullable(),
  remindedAt: z.iso.datetime().nullable(),
  overdueFrom: z.iso.datetime(),
  /** The last day passed without a decision. */
  isOverdue: z.boolean(),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

const closed = {
  closedBy: ActorRef,
  closedAt: z.iso.datetime(),
};
const answer = classified("dispute.answer", Text);

/** What a partner holds against one matter of a frozen scorecard, and what became of it. */
export const Dispute = z
  .discriminatedUnion("status", [
    base.extend({ status: z.literal("open") }),
    base.extend({ status: z.literal("withdrawn"), ...closed }),
    base.extend({ status: z.literal("rejected"), ...closed, answer }),
    base.extend({
      status: z.literal("upheld"),
      ...closed,
      answer,
      remedy: Remedy,
      /** The revision of the card that it made. */
      resultingRevision: z.number().int().positive(),
    }),
  ])
  .meta({ id: "Dispute" });
export type Dispute = z.infer<typeof Dispute>;
export type OpenDispute = Extract<Dispute, { status: "open" }>;
export type ClosedDispute = Exclude<Dispute, OpenDispute>;

/** Whether one matter of a card can be disputed: once at a time, and decided once for a revision. */
export const DisputedSubject = z.object({
  cycleId: CycleId,
  partnerId: PartnerId,
  about: DisputeAbout,
  metricId: z.string().nullable(),
  /** The newest. */
  disputeId: DisputeId,
  isOpen: z.boolean(),
  /** The newest revision for which it is decided; 0 where it never was. */
  settledRevision: z.number().int().nonnegative(),
});
export type DisputedSubject = z.infer<typeof DisputedSubject>;

const filing = {
  /** The newest revision of the card, which was seen. */
  scorecardRevision: z.number().int().positive(),
  reason: Text,
  evidence: z.strictObject({
    text: Text,
    links: Links.default([]),
    opportunityIds: Facts.default([]),
  }),
};

export const FileDispute = z
  .discriminatedUnion("about", [
    z.strictObject({ about: z.literal("score"), metricId: z.string().max(40), ...filing }),
    z.strictObject({
      about: z.literal("consequence"),
      /** Whose red flag is disputed; null for what follows from the whole card. */
      metricId: z.string().max(40).nullable().default(null),
      ...filing,
    }),
  ])
  .meta({ id: "FileDispute" });
export type FileDispute = z.infer<typeof FileDispute>;

export const DecideDispute = z
  .discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("rejected"), answer: Text }),
    z.strictObject({ outcome: z.literal("upheld"), answer: Text, remedy: Remedy }),
  ])
  .meta({ id: "DecideDispute" });
export type DecideDispute = z.infer<typeof DecideDispute>;
