import { z } from "zod";
import { ActionOwner } from "../action-item/index.ts";
import { ActorRef, Side } from "../actor/index.ts";
import { CalendarDate, Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import {
  ActionItemId,
  AgendaItemId,
  ContributionId,
  CycleId,
  PartnerId,
  ProgramId,
} from "../id/index.ts";
import { PlaybookLinks } from "../playbook/index.ts";
import { CycleWindows, keptWindows, SegmentPlace, Slug } from "../program/index.ts";

/** One side's signature under the revisions it saw. */
export const Signature = z
  .object({
    by: ActorRef,
    at: z.iso.datetime(),
    /** Version of the review the signer had before them. */
    reviewVersion: z.number().int().positive(),
    sessionVersion: z.number().int().positive(),
    scorecardRevision: z.number().int().positive(),
    /** What the signer does not agree with; null where they sign without reservation. */
    reservation: classified("review.reservation", z.string().max(2000).nullable()),
  })
  .meta({ id: "Signature" });
export type Signature = z.infer<typeof Signature>;

const base = z.object({
  cycleId: CycleId,
  partnerId: PartnerId,
  partnerName: z.string(),
  programId: ProgramId,
  programVersion: z.number().int().positive(),
  period: Period,
  openedAt: z.iso.datetime(),
  /** When the data window closes and the scorecard is frozen. */
  freezesAt: z.iso.datetime(),
  /** Until when both sides may sign. */
  closesAt: z.iso.datetime(),
  ...keptWindows,
  signatures: z.object({ partner: Signature.nullable(), vendor: Signature.nullable() }),
  /** Where the partner stood when the cycle opened: it stays there for this review. Absent in a program without segments. */
  segment: SegmentPlace.optional(),
  /** The newest version of the playbook when the cycle opened; absent where there was none. */
  playbookVersion: z.number().int().positive().optional(),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

export const ReviewOutcome = z
  .enum(["signed", "signed-with-reservation", "not-signed"])
  .meta({ id: "ReviewOutcome" });
export type ReviewOutcome = z.infer<typeof ReviewOutcome>;

/** One partner in one cycle. */
export const Review = z
  .discriminatedUnion("status", [
    base.extend({ status: z.literal("open") }),
    base.extend({
      status: z.literal("closed"),
      outcome: ReviewOutcome,
      /** The sides whose signature is missing. */
      unsignedBy: z.array(Side).max(2),
      closedAt: z.iso.datetime(),
    }),
  ])
  .meta({ id: "Review" });
export type Review = z.infer<typeof Review>;
export type OpenReview = Extract<Review, { status: "open" }>;
export type ClosedReview = Extract<Review, { status: "closed" }>;

/** With its windows, and with what the playbook said of the steps of its cycle. */
const linked = { playbook: PlaybookLinks.optional() };
const read = { ...linked, windows: CycleWindows };
const [OpenReview, ClosedReview] = Review.options;
export const ReviewWithPlaybook = z
  .discriminatedUnion("status", [OpenReview.extend(read), ClosedReview.extend(read)])
  .meta({ id: "ReviewWithPlaybook" });
export type ReviewWithPlaybook = z.infer<typeof ReviewWithPlaybook>;

/** What opening a cycle says about each of its reviews. */
export type OpeningCycle = Pick<
  Review,
  | "cycleId"
  | "programId"
  | "programVersion"
  | "period"
  | "freezesAt"
  | "closesAt"
  | "playbookVersion"
  | "lead"
  | "contributionsCloseAt"
  | "actClosesAt"
>;

export const ContributionKind = z
  .enum(["win", "lesson", "need", "comment"])
  .meta({ id: "ContributionKind" });

const Text = z.string().trim().min(1).max(4000);

/** What one side brings to the review before the session; written once. */
export const Contribution = z
  .object({
    contributionId: ContributionId,
    cycleId: CycleId,
    partnerId: PartnerId,
    side: Side,
    kind: ContributionKind,
    /** The metric of the card that it is a note on; absent where it is about the whole. */
    metricId: Slug.optional(),
    text: classified(
      ({ side }) => (side === "vendor" ? "contribution.vendorText" : "contribution.partnerText"),
      Text,
    ),
    by: ActorRef,
    at: z.iso.datetime(),
    version: z.literal(1),
  })
  .meta({ id: "Contribution" });
export type Contribution = z.infer<typeof Contribution>;

export const CreateContribution = z
  .strictObject({ kind: ContributionKind, metricId: Slug.optional(), text: Text })
  .meta({ id: "CreateContribution" });
export type CreateContribution = z.infer<typeof CreateContribution>;

export const ContributionsQuery = z.strictObject({
  /** Only the notes on this metric. */
  metricId: Slug.optional(),
});

export const AgendaSection = z
  .enum(["pipeline-health", "deal-quality", "engagement", "partner", "carried-over"])
  .meta({ id: "AgendaSection" });

/** What an agenda item commits somebody to. */
export const AgendaAction = z
  .strictObject({
    text: z.string().trim().min(1).max(1000),
    owner: ActionOwner.nullable(),
    dueOn: CalendarDate.nullable(),
  })
  .meta({ id: "AgendaAction" });
export type AgendaAction = z.infer<typeof AgendaAction>;

const Title = z.string().trim().min(1).max(300);
/** What is carried over has the text of its action item. */
const titleField = ({ section }: Readonly<Record<string, unknown>>) =>
  section === "carried-over" ? "action-item.text" : undefined;
const Notes = z.string().max(4000);

export const AgendaItem = z
  .object({
    agendaItemId: AgendaItemId,
    section: AgendaSection,
    title: classified(titleField, Title),
    minutes: z.number().int().min(1).max(240),
    notes: classified("session.notes", Notes),
    action: classified("session.actions", AgendaAction.nullable()),
    /** The open commitment of an earlier session this item carries over. */
    carriesOver: ActionItemId.nullable(),
  })
  .meta({ id: "AgendaItem" });
export type AgendaItem = z.infer<typeof AgendaItem>;

export const AddAgendaItem = z
  .strictObject({
    section: AgendaSection.exclude(["carried-over"]),
    title: Title,
    minutes: AgendaItem.shape.minutes.default(10),
  })
  .meta({ id: "AddAgendaItem" });
export type AddAgendaItem = z.infer<typeof AddAgendaItem>;

export const UpdateAgendaItem = z
  .strictObject({
    title: Title,
    minutes: AgendaItem.shape.minutes,
    notes: Notes,
    action: AgendaAction.nullable(),
  })
  .partial()
  .meta({ id: "UpdateAgendaItem" });
export type UpdateAgendaItem = z.infer<typeof UpdateAgendaItem>;

/** At most this many items, so that the row stays small. */
export const AGENDA_LIMIT = 30;

const session = z.object({
  cycleId: CycleId,
  partnerId: PartnerId,
  heldOn: CalendarDate,
  agenda: z.array(AgendaItem).max(AGENDA_LIMIT),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

/** The review meeting: agenda, notes, commitments. */
export const Session = z
  .discriminatedUnion("status", [
    session.extend({ status: z.literal("planned") }),
    session.extend({
      status: z.literal("closed"),
      closedAt: z.iso.datetime(),
      closedBy: ActorRef,
      actionItemIds: z.array(ActionItemId),
    }),
  ])
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;
const [Planned, Closed] = Session.options;
export const SessionWithPlaybook = z
  .discriminatedUnion("status", [Planned.extend(linked), Closed.extend(linked)])
  .meta({ id: "SessionWithPlaybook" });
export type SessionWithPlaybook = z.infer<typeof SessionWithPlaybook>;
export type PlannedSession = Extract<Session, { status: "planned" }>;
export type ClosedSession = Extract<Session, { status: "closed" }>;

export const PlanSession = z.strictObject({ heldOn: CalendarDate }).meta({ id: "PlanSession" });
export const SignReview = z
  .strictObject({
    /** The revision of the session's record that was seen. */
    sessionVersion: z.number().int().positive(),
    /** The revision of the scorecard that was seen. */
    scorecardRevision: z.number().int().positive(),
    reservation: z.string().trim().min(1).max(2000).nullable().default(null),
  })
  .meta({ id: "SignReview" });
export type SignReview = z.infer<typeof SignReview>;
