import {
  addDays,
  type Calendar,
  type CalendarDate,
  dateAt,
  instantAt,
  nextQuarter,
  type Quarter,
  quarterOf,
  quarterSpan,
} from "../calendar/index.ts";
import { ProgramId } from "../id/index.ts";
import type { Timer } from "./schema.ts";

/** When a period's cycle opens: on its first day, at the program's wall time in the tenant's zone. */
export const openingAt = (period: Quarter, openAtLocalTime: string, calendar: Calendar): Date =>
  instantAt(quarterSpan(period, calendar).from, openAtLocalTime, calendar);

/** When the cards of a period are frozen: so many days after its end, at the program's wall time. */
export const freezingAt = (
  period: Quarter,
  {
    dataWindowDays,
    openAtLocalTime,
  }: { readonly dataWindowDays: number; readonly openAtLocalTime: string },
  calendar: Calendar,
): Date =>
  instantAt(addDays(quarterSpan(period, calendar).to, dataWindowDays), openAtLocalTime, calendar);

/** The first period that starts on `notBefore` or later, whatever the calendar was before that date. */
export function periodFrom(notBefore: CalendarDate, calendar: Calendar): Quarter {
  const period = quarterOf(notBefore, calendar);
  return quarterSpan(period, calendar).from >= notBefore ? period : nextQuarter(period);
}

const SEPARATOR = "/";

/** The timer that opens the next cycle of a program, which starts on `notBefore` or later. */
export const cycleOpenTimer = (
  programId: ProgramId,
  notBefore: CalendarDate,
  openAtLocalTime: string,
  calendar: Calendar,
): Timer => ({
  kind: "cycle-open",
  subject: `${programId}${SEPARATOR}${notBefore}`,
  dueAt: openingAt(periodFrom(notBefore, calendar), openAtLocalTime, calendar).toISOString(),
});

export function cycleOpenSubject({ subject }: Timer): {
  readonly programId: ProgramId;
  readonly notBefore: CalendarDate;
} {
  const [programId, notBefore = ""] = subject.split(SEPARATOR);
  return { programId: ProgramId.parse(programId), notBefore };
}

/**
 * The timer that a published version of a program wants: its first cycle opens at the first boundary
 * that is still ahead and in effect. A version published within a period leaves that period alone.
 */
export function firstOpeningTimer(
  version: {
    readonly programId: ProgramId;
    readonly effectiveFrom: Quarter;
    readonly definition: { readonly windows: { readonly openAtLocalTime: string } };
  },
  calendar: Calendar,
  now: Date,
): Timer {
  const { programId, effectiveFrom, definition } = version;
  const { openAtLocalTime } = definition.windows;
  const current = quarterOf(dateAt(now, calendar), calendar);
  const period =
    openingAt(current, openAtLocalTime, calendar) >= now ? current : nextQuarter(current);
  const first = period > effectiveFrom ? period : effectiveFrom;
  return cycleOpenTimer(programId, quarterSpan(first, calendar).from, openAtLocalTime, calendar);
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
