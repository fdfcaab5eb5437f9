import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { remembered } from "../remembered/index.ts";

/** `YYYY-MM-DD`. */
export const CalendarDate = z.iso.date().meta({ id: "CalendarDate", example: "2027-03-31" });
export type CalendarDate = z.infer<typeof CalendarDate>;

/** A calendar month, `YYYY-MM`: the grain of every rollup. */
export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .meta({ id: "Month" });
export type Month = z.infer<typeof Month>;

/** How often a partner is scored: every month, quarter or half of the tenant's fiscal year. */
export const Cadence = z.enum(["monthly", "quarterly", "biannual"]).meta({ id: "Cadence" });
export type Cadence = z.infer<typeof Cadence>;

/** A quarter of the tenant's fiscal calendar; the fiscal year is named after the calendar year it ends in. */
export const Quarter = z
  .string()
  .regex(/^\d{4}-Q[1-4]$/, "must be a quarter such as 2027-Q1")
  .meta({ id: "Quarter", example: "2027-Q1" });
export type Quarter = z.infer<typeof Quarter>;

/** A month, quarter or half of the tenant's fiscal calendar: `2027-M02` is the second month of fiscal year 2027. */
export const Period = z
  .string()
  .regex(
    /^\d{4}-(M(0[1-9]|1[0-2])|Q[1-4]|H[12])$/,
    "must be a period such as 2027-Q1, 2027-M02 or 2027-H1",
  )
  .meta({ id: "Period", example: "2027-Q1" });
export type Period = z.infer<typeof Period>;

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

const MONTHS_A_YEAR = 12;
const MONTHS: Readonly<Record<Cadence, number>> = { monthly: 1, quarterly: 3, biannual: 6 };
const LETTERS: Readonly<Record<Cadence, string>> = { monthly: "M", quarterly: "Q", biannual: "H" };

/** Months of one period. */
export const monthsIn = (cadence: Cadence): number => MONTHS[cadence];

export function cadenceOf(period: Period): Cadence {
  const letter = period.charAt(5);
  return letter === "M" ? "monthly" : letter === "H" ? "biannual" : "quarterly";
}

/** Periods of its kind counted from the start of fiscal year 0, so that neighbours differ by one. */
export const ordinalOf = (period: Period): number =>
  (Number(period.slice(0, 4)) * MONTHS_A_YEAR) / MONTHS[cadenceOf(period)] +
  Number(period.slice(6)) -
  1;

function periodAt(cadence: Cadence, ordinal: number): Period {
  const perYear = MONTHS_A_YEAR / MONTHS[cadence];
  const year = Math.floor(ordinal / perYear);
  const number = String(ordinal - year * perYear + 1).padStart(cadence === "monthly" ? 2 : 1, "0");
  return `${String(year).padStart(4, "0")}-${LETTERS[cadence]}${number}`;
}

/** The fiscal month a period starts with, counted from fiscal year 0; the same whatever month that year starts in. */
const firstMonthOf = (period: Period): number => ordinalOf(period) * MONTHS[cadenceOf(period)];

/** The period of a kind that starts with this one; undefined where one is under way then. */
export function periodStarting(period: Period, cadence: Cadence): Period | undefined {
  const first = firstMonthOf(period);
  const length = MONTHS[cadence];
  return first % length === 0 ? periodAt(cadence, first / length) : undefined;
}

/** The period of a kind that covers the month before this one starts, and whether it ends there. */
export function periodUpTo(
  period: Period,
  cadence: Cadence,
): { readonly period: Period; readonly isOver: boolean } {
  const first = firstMonthOf(period);
  const length = MONTHS[cadence];
  return {
    period: periodAt(cadence, Math.floor((first - 1) / length)),
    isOver: first % length === 0,
  };
}

/** Whether a period of any kind starts when another does or before. */
export const startsBy = (period: Period, other: Period): boolean =>
  firstMonthOf(period) <= firstMonthOf(other);

export const nextPeriod = (period: Period): Period =>
  periodAt(cadenceOf(period), ordinalOf(period) + 1);
export const previousPeriod = (period: Period): Period =>
  periodAt(cadenceOf(period), ordinalOf(period) - 1);

/** So many periods of one kind up to this one, newest first. */
export const lastPeriods = (period: Period, count: number): Period[] =>
  Array.from({ length: count }, (_, age) => periodAt(cadenceOf(period), ordinalOf(period) - age));

const MOST_REMEMBERED = 2_000;

const spanOf = remembered(MOST_REMEMBERED, (period: Period, fiscalYearStartMonth: number): Span => {
  const cadence = cadenceOf(period);
  const endYear = Number(period.slice(0, 4));
  const start = Temporal.PlainDate.from({
    year: fiscalYearStartMonth === 1 ? endYear : endYear - 1,
    month: fiscalYearStartMonth,
    day: 1,
  }).add({ months: MONTHS[cadence] * (Number(period.slice(6)) - 1) });
  const next = start.add({ months: MONTHS[cadence] });
  return { from: start.toString(), to: next.subtract({ days: 1 }).toString() };
});
export const periodSpan = (period: Period, { fiscalYearStartMonth }: Calendar): Span =>
  spanOf(period, fiscalYearStartMonth);

/** The period of a kind that a date lies in. */
export function periodOf(
  on: CalendarDate,
  cadence: Cadence,
  { fiscalYearStartMonth }: Calendar,
): Period {
  const { month, year } = Temporal.PlainDate.from(on);
  const monthOfFiscalYear = (month - fiscalYearStartMonth + MONTHS_A_YEAR) % MONTHS_A_YEAR;
  const startYear = month >= fiscalYearStartMonth ? year : year - 1;
  const fiscalYear = fiscalYearStartMonth === 1 ? startYear : startYear + 1;
  const months = fiscalYear * MONTHS_A_YEAR + monthOfFiscalYear;
  return periodAt(cadence, Math.floor(months / MONTHS[cadence]));
}

export const quarterOf = (on: CalendarDate, calendar: Calendar): Quarter =>
  periodOf(on, "quarterly", calendar);

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

export const addDays = remembered(
  MOST_REMEMBERED,
  (on: CalendarDate, days: number): CalendarDate =>
    Temporal.PlainDate.from(on).add({ days }).toString(),
);

/** Calendar days from one date to another; negative where the second is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "day" }).days;

const epochAt = remembered(
  MOST_REMEMBERED,
  (on: CalendarDate, wallTime: string, timeZone: TimeZone): number =>
    Temporal.PlainDate.from(on).toZonedDateTime({
      timeZone,
      plainTime: Temporal.PlainTime.from(wallTime),
    }).epochMilliseconds,
);

/**
 * The instant of a local wall time. A time that a clock change skips is read as the time after the
 * gap, one that happens twice as the first (Temporal's "compatible").
 * @param wallTime `HH:MM`
 */
export const instantAt = (
  on: CalendarDate,
  wallTime: string,
  { timeZone }: Pick<Calendar, "timeZone">,
): Date => new Date(epochAt(on, wallTime, timeZone));
