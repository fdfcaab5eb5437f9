import { z } from "zod";
import { CalendarDate } from "../calendar/index.ts";

/** What can be removed when its time is over, and when that time begins. */
export const retentionKinds = {
  contribution: "the cycle of its review was closed",
  session: "the cycle of its review was closed",
  dispute: "it was decided or withdrawn and the cycle of its card was closed",
  "fact-report": "it was answered",
  "action-item": "it was done or cancelled",
  goal: "it was achieved, missed or dropped",
  "development-plan": "it was rejected or expired, or its last milestone was due",
  import: "it ended",
} as const;

export const RetentionKind = z
  .enum(Object.keys(retentionKinds) as [keyof typeof retentionKinds])
  .meta({
    id: "RetentionKind",
    description: Object.entries(retentionKinds)
      .map(([kind, over]) => `${kind}: counted from the day on which ${over}`)
      .join("; "),
  });
export type RetentionKind = z.infer<typeof RetentionKind>;

/** The shortest and the longest time, in days. */
export const KEPT_DAYS = { least: 30, most: 7_305 } as const;

export const RetentionDays = z
  .partialRecord(RetentionKind, z.number().int().min(KEPT_DAYS.least).max(KEPT_DAYS.most))
  .meta({ id: "RetentionDays", example: { contribution: 730, "fact-report": 365 } });
export type RetentionDays = z.infer<typeof RetentionDays>;

/** How many days each kind is kept after it is over; what is not named is kept without end. */
export const RetentionRules = z
  .object({
    days: RetentionDays,
    /** 0 while nobody has changed anything. */
    version: z.number().int().nonnegative(),
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "RetentionRules" });
export type RetentionRules = z.infer<typeof RetentionRules>;

export const SetRetentionRules = z
  .strictObject({ days: RetentionDays })
  .meta({ id: "SetRetentionRules" });
export type SetRetentionRules = z.infer<typeof SetRetentionRules>;

const Count = z.number().int().nonnegative();

export const RetentionOutcome = z
  .object({
    kind: RetentionKind,
    days: z.number().int(),
    /** What was over on that day or before is past its time. */
    upTo: CalendarDate,
    removed: Count,
    /** Past their time, and kept by a legal hold. */
    held: Count,
  })
  .meta({ id: "RetentionOutcome" });
export type RetentionOutcome = z.infer<typeof RetentionOutcome>;

/** What was removed on one day of the tenant's calendar. */
export const RetentionRun = z.object({
  day: CalendarDate,
  rulesVersion: z.number().int().positive(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  outcomes: z.array(RetentionOutcome),
  /** Recorded answers and marks of sent mails that had expired. */
  expiredRows: Count,
  /** Where it goes on; null from its end on. */
  position: z.string().nullable(),
  /** Everything of cycles that were closed by then is gone; of kinds of which nothing was held. */
  clearedUpTo: z.partialRecord(RetentionKind, CalendarDate),
  version: z.number().int().positive(),
});
export type RetentionRun = z.infer<typeof RetentionRun>;

export const RetentionRunView = RetentionRun.omit({ position: true, clearedUpTo: true }).meta({
  id: "RetentionRun",
});
export type RetentionRunView = z.infer<typeof RetentionRunView>;

/** What these rules would remove today. */
export const RetentionPreview = z
  .object({
    day: CalendarDate,
    outcomes: z.array(
      RetentionOutcome.omit({ removed: true })
        .extend({ wouldRemove: Count })
        .meta({ id: "RetentionExpectation" }),
    ),
    /** False where there is more than one request reads: the counts are then at least these. */
    isWhole: z.boolean(),
  })
  .meta({ id: "RetentionPreview" });
export type RetentionPreview = z.infer<typeof RetentionPreview>;

/** As the audit trail names it, at its last version. */
export interface RemovedObject {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}
