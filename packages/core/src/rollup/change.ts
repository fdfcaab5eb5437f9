import type { Month } from "../calendar/index.ts";
import type { PartnerId } from "../id/index.ts";
import { accumulate, type CountedOpportunity, contributionOf, emptyCounters } from "./rollup.ts";
import { COUNTERS, type Counters, type MonthRollup, type RolledFigure } from "./schema.ts";

/** A fact as it counted before and as it counts now; left out where it does not exist. */
export interface RollupChange {
  readonly before?: CountedOpportunity | undefined;
  readonly after?: CountedOpportunity | undefined;
}

/**
 * The months of a partner that these changes touch, one version on: contribution(after) −
 * contribution(before) added to what stands. Months whose sums stay the same are left out.
 * @param current the partner's months as last read
 */
export function rollupsAfter(
  partnerId: PartnerId,
  current: ReadonlyMap<Month, MonthRollup>,
  changes: readonly RollupChange[],
  now: Date,
): MonthRollup[] {
  const sums = new Map<Month, Counters>();
  for (const { before, after } of changes) {
    if (before) accumulate(sums, contributionOf(before), -1);
    if (after) accumulate(sums, contributionOf(after));
  }
  return [...sums].flatMap(([month, difference]) => {
    if (COUNTERS.every((name) => difference[name] === 0)) return [];
    const stored = current.get(month);
    const counters = { ...difference };
    if (stored) for (const name of COUNTERS) counters[name] += stored.counters[name];
    return [
      {
        partnerId,
        month,
        counters,
        ...(stored?.figures ? { figures: stored.figures } : {}),
        version: (stored?.version ?? 0) + 1,
        changedAt: now.toISOString(),
      },
    ];
  });
}

/** A month with figures handed in, one version on. @param stored the month as last read */
export function withFigures(
  { partnerId, month }: Pick<MonthRollup, "partnerId" | "month">,
  stored: MonthRollup | undefined,
  figures: Readonly<Record<string, RolledFigure>>,
  now: Date,
): MonthRollup {
  return {
    partnerId,
    month,
    counters: stored?.counters ?? emptyCounters(),
    figures: { ...stored?.figures, ...figures },
    version: (stored?.version ?? 0) + 1,
    changedAt: now.toISOString(),
  };
}
