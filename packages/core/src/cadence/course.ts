import {
  type Cadence,
  cadenceOf,
  nextPeriod,
  type Period,
  periodSpan,
  periodStarting,
  periodUpTo,
  previousPeriod,
  startsBy,
} from "../calendar/index.ts";
import { cycleIdOf, type ProgramId } from "../id/index.ts";
import type { Partner } from "../partner/index.ts";
import { cadencesEver, isByQuarters, programFor, type ScoringRules } from "../program/index.ts";
import { openingAt, periodAhead } from "../timer/index.ts";
import { turnAt, wantedCadence } from "./cadence.ts";
import type { ReviewedPeriods } from "./repository.ts";
import type { CadenceDecision } from "./schema.ts";

/** What the periods of a partner follow from. */
export interface Placed {
  readonly rules: ScoringRules;
  readonly programId: ProgramId;
  readonly partner: Partner;
  readonly decisions: readonly CadenceDecision[];
}

/** Where a partner stands: the period it is in, and the boundary at which its next one may begin. */
export interface Course {
  readonly running: Period | undefined;
  /** The month that begins there. */
  readonly boundary: Period;
}

/** As far as periods are looked ahead, in months. */
const HORIZON_MONTHS = 36;

const monthAfter = (period: Period): Period =>
  periodStarting(nextPeriod(period), "monthly") ?? nextPeriod(period);

/** The periods of a partner from a boundary on, as the published programs and its cadence have it now. */
export function* periodsFrom(
  { rules, programId, partner, decisions }: Placed,
  start: Period,
  periodBefore: Period | undefined,
): Generator<Period> {
  let before: Cadence | undefined =
    periodBefore === undefined ? undefined : cadenceOf(periodBefore);
  let month = start;
  for (let looked = 0; looked < HORIZON_MONTHS; looked += 1) {
    const version = programFor(rules, { programId, period: month });
    const { from } = periodSpan(month, rules.calendar);
    const turn =
      version &&
      turnAt(month, wantedCadence(version.definition, partner, decisions, from).cadence, before);
    if (turn) yield turn;
    before = turn === undefined ? undefined : cadenceOf(turn);
    month = turn ? monthAfter(turn) : nextPeriod(month);
  }
}

export const comingPeriods = (placed: Placed, { running, boundary }: Course): Generator<Period> =>
  periodsFrom(placed, boundary, running);

/** The first month whose cycles have not opened yet, by the opening time of the program in effect. */
function monthAhead({ rules, programId }: Placed, now: Date): Period {
  const own = rules.versions.filter((one) => one.programId === programId);
  const openAt = own.at(-1)?.definition.windows.openAtLocalTime ?? "06:00";
  return periodAhead("monthly", openAt, rules.calendar, now);
}

/** The period that the rules alone put a partner in, where no review says so yet. */
function presumedPeriod(placed: Placed, ahead: Period): Period | undefined {
  const { rules, programId, partner } = placed;
  const current = previousPeriod(ahead);
  const half = periodUpTo(ahead, "biannual").period;
  const start = periodStarting(half, "monthly") ?? current;
  for (const period of periodsFrom(placed, start, undefined)) {
    if (startsBy(ahead, period)) return undefined;
    if (startsBy(nextPeriod(period), current)) continue;
    const { windows } = programFor(rules, { programId, period })?.definition ?? {};
    const openAt = windows?.openAtLocalTime ?? "06:00";
    const isThere = new Date(partner.createdAt) <= openingAt(period, openAt, rules.calendar);
    return isThere ? period : undefined;
  }
  return undefined;
}

/** Where a partner stands now. Where everybody is scored by the quarter, nothing is read. */
export async function courseOf(
  { reviews }: ReviewedPeriods,
  placed: Placed,
  now: Date,
): Promise<Course> {
  const { rules, programId, partner } = placed;
  const ahead = monthAhead(placed, now);
  const running = isByQuarters(rules, programId)
    ? undefined
    : await reviews.ofPartner(
        partner.partnerId,
        cadencesEver(rules, programId).map((cadence) =>
          cycleIdOf(programId, periodUpTo(ahead, cadence).period),
        ),
      );
  const period = running?.[0]?.period ?? presumedPeriod(placed, ahead);
  return { running: period, boundary: period === undefined ? ahead : monthAfter(period) };
}
