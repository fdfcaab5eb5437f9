import { Temporal } from "temporal-polyfill";
import { z } from "zod";

/** `YYYY-MM-DD`. */
export const CalendarDate = z.iso.date().meta({ id: "CalendarDate", example: "2027-03-31" });
export type CalendarDate = z.infer<typeof CalendarDate>;

/** A calendar month, `YYYY-MM`: the grain of every rollup. */
export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .meta({ id: "Month" });
export type Month = z.infer<typeof Month>;

/** A quarter of the tenant's fiscal calendar; the fiscal year is named after the calendar year it ends in. */
export const Quarter = z
  .string()
  .regex(/^\d{4}-Q[1-4]$/, "must be a quarter such as 2027-Q1")
  .meta({ id: "Period", example: "2027-Q1" });
export type Quarter = z.infer<typeof Quarter>;

export const TimeZone = z
  .string()
  .refine(isTimeZone, "must be an IANA time zone such as America/Chicago")
  .meta({ id: "TimeZone", example: "America/Chicago" });
export type TimeZone = z.infer<typeof TimeZone>;

/** What turns instants into business days: the tenant's zone and the month its fiscal year starts in (1–12). */
export interface Calendar {
  readonly timeZone: TimeZone;
  readonly fiscalYearStartMonth: number;
}

/** A period as the calendar dates it covers, both inclusive. */
export interface Span {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

function isTimeZone(id: string): boolean {
  try {
    Temporal.ZonedDateTime.from({ timeZone: id, year: 2000, month: 1, day: 1 });
    return /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(id);
  } catch {
    return false;
  }
}

/** Quarters counted from the start of fiscal year 0, so that neighbours differ by one. */
const ordinalOf = (quarter: Quarter): number =>
  Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(6)) - 1;

const quarterAt = (ordinal: number): Quarter =>
  `${String(Math.floor(ordinal / 4)).padStart(4, "0")}-Q${(((ordinal % 4) + 4) % 4) + 1}`;

export const nextQuarter = (quarter: Quarter): Quarter => quarterAt(ordinalOf(quarter) + 1);
export const previousQuarter = (quarter: Quarter): Quarter => quarterAt(ordinalOf(quarter) - 1);

export function quarterSpan(quarter: Quarter, { fiscalYearStartMonth }: Calendar): Span {
  const endYear = Number(quarter.slice(0, 4));
  const startYear = fiscalYearStartMonth === 1 ? endYear : endYear - 1;
  const start = Temporal.PlainDate.from({
    year: startYear,
    month: fiscalYearStartMonth,
    day: 1,
  }).add({
    months: 3 * (Number(quarter.slice(6)) - 1),
  });
  return { from: start.toString(), to: start.add({ months: 3 }).subtract({ days: 1 }).toString() };
}

export function quarterOf(on: CalendarDate, { fiscalYearStartMonth }: Calendar): Quarter {
  const date = Temporal.PlainDate.from(on);
  const monthOfFiscalYear = (date.month - fiscalYearStartMonth + 12) % 12;
  const startYear = date.month >= fiscalYearStartMonth ? date.year : date.year - 1;
  const fiscalYear = fiscalYearStartMonth === 1 ? startYear : startYear + 1;
  return quarterAt(fiscalYear * 4 + Math.floor(monthOfFiscalYear / 3));
}

export const monthOf = (on: CalendarDate): Month => on.slice(0, 7);

/** The months of a span, oldest first. */
export function monthsOf({ from, to }: Span): Month[] {
  const months: Month[] = [];
  let month = Temporal.PlainYearMonth.from(monthOf(from));
  const last = Temporal.PlainYearMonth.from(monthOf(to));
  while (Temporal.PlainYearMonth.compare(month, last) <= 0) {
    months.push(month.toString());
    month = month.add({ months: 1 });
  }
  return months;
}

/** The calendar date it is in the zone at this instant. */
export const dateAt = (instant: Date, { timeZone }: Pick<Calendar, "timeZone">): CalendarDate =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();

export const addDays = (on: CalendarDate, days: number): CalendarDate =>
  Temporal.PlainDate.from(on).add({ days }).toString();

/** Calendar days from one date to another; negative where the second is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "day" }).days;

/**
 * The instant of a local wall time. A time that a clock change skips is read as the time after the
 * gap, one that happens twice as the first (Temporal's "compatible").
 * @param wallTime `HH:MM`
 */
export const instantAt = (
  on: CalendarDate,
  wallTime: string,
  { timeZone }: Pick<Calendar, "timeZone">,
): Date =>
  new Date(
    Temporal.PlainDate.from(on).toZonedDateTime({
      timeZone,
      plainTime: Temporal.PlainTime.from(wallTime),
    }).epochMilliseconds,
  );
