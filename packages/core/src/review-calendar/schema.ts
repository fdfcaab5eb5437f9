import { z } from "zod";
import { Cadence, CalendarDate, Period, TimeZone } from "../calendar/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import { MeasureName } from "../metric/index.ts";
import { CycleWindows, Slug } from "../program/index.ts";

const Instant = z.iso.datetime();

/** What a partner is measured by, and how much it weighs. */
const MeasuredMetric = z
  .object({
    metricId: z.string(),
    name: z.string(),
    measure: MeasureName,
    weightPercent: z.number(),
  })
  .meta({ id: "MeasuredMetric" });

export const CalendarCycle = z
  .object({
    period: Period,
    /** Both inclusive. */
    span: z.object({ from: CalendarDate, to: CalendarDate }),
    /** under-way: from its opening until its review closes. */
    state: z.enum(["under-way", "coming"]),
    programVersion: z.number().int().positive(),
    /** When reviews open. */
    opensAt: Instant,
    windows: CycleWindows,
    /** When feedback is there: the card as it counts, and how the review ended. */
    released: z.object({ scorecardAt: Instant, outcomeAt: Instant }),
    measured: z.array(MeasuredMetric),
  })
  .meta({ id: "CalendarCycle" });
export type CalendarCycle = z.infer<typeof CalendarCycle>;

export const ProgramCalendar = z
  .object({
    programId: ProgramId,
    programName: z.string(),
    /** Whose template counts; null for those whom no segment claims. */
    segmentId: Slug.nullable(),
    cadence: Cadence,
    /** The first to open first. */
    cycles: z.array(CalendarCycle),
  })
  .meta({ id: "ProgramCalendar" });
export type ProgramCalendar = z.infer<typeof ProgramCalendar>;

/** The cycles under way and those to come, as programs, calendar and cadence have it now. */
export const ReviewCalendar = z
  .object({
    /** Null for what the programs say to everybody. */
    partnerId: PartnerId.nullable(),
    timeZone: TimeZone,
    programs: z.array(ProgramCalendar),
  })
  .meta({ id: "ReviewCalendar" });
export type ReviewCalendar = z.infer<typeof ReviewCalendar>;

export const CalendarFilter = z.strictObject({
  partnerId: PartnerId.optional(),
  /** How many cycles ahead. */
  cycles: z.coerce.number().int().min(1).max(12).default(4),
});
export type CalendarFilter = z.infer<typeof CalendarFilter>;
