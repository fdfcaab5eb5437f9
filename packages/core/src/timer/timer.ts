import {
  addDays,
  Cadence,
  type Calendar,
  type CalendarDate,
  dateAt,
  instantAt,
  nextPeriod,
  type Period,
  periodOf,
  periodSpan,
  type Quarter,
  startsBy,
} from "../calendar/index.ts";
import { ProgramId } from "../id/index.ts";
import type { Timer } from "./schema.ts";

/** When a period's cycle opens: on its first day, at the program's wall time in the tenant's zone. */
export const openingAt = (period: Period, openAtLocalTime: string, calendar: Calendar): Date =>
  instantAt(periodSpan(period, calendar).from, openAtLocalTime, calendar);

/** When the cards of a period are frozen: so many days after its end, at the program's wall time. */
export const freezingAt = (
  period: Period,
  {
    dataWindowDays,
    openAtLocalTime,
  }: { readonly dataWindowDays: number; readonly openAtLocalTime: string },
  calendar: Calendar,
): Date =>
  instantAt(addDays(periodSpan(period, calendar).to, dataWindowDays), openAtLocalTime, calendar);

/** The first period of a kind that starts on `notBefore` or later, whatever the calendar was before that date. */
export function periodFrom(notBefore: CalendarDate, cadence: Cadence, calendar: Calendar): Period {
  const period = periodOf(notBefore, cadence, calendar);
  return periodSpan(period, calendar).from >= notBefore ? period : nextPeriod(period);
}

const SEPARATOR = "/";

/** What opens next: the periods of one cadence of a program that start on `notBefore` or later. */
export interface NextOpening {
  readonly programId: ProgramId;
  readonly notBefore: CalendarDate;
  readonly cadence: Cadence;
}

/** The timer of an opening. One that names no cadence is of the quarters. */
export const cycleOpenTimer = (
  { programId, notBefore, cadence }: NextOpening,
  openAtLocalTime: string,
  calendar: Calendar,
): Timer => ({
  kind: "cycle-open",
  subject: [programId, notBefore, ...(cadence === "quarterly" ? [] : [cadence])].join(SEPARATOR),
  dueAt: openingAt(
    periodFrom(notBefore, cadence, calendar),
    openAtLocalTime,
    calendar,
  ).toISOString(),
});

export function cycleOpenSubject({ subject }: Timer): NextOpening {
  const [programId, notBefore = "", cadence = "quarterly"] = subject.split(SEPARATOR);
  return {
    programId: ProgramId.parse(programId),
    notBefore,
    cadence: Cadence.parse(cadence),
  };
}

/** The first period of a kind that has not opened yet. */
export function periodAhead(
  cadence: Cadence,
  openAtLocalTime: string,
  calendar: Calendar,
  now: Date,
): Period {
  const current = periodOf(dateAt(now, calendar), cadence, calendar);
  return openingAt(current, openAtLocalTime, calendar) >= now ? current : nextPeriod(current);
}

/**
 * The timer that a published version of a program wants for a cadence: its first cycle opens at the first boundary
 * that is still ahead and in effect. A version published within a period leaves that period alone.
 */
export function firstOpeningTimer(
  version: {
    readonly programId: ProgramId;
    readonly effectiveFrom: Quarter;
    readonly definition: { readonly windows: { readonly openAtLocalTime: string } };
  },
  cadence: Cadence,
  calendar: Calendar,
  now: Date,
): Timer {
  const { programId, effectiveFrom, definition } = version;
  const { openAtLocalTime } = definition.windows;
  const ahead = periodAhead(cadence, openAtLocalTime, calendar, now);
  const first = startsBy(effectiveFrom, ahead)
    ? ahead
    : periodFrom(periodSpan(effectiveFrom, calendar).from, cadence, calendar);
  const notBefore = periodSpan(first, calendar).from;
  return cycleOpenTimer({ programId, notBefore, cadence }, openAtLocalTime, calendar);
}

/** The day after a period: what comes next starts there or later. */
export const dayAfter = (on: CalendarDate): CalendarDate => addDays(on, 1);

/** A version of a program that live scores are to follow. */
export interface ReScoredVersion {
  readonly programId: ProgramId;
  readonly version: number;
}

/** As long as a process may remember the programs of a tenant as they were. */
const RULES_REMEMBERED_MS = 60_000;

/** The timer that brings live scores behind a version, once every process knows it. */
export const reScoreTimer = ({ programId, version }: ReScoredVersion, now: Date): Timer => ({
  kind: "re-score",
  subject: `${programId}${SEPARATOR}${version}`,
  dueAt: new Date(now.getTime() + RULES_REMEMBERED_MS).toISOString(),
});

export function reScoreSubject({ subject }: Timer): ReScoredVersion {
  const [programId, version] = subject.split(SEPARATOR);
  return { programId: ProgramId.parse(programId), version: Number(version) };
}
