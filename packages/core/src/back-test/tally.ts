import type { BackTestedPartner, BackTestedPeriod } from "./schema.ts";

/** What a change of program would do to one period, over the partners given. */
export interface BackTestTally {
  readonly period: string;
  readonly partners: number;
  readonly ratings: Readonly<Record<BackTestedPeriod["rating"], number>>;
  /** Mean change of the score over those scored on both sides; null where there is none. */
  readonly meanChange: number | null;
  readonly greatestRise: { readonly name: string; readonly change: number } | null;
  readonly greatestFall: { readonly name: string; readonly change: number } | null;
}

/** Periods in their order; ties go to the partner named first. */
export function tally(partners: readonly BackTestedPartner[]): BackTestTally[] {
  const periods = [...new Set(partners.flatMap((one) => one.periods.map(({ period }) => period)))];
  return periods.sort().map((period) => {
    const own = partners.flatMap(({ name, periods: all }) =>
      all.filter((one) => one.period === period).map((one) => ({ name, ...one })),
    );
    const changes = own.flatMap(({ name, change }) => (change === null ? [] : [{ name, change }]));
    const ratings = { same: 0, up: 0, down: 0, gained: 0, lost: 0, none: 0 };
    for (const { rating } of own) ratings[rating] += 1;
    const sorted = changes.toSorted((a, b) => b.change - a.change);
    const [best, worst] = [sorted[0], sorted.at(-1)];
    return {
      period,
      partners: own.length,
      ratings,
      meanChange:
        changes.length === 0
          ? null
          : changes.reduce((sum, { change }) => sum + change, 0) / changes.length,
      greatestRise: best && best.change > 0 ? best : null,
      greatestFall: worst && worst.change < 0 ? worst : null,
    };
  });
}
