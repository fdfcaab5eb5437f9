import { z } from "zod";
import { type Month, monthOf, type Span } from "../calendar/index.ts";
import {
  COUNTERS,
  type CountedOpportunity,
  type Counter,
  Counters,
  countFact,
  emptyCounters,
} from "../rollup/index.ts";

/**
 * Everything the built-in measures of one partner and period are computed from: the counters of its
 * months added up, and the stock at its end. Integers; money in minor units.
 */
export const MeasureSums = z
  .object({
    inPeriod: Counters,
    atEnd: z.object({ openCount: z.number().int(), openAmount: z.number().int() }),
  })
  .meta({ id: "MeasureSums" });
export type MeasureSums = z.infer<typeof MeasureSums>;

/** An integer a measure is computed from: a counter of the period, the stock at its end, or what is to come. */
export type Input = Counter | "openCount" | "openAmount" | "nextRevenueTarget";

/** What inputs are read from. */
export interface Counted {
  readonly sums: MeasureSums;
  /** Revenue that the period after this one is to bring, in minor units; absent where nobody said. */
  readonly nextRevenueTarget?: number | undefined;
}

export const emptySums = (): MeasureSums => ({
  inPeriod: emptyCounters(),
  atEnd: { openCount: 0, openAmount: 0 },
});

/** Adds `factor` times a month's counters, in place; a month after the span adds nothing. */
export function addMonth(
  sums: MeasureSums,
  span: Span,
  month: Month,
  counters: Counters,
  factor: 1 | -1 = 1,
): MeasureSums {
  if (month > monthOf(span.to)) return sums;
  sums.atEnd.openCount += factor * (counters.enteredCount - counters.leftCount);
  sums.atEnd.openAmount += factor * (counters.enteredAmount - counters.leftAmount);
  if (month < monthOf(span.from)) return sums;
  for (const name of COUNTERS) sums.inPeriod[name] += factor * counters[name];
  return sums;
}

/** @param months of one partner; a period is whole months, so that its sums are sums of months. */
export function sumsOfMonths(
  months: Iterable<{ readonly month: Month; readonly counters: Counters }>,
  span: Span,
): MeasureSums {
  const sums = emptySums();
  for (const { month, counters } of months) addMonth(sums, span, month, counters);
  return sums;
}

/** Adds `factor` times what one fact contributes, in place. */
export function addFact(
  sums: MeasureSums,
  span: Span,
  fact: CountedOpportunity,
  factor: 1 | -1 = 1,
): MeasureSums {
  countFact(fact, (on, counter, value) => {
    // A period is whole months: its dates are those of its months.
    if (on > span.to) return;
    const times = factor * value;
    if (counter === "enteredCount") sums.atEnd.openCount += times;
    else if (counter === "leftCount") sums.atEnd.openCount -= times;
    else if (counter === "enteredAmount") sums.atEnd.openAmount += times;
    else if (counter === "leftAmount") sums.atEnd.openAmount -= times;
    if (on >= span.from) sums.inPeriod[counter] += times;
  });
  return sums;
}

export function sumsOfFacts(facts: Iterable<CountedOpportunity>, span: Span): MeasureSums {
  const sums = emptySums();
  for (const fact of facts) addFact(sums, span, fact);
  return sums;
}

/** Whether a fact moves any sum of the span: what a frozen card must keep of a partner's facts. */
export function countsIn(fact: CountedOpportunity, span: Span): boolean {
  const { inPeriod, atEnd } = addFact(emptySums(), span, fact);
  return atEnd.openCount !== 0 || COUNTERS.some((name) => inPeriod[name] !== 0);
}

/** 0 for a target that nobody set. */
export function inputOf({ sums, nextRevenueTarget = 0 }: Counted, name: Input): number {
  if (name === "nextRevenueTarget") return nextRevenueTarget;
  return name === "openCount" || name === "openAmount" ? sums.atEnd[name] : sums.inPeriod[name];
}
