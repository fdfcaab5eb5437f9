import { z } from "zod";
import { Quarter } from "../calendar/index.ts";
import {
  ActionItemId,
  CycleId,
  DisputeId,
  FactReportId,
  InvitationId,
  PartnerId,
  PlanId,
  ProgramId,
  TenantId,
} from "../id/index.ts";
import { MembershipId } from "../person/index.ts";

const review = <Kind extends string>(kind: Kind) =>
  z.object({
    kind: z.literal(kind),
    cycleId: CycleId,
    partnerId: PartnerId,
    /** The partner's name and the period. */
    text: z.string(),
    /** A calendar date, or an instant. */
    due: z.union([z.iso.date(), z.iso.datetime()]),
  });

/** One thing that waits for the person. */
export const InboxItem = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("action-item"),
      actionItemId: ActionItemId,
      partnerId: PartnerId,
      text: z.string(),
      dueOn: z.iso.date(),
    }),
    z.object({
      kind: z.literal("plan-approval"),
      planId: PlanId,
      partnerId: PartnerId,
      text: z.string(),
      /** When the plan expires undecided. */
      dueAt: z.iso.datetime(),
    }),
    z.object({
      kind: z.literal("fact-report"),
      factReportId: FactReportId,
      partnerId: PartnerId,
      text: z.string(),
      reportedAt: z.iso.datetime(),
    }),
    z.object({
      kind: z.literal("dispute"),
      disputeId: DisputeId,
      cycleId: CycleId,
      partnerId: PartnerId,
      /** The partner's name, the period and what is disputed. */
      text: z.string(),
      /** The last day to decide. */
      dueOn: z.iso.date(),
    }),
    /** Targets that the person's side has not acknowledged. */
    z.object({
      kind: z.literal("target-acknowledgement"),
      partnerId: PartnerId,
      programId: ProgramId,
      /** The first quarter they are for. */
      period: Quarter,
      /** The partner's name and that quarter. */
      text: z.string(),
      /** When the quarter begins: afterwards it is too late. */
      dueAt: z.iso.datetime(),
    }),
    z.object({
      kind: z.literal("tier"),
      programId: ProgramId,
      partnerId: PartnerId,
      /** The partner's name and what is recommended. */
      text: z.string(),
      /** From when on it can be decided: a calendar date, or an instant. */
      since: z.union([z.iso.date(), z.iso.datetime()]),
    }),
    /** Something to bring to the session: nobody of the person's side has yet. */
    review("review-contribution"),
    /** A session that is planned. */
    review("review-session"),
    /** Session and scorecard are there, and nobody of the person's side has signed. */
    review("review-signature"),
  ])
  .meta({ id: "InboxItem" });
export type InboxItem = z.infer<typeof InboxItem>;

/** What waits for the person in one membership. */
export const InboxOfMembership = z
  .object({
    tenantId: TenantId,
    tenantName: z.string(),
    membershipId: MembershipId,
    /** Of a partner user. */
    partnerId: PartnerId.nullable(),
    /** Nothing is shown of a tenant that asks for its own single sign-on, or that is closed. */
    access: z.enum(["open", "sso-required", "tenant-closed"]),
    /** What is due first; reports, which are not due, last. */
    items: z.array(InboxItem),
    /** More waits than is shown here; the lists of the tenant have it all. */
    hasMore: z.boolean(),
  })
  .meta({ id: "InboxOfMembership" });
export type InboxOfMembership = z.infer<typeof InboxOfMembership>;

/** An open invitation to the person's address; what its mail says accepts it. */
export const OpenInvitation = z
  .object({
    invitationId: InvitationId,
    tenantName: z.string(),
    to: z.enum(["member", "partner-user"]),
    validUntil: z.iso.datetime(),
  })
  .meta({ id: "OpenInvitation" });

export const Inbox = z
  .object({
    items: z.array(InboxOfMembership),
    /** First what expires first. */
    invitations: z.array(OpenInvitation),
  })
  .meta({ id: "Inbox" });
export type Inbox = z.infer<typeof Inbox>;
