import { z } from "zod";
import { ActorRef, MemberRole } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { CycleId, MemberId, PartnerId, PlanId, ProgramId } from "../id/index.ts";
import { type Currency, Money } from "../money/index.ts";

export const ActivityType = z
  .enum([
    "on-demand-training",
    "workshop",
    "practice",
    "coaching",
    "co-investment",
    "joint-capability",
  ])
  .meta({ id: "ActivityType" });

export const Milestone = z
  .object({
    title: z.string().trim().min(1).max(300),
    dueOn: CalendarDate,
    doneOn: CalendarDate.nullable(),
  })
  .meta({ id: "Milestone" });
export type Milestone = z.infer<typeof Milestone>;

/** A number in the unit of its metric, as the scorecard shows it. */
const Figure = z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/, "must be a decimal number");

/** What is done, which metric it moves, from where to where, and by when. */
export const Activity = z
  .object({
    title: z.string().trim().min(1).max(300),
    type: ActivityType,
    metricId: z.string(),
    metricName: z.string(),
    /** The measure on the frozen scorecard, as exact as it stands there; null where there was no data. */
    baseline: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/)
      .nullable(),
    target: Figure,
    milestones: z.array(Milestone).min(1).max(10),
  })
  .meta({ id: "Activity" });
export type Activity = z.infer<typeof Activity>;

export const DraftActivity = z
  .strictObject({
    title: Activity.shape.title,
    type: ActivityType,
    metricId: z.string().min(1).max(100),
    target: Figure,
    milestones: z
      .array(z.strictObject({ title: Milestone.shape.title, dueOn: CalendarDate }))
      .min(1)
      .max(10),
  })
  .meta({ id: "DraftActivity" });
export type DraftActivity = z.infer<typeof DraftActivity>;

/** Who wrote a plan may be many, but the row stays small. */
export const AUTHOR_LIMIT = 50;

const title = z.string().trim().min(1).max(200);
const summary = z.string().trim().min(1).max(4000);

export const CreatePlan = z
  .strictObject({
    cycleId: CycleId,
    title,
    summary,
    budget: Money,
    activities: z.array(DraftActivity).min(1).max(15),
  })
  .meta({ id: "CreatePlan" });
export type CreatePlan = z.infer<typeof CreatePlan>;

export const UpdatePlan = CreatePlan.omit({ cycleId: true }).partial().meta({ id: "UpdatePlan" });
export type UpdatePlan = z.infer<typeof UpdatePlan>;

/** What a plan starts from: the frozen card's metrics and the decision rights of its program version. */
export interface PlanBasis {
  readonly programId: ProgramId;
  readonly programVersion: number;
  readonly currency: Currency;
  readonly metrics: readonly {
    readonly metricId: string;
    readonly name: string;
    readonly measure: string | null;
  }[];
}

/** One required decision, in order; one person holds one step. */
export const ApprovalStep = z
  .object({
    stepNumber: z.number().int().positive(),
    role: z.enum(["partner-manager", "executive-sponsor"]),
    approverId: MemberId,
    /** Set where the approver stands in for somebody who wrote the plan, is not named, or holds another step. */
    substituteRole: MemberRole.nullable(),
    /** The partner or its program had signatories when the approver was named: one of them decides. */
    needsSignatory: z.boolean().default(false),
    /** Who may decide besides, once the step was escalated. */
    escalatedToId: MemberId.nullable(),
    openedAt: z.iso.datetime().nullable(),
    remindedAt: z.iso.datetime().nullable(),
    escalatedAt: z.iso.datetime().nullable(),
    decision: z
      .object({
        outcome: z.enum(["approved", "returned", "rejected"]),
        by: MemberId,
        at: z.iso.datetime(),
        comment: classified("development-plan.comments", z.string().nullable()),
      })
      .nullable(),
  })
  .meta({ id: "ApprovalStep" });
export type ApprovalStep = z.infer<typeof ApprovalStep>;

/** One way through the steps; a plan that was returned goes through them anew. */
export const Approval = z
  .object({
    /** Raised when a lost state machine is started again. */
    attempt: z.number().int().positive(),
    submittedBy: ActorRef,
    submittedAt: z.iso.datetime(),
    steps: z.array(ApprovalStep).min(1).max(2),
    /** Days from the opening of a step. */
    reminderDays: z.number().int().positive(),
    escalationDays: z.number().int().positive(),
    expiryDays: z.number().int().positive(),
  })
  .meta({ id: "Approval" });
export type Approval = z.infer<typeof Approval>;

const base = z.object({
  planId: PlanId,
  partnerId: PartnerId,
  cycleId: CycleId,
  programId: ProgramId,
  programVersion: z.number().int().positive(),
  title,
  summary: classified("development-plan.summary", summary),
  budget: classified("development-plan.budget", Money),
  activities: z.array(Activity).min(1).max(15),
  /** Everybody who wrote a part of it; none of them may approve it. */
  authors: z.array(ActorRef).min(1).max(AUTHOR_LIMIT),
  /** Counts the contents: a change of a returned plan is its next revision. */
  revision: z.number().int().positive(),
  accepted: z.object({ by: ActorRef, at: z.iso.datetime() }).nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

/** Agreed activities with milestones, approved step by step. */
export const DevelopmentPlan = z
  .discriminatedUnion("status", [
    /** `approval` of a draft is the one it was returned or withdrawn from. */
    base.extend({ status: z.literal("draft"), approval: Approval.nullable() }),
    base.extend({ status: z.literal("submitted"), approval: Approval }),
    base.extend({ status: z.literal("approved"), approval: Approval }),
    base.extend({ status: z.literal("returned"), approval: Approval }),
    base.extend({ status: z.literal("rejected"), approval: Approval }),
    base.extend({ status: z.literal("expired"), approval: Approval }),
  ])
  .meta({ id: "DevelopmentPlan" });
export type DevelopmentPlan = z.infer<typeof DevelopmentPlan>;
export type PlanIn<S extends DevelopmentPlan["status"]> = Extract<DevelopmentPlan, { status: S }>;

/** An approval step that waits for one person's decision. */
export const WaitingPlan = z
  .object({
    planId: PlanId,
    partnerId: PartnerId,
    /** Whose decision it waits for. */
    memberId: MemberId,
    title,
    budget: classified("development-plan.budget", Money),
    revision: z.number().int().positive(),
    attempt: z.number().int().positive(),
    stepNumber: z.number().int().positive(),
    openedAt: z.iso.datetime(),
    /** When the plan expires undecided. */
    dueAt: z.iso.datetime(),
    /** The step came to this person because its approver had not decided. */
    isEscalated: z.boolean(),
    needsSignatory: z.boolean().default(false),
  })
  .meta({ id: "WaitingPlan" });
export type WaitingPlan = z.infer<typeof WaitingPlan>;

export const DecideStep = z
  .strictObject({ comment: z.string().trim().min(1).max(2000).nullable().default(null) })
  .meta({ id: "DecideStep" });
/** Sending a plan back says what is to change. */
export const RefuseStep = z
  .strictObject({ comment: z.string().trim().min(1).max(2000) })
  .meta({ id: "RefuseStep" });
export const ReachMilestone = z
  .strictObject({
    activity: z.number().int().nonnegative(),
    milestone: z.number().int().nonnegative(),
    doneOn: CalendarDate,
  })
  .meta({ id: "ReachMilestone" });
export type ReachMilestone = z.infer<typeof ReachMilestone>;
