import { z } from "zod";
import { AssignedDuty } from "../actor/index.ts";
import { classified } from "../classification/index.ts";
import {
  ActionItemId,
  FactReportId,
  FlagId,
  GoalId,
  MemberId,
  PartnerId,
  PartnerUserId,
  PlanId,
  ProgramId,
  SourceId,
} from "../id/index.ts";

/** Of what kinds a person's duties are: a name on a partner, something open that is theirs, or an assignment. */
export const DutyKind = z
  .enum([
    "partner-manager",
    "executive-sponsor",
    "data-steward",
    "plan-approval",
    "fact-report",
    "action-item",
    "goal",
    "source",
    "data-quality-flag",
    ...AssignedDuty.options,
  ])
  .meta({ id: "DutyKind" });
export type DutyKind = z.infer<typeof DutyKind>;

const DutyId = z.union([
  PartnerId,
  ProgramId,
  PlanId,
  FactReportId,
  ActionItemId,
  GoalId,
  SourceId,
  FlagId,
]);

const dutyField = ({ kind }: Readonly<Record<string, unknown>>) => {
  if (kind === "action-item") return "action-item.text";
  if (kind === "goal") return "goal.text";
  return kind === "fact-report" ? "fact-report.text" : undefined;
};

/** One thing that a person answers for. */
export const Duty = z
  .object({
    kind: DutyKind,
    /** Of the partner, program, plan, report, action item, goal, source or flag. */
    id: DutyId,
    /** The partner it is about; null for a source and its flags, and for a duty in a program. */
    partnerId: PartnerId.nullable(),
    text: classified(dutyField, z.string()),
    /** A calendar date or an instant, as its kind has it; null where nothing is due. */
    due: z.string().nullable(),
  })
  .meta({ id: "Duty" });
export type Duty = z.infer<typeof Duty>;

const count = z.number().int().nonnegative();
export const DutyCounts = z
  .object({
    "partner-manager": count,
    "executive-sponsor": count,
    "data-steward": count,
    "plan-approval": count,
    "fact-report": count,
    "action-item": count,
    goal: count,
    source: count,
    "data-quality-flag": count,
    "data-collector": count,
    moderator: count,
    "plan-signatory": count,
  } satisfies Record<DutyKind, typeof count>)
  .meta({ id: "DutyCounts" });
export type DutyCounts = z.infer<typeof DutyCounts>;

export const Duties = z
  .object({
    counts: DutyCounts,
    /** Of each kind the first ten, the most urgent first where something is due. */
    first: z.array(Duty),
    /** There are more than are counted here. */
    hasMore: z.boolean(),
  })
  .meta({ id: "Duties" });
export type Duties = z.infer<typeof Duties>;

/** Why a duty stays where it is. */
export const LeftReason = z
  .enum([
    /** Somebody changed it at the same moment: repeat the request. */
    "overtaken",
    /** The receiver holds no role with which to do it. */
    "role-missing",
    /** Nobody approves a plan they have written. */
    "plan-written-by-receiver",
    /** One person decides one step of a plan. */
    "plan-step-held-by-receiver",
    /** Nobody gives themself the decision on a plan. */
    "plan-decision-for-oneself",
    /** Nobody assigns a duty to themself. */
    "assignment-for-oneself",
    /** The receiver has as many duties as one person can have. */
    "assignments-full",
    /** Who hands over may not assign this duty. */
    "assignment-not-grantable",
  ])
  .meta({ id: "LeftReason" });
export type LeftReason = z.infer<typeof LeftReason>;

/** What one request moved; a repeat goes on where it stopped. */
export const HandoverReport = z
  .object({
    moved: DutyCounts,
    /** Of those looked at; what nobody has looked at yet is in neither. */
    left: DutyCounts,
    /** The first fifty of `left`. */
    reasons: z.array(z.object({ kind: DutyKind, id: DutyId, reason: LeftReason })),
    /** A repeat with the same receiver would move nothing more. */
    isDone: z.boolean(),
  })
  .meta({ id: "HandoverReport" });
export type HandoverReport = z.infer<typeof HandoverReport>;

export const HandOverMember = z.strictObject({ to: MemberId }).meta({ id: "HandOverMember" });
export const HandOverPartnerUser = z
  .strictObject({ to: PartnerUserId })
  .meta({ id: "HandOverPartnerUser" });

export const noDuties = (): DutyCounts => ({
  "partner-manager": 0,
  "executive-sponsor": 0,
  "data-steward": 0,
  "plan-approval": 0,
  "fact-report": 0,
  "action-item": 0,
  goal: 0,
  source: 0,
  "data-quality-flag": 0,
  "data-collector": 0,
  moderator: 0,
  "plan-signatory": 0,
});
