import { type CalendarDate, type Month, monthOf } from "../calendar/index.ts";
import { COUNTERS, type Counter, type Counters } from "./schema.ts";

/** What of an opportunity counts; all that a frozen card needs to keep of it. Money in minor units. */
export interface CountedOpportunity {
  readonly outcome: "open" | "won" | "lost";
  readonly engagedOn: CalendarDate | null;
  readonly closedOn: CalendarDate | null;
  readonly amountMinor: number | null;
  readonly listAmountMinor: number | null;
}

/** Counters by month: the contribution of one fact, or the difference between two. */
export type Contribution = ReadonlyMap<Month, Counters>;

const ZEROS = Object.freeze(Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counters);

export const emptyCounters = (): Counters => ({ ...ZEROS });

/** Up to here the products below are exact as doubles: none exceeds Number.MAX_SAFE_INTEGER (ECMA-262). */
const EXACT_UP_TO = Number.MAX_SAFE_INTEGER / 20_000;

/** Whether amount·10000 ≥ list·shareBp, in integers. */
function isAtLeast(amount: number, list: number, shareBp: number): boolean {
  return Math.abs(amount) < EXACT_UP_TO && list < EXACT_UP_TO
    ? amount * 10_000 >= list * shareBp
    : BigInt(amount) * 10_000n >= BigInt(list) * BigInt(shareBp);
}

/** Own discount ≤ limit. */
const isWithin = (amount: number, list: number, limitBp: number): boolean =>
  isAtLeast(amount, list, 10_000 - limitBp);

const isAligned = (amount: number, list: number, toleranceBp: number): boolean =>
  isWithin(amount, list, toleranceBp) && isAtLeast(-amount, list, -10_000 - toleranceBp);

const DAY_MS = 86_400_000;

/** Calendar days are UTC days here; a calendar library costs fifty times as much for each fact. */
const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  (Date.parse(to) - Date.parse(from)) / DAY_MS;

/**
 * Tells `count` each thing that one opportunity counts for, by the date it counts on. A fact without the date
 * that a counter hangs on counts nothing there; a value may be 0.
 */
export function countFact(
  { outcome, engagedOn, closedOn, amountMinor, listAmountMinor }: CountedOpportunity,
  count: (on: CalendarDate, counter: Counter, value: number) => void,
): void {
  if (engagedOn !== null) {
    const stockAmount = amountMinor ?? listAmountMinor ?? 0;
    count(engagedOn, "createdCount", 1);
    count(engagedOn, "createdAmount", stockAmount);
    count(engagedOn, "enteredCount", 1);
    count(engagedOn, "enteredAmount", stockAmount);
    if (closedOn !== null) {
      const leftOn = closedOn > engagedOn ? closedOn : engagedOn;
      count(leftOn, "leftCount", 1);
      count(leftOn, "leftAmount", stockAmount);
    }
  }
  if (closedOn === null || outcome === "open") return;
  if (outcome === "lost") {
    count(closedOn, "lostCount", 1);
    return;
  }
  count(closedOn, "wonCount", 1);
  if (amountMinor !== null) {
    count(closedOn, "wonAmount", amountMinor);
    if (listAmountMinor !== null && listAmountMinor > 0) {
      count(closedOn, "listedCount", 1);
      count(closedOn, "listedAmount", amountMinor);
      count(closedOn, "listedListAmount", listAmountMinor);
      const isNear = isWithin(amountMinor, listAmountMinor, 1000);
      count(closedOn, "wonWithinBp.1000", isNear ? 1 : 0);
      count(closedOn, "wonAlignedBp.1000", isAligned(amountMinor, listAmountMinor, 1000) ? 1 : 0);
    }
  }
  // A deal closed before it was engaged has no cycle; the row carries the defect.
  if (engagedOn !== null && engagedOn <= closedOn) {
    count(closedOn, "cycleCount", 1);
    count(closedOn, "cycleDays", daysBetween(engagedOn, closedOn));
  }
}

/** What one opportunity adds to each month. */
export function contributionOf(fact: CountedOpportunity): Contribution {
  const months = new Map<Month, Counters>();
  countFact(fact, (on, counter, value) => {
    if (value === 0) return;
    const month = monthOf(on);
    const counters = months.get(month) ?? emptyCounters();
    counters[counter] += value;
    months.set(month, counters);
  });
  return months;
}

/** Adds `factor` times the contribution to the sums, in place; months that end at all zeros stay. */
export function accumulate(
  sums: Map<Month, Counters>,
  contribution: Contribution,
  factor: 1 | -1 = 1,
): Map<Month, Counters> {
  for (const [month, counters] of contribution) {
    const sum = sums.get(month) ?? emptyCounters();
    for (const name of COUNTERS) sum[name] += factor * counters[name];
    sums.set(month, sum);
  }
  return sums;
}

export const isZero = (counters: Counters): boolean =>
  COUNTERS.every((name) => counters[name] === 0);

/** The rollup of these facts, counted anew. */
export function recount(facts: Iterable<CountedOpportunity>): Map<Month, Counters> {
  const sums = new Map<Month, Counters>();
  for (const fact of facts) accumulate(sums, contributionOf(fact));
  return sums;
}
