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

export const emptyCounters = (): Counters =>
  Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counters;

/** Own discount ≤ limit, in integers: amount·10000 ≥ list·(10000 − limit). */
const isWithin = (amount: number, list: number, limitBp: number): boolean =>
  BigInt(amount) * 10_000n >= BigInt(list) * BigInt(10_000 - limitBp);

const isAligned = (amount: number, list: number, toleranceBp: number): boolean =>
  isWithin(amount, list, toleranceBp) &&
  BigInt(amount) * 10_000n <= BigInt(list) * BigInt(10_000 + toleranceBp);

const DAY_MS = 86_400_000;

/** Calendar days are UTC days here; a calendar library costs fifty times as much for each fact. */
const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** What one opportunity adds to each month. A fact without the date a counter hangs on adds nothing to it. */
export function contributionOf(fact: CountedOpportunity): Contribution {
  const months = new Map<Month, Counters>();
  const add = (on: string, counter: Counter, value: number) => {
    if (value === 0) return;
    const month = monthOf(on);
    const counters = months.get(month) ?? emptyCounters();
    counters[counter] += value;
    months.set(month, counters);
  };
  const { outcome, engagedOn, closedOn, amountMinor, listAmountMinor } = fact;
  const stockAmount = amountMinor ?? listAmountMinor ?? 0;

  if (engagedOn !== null) {
    add(engagedOn, "createdCount", 1);
    add(engagedOn, "createdAmount", stockAmount);
    add(engagedOn, "enteredCount", 1);
    add(engagedOn, "enteredAmount", stockAmount);
    if (closedOn !== null) {
      const leftOn = closedOn > engagedOn ? closedOn : engagedOn;
      add(leftOn, "leftCount", 1);
      add(leftOn, "leftAmount", stockAmount);
    }
  }
  if (closedOn !== null && outcome === "lost") add(closedOn, "lostCount", 1);
  if (closedOn !== null && outcome === "won") {
    add(closedOn, "wonCount", 1);
    if (amountMinor !== null) {
      add(closedOn, "wonAmount", amountMinor);
      if (listAmountMinor !== null && listAmountMinor > 0) {
        add(closedOn, "listedCount", 1);
        add(closedOn, "listedAmount", amountMinor);
        add(closedOn, "listedListAmount", listAmountMinor);
        add(closedOn, "wonWithinBp.1000", isWithin(amountMinor, listAmountMinor, 1000) ? 1 : 0);
        add(closedOn, "wonAlignedBp.1000", isAligned(amountMinor, listAmountMinor, 1000) ? 1 : 0);
      }
    }
    // A deal closed before it was engaged has no cycle; the row carries the defect.
    if (engagedOn !== null && engagedOn <= closedOn) {
      add(closedOn, "cycleCount", 1);
      add(closedOn, "cycleDays", daysBetween(engagedOn, closedOn));
    }
  }
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
