import { z } from "zod";
import { ActorRef, Side } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { GoalId, MemberId, MilestoneId, PartnerId, PartnerUserId, ProgramId } from "../id/index.ts";
import { MeasureUnit, WrittenNumber } from "../metric/index.ts";
import { Slug } from "../program/index.ts";

const Text = z.string().trim();
const Title = Text.min(1).max(200);
const Why = Text.min(1).max(2000);
const Note = Text.min(1).max(2000);
const marked = <S extends z.ZodType>(schema: S): S => classified("goal.text", schema);

/** Who answers for it; a milestone is its side's owner's. */
export const GoalOwners = z
  .strictObject({ vendor: MemberId, partner: PartnerUserId })
  .meta({ id: "GoalOwners" });
export type GoalOwners = z.infer<typeof GoalOwners>;

const milestone = {
  title: marked(Title),
  dueOn: CalendarDate,
  side: Side,
  /** How much of the goal it is, beside the others. */
  weight: z.number().int().min(1).max(100),
};

/** What both sides agree on. */
const terms = {
  title: marked(Title),
  why: marked(Why),
  /** The objective of a program that it serves; null for none. */
  objective: z.strictObject({ programId: ProgramId, objectiveId: Slug }).nullable(),
  owners: GoalOwners,
  startOn: CalendarDate,
  dueOn: CalendarDate,
  /** What it is measured by, where that is a number. */
  measure: z
    .strictObject({ name: marked(Text.min(1).max(100)), unit: MeasureUnit, target: WrittenNumber })
    .nullable(),
};

export const GoalTerms = z
  .object({ ...terms, milestones: z.array(z.object({ milestoneId: MilestoneId, ...milestone })) })
  .meta({ id: "GoalTerms" });
export type GoalTerms = z.infer<typeof GoalTerms>;

export const MOST_MILESTONES = 20;

export const ProposeGoal = z
  .strictObject({
    ...terms,
    objective: terms.objective.default(null),
    measure: terms.measure.default(null),
    milestones: z
      .array(
        z.strictObject({
          /** Of one that was proposed or agreed before: it keeps what was done. */
          milestoneId: MilestoneId.optional(),
          ...milestone,
          weight: milestone.weight.default(1),
        }),
      )
      .max(MOST_MILESTONES)
      .default([]),
  })
  .meta({ id: "ProposeGoal" });
export type ProposeGoal = z.infer<typeof ProposeGoal>;

const Agreement = z.object({ by: ActorRef, at: z.iso.datetime() }).meta({ id: "GoalAgreement" });

/** Terms that wait until both sides have agreed; what was agreed before stays in force. */
export const GoalProposal = z
  .object({
    number: z.number().int().positive(),
    terms: GoalTerms,
    proposedBy: ActorRef,
    proposedAt: z.iso.datetime(),
    vendor: Agreement.nullable(),
    partner: Agreement.nullable(),
  })
  .meta({ id: "GoalProposal" });
export type GoalProposal = z.infer<typeof GoalProposal>;

export const GoalStatus = z
  .enum(["proposed", "open", "achieved", "missed", "dropped"])
  .meta({ id: "GoalStatus" });
export type GoalStatus = z.infer<typeof GoalStatus>;

/** What vendor and partner want to reach together. */
export const Goal = z
  .object({
    goalId: GoalId,
    partnerId: PartnerId,
    status: GoalStatus,
    /** In force; null before both sides have agreed for the first time. */
    agreed: GoalTerms.nullable(),
    /** Null where nothing waits. */
    proposal: GoalProposal.nullable(),
    /** Of milestones agreed on. */
    done: z.array(z.object({ milestoneId: MilestoneId, doneOn: CalendarDate, by: ActorRef })),
    /** What the measure was last said to be at; null before anybody has. */
    value: marked(WrittenNumber.nullable()),
    /** How it ended; null before. */
    closed: z
      .object({
        at: z.iso.datetime(),
        by: ActorRef,
        reason: marked(Note.nullable()),
      })
      .nullable(),
    createdBy: ActorRef,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.number().int().positive(),
  })
  .meta({ id: "Goal" });
export type Goal = z.infer<typeof Goal>;

/** How far a goal is on a day; of the terms agreed, or before that of those proposed. */
export const GoalProgress = z
  .object({
    today: CalendarDate,
    /** Share of the milestones done, by weight; null without milestones. */
    donePercent: z.number().nullable(),
    done: z.number().int().nonnegative(),
    milestones: z.number().int().nonnegative(),
    /** Open, and its last day is over. */
    isOverdue: z.boolean(),
    /** Not done, and their last day is over. */
    overdue: z.array(MilestoneId),
  })
  .meta({ id: "GoalProgress" });
export type GoalProgress = z.infer<typeof GoalProgress>;

export const ShownGoal = Goal.extend({ progress: GoalProgress }).meta({ id: "ShownGoal" });
export type ShownGoal = z.infer<typeof ShownGoal>;

/** What somebody wrote on a goal, and where its measure stood; written once. */
export const GoalNote = z
  .object({
    goalId: GoalId,
    partnerId: PartnerId,
    /** The version of the goal that it made. */
    version: z.number().int().positive(),
    side: Side,
    text: marked(Note),
    value: marked(WrittenNumber.nullable()),
    by: ActorRef,
    at: z.iso.datetime(),
  })
  .meta({ id: "GoalNote" });
export type GoalNote = z.infer<typeof GoalNote>;

/** That a person answers for a goal that has not ended. */
export const GoalDuty = z.object({
  goalId: GoalId,
  partnerId: PartnerId,
  side: Side,
  /** Of the side: a member, or a user of the partner. */
  owner: z.union([MemberId, PartnerUserId]),
  title: Title,
  dueOn: CalendarDate,
});
export type GoalDuty = z.infer<typeof GoalDuty>;

export const WriteGoalNote = z
  .strictObject({ text: Note, value: WrittenNumber.nullable().default(null) })
  .meta({ id: "WriteGoalNote" });
export type WriteGoalNote = z.infer<typeof WriteGoalNote>;

export const MoveMilestone = z
  .strictObject({
    /** Null where it is not done after all. */
    doneOn: CalendarDate.nullable(),
  })
  .meta({ id: "MoveMilestone" });
export type MoveMilestone = z.infer<typeof MoveMilestone>;

export const CloseGoal = z
  .discriminatedUnion("outcome", [
    z.strictObject({ outcome: z.literal("achieved"), reason: Note.nullable().default(null) }),
    z.strictObject({ outcome: z.literal("missed"), reason: Note }),
    z.strictObject({ outcome: z.literal("dropped"), reason: Note }),
  ])
  .meta({ id: "CloseGoal" });
export type CloseGoal = z.infer<typeof CloseGoal>;

export const GoalsQuery = z.strictObject({ status: GoalStatus.optional() });
