import type { Month } from "../calendar/index.ts";
import type { PartnerId, VoiceId } from "../id/index.ts";
import { accumulate, type CountedOpportunity, contributionOf, emptyCounters } from "./rollup.ts";
import {
  COUNTERS,
  type Counters,
  type MonthRollup,
  type RolledFigure,
  type RolledVoice,
} from "./schema.ts";

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
        ...handedIn(stored),
        version: (stored?.version ?? 0) + 1,
        changedAt: now.toISOString(),
      },
    ];
  });
}

/** What people handed in for a month; absent where there is nothing. */
export const handedIn = (
  month: Pick<MonthRollup, "figures" | "voices"> | undefined,
): Pick<MonthRollup, "figures" | "voices"> => ({
  ...(month?.figures ? { figures: month.figures } : {}),
  ...(month?.voices ? { voices: month.voices } : {}),
});

type MonthKey = Pick<MonthRollup, "partnerId" | "month">;

const following = (
  { partnerId, month }: MonthKey,
  stored: MonthRollup | undefined,
  changes: Pick<MonthRollup, "figures" | "voices">,
  now: Date,
): MonthRollup => ({
  partnerId,
  month,
  counters: stored?.counters ?? emptyCounters(),
  ...handedIn({ ...stored, ...changes }),
  version: (stored?.version ?? 0) + 1,
  changedAt: now.toISOString(),
});

/** A month with figures handed in, one version on. @param stored the month as last read */
export const withFigures = (
  key: MonthKey,
  stored: MonthRollup | undefined,
  figures: Readonly<Record<string, RolledFigure>>,
  now: Date,
): MonthRollup => following(key, stored, { figures: { ...stored?.figures, ...figures } }, now);

/**
 * A month with what a rater said, one version on.
 * @param voice undefined where it was taken back @param stored the month as last read
 */
export function withVoice(
  key: MonthKey & { readonly voiceId: VoiceId },
  stored: MonthRollup | undefined,
  voice: RolledVoice | undefined,
  now: Date,
): MonthRollup {
  const { [key.voiceId]: _, ...others } = stored?.voices ?? {};
  const voices = voice ? { ...others, [key.voiceId]: voice } : others;
  const isEmpty = Object.keys(voices).length === 0;
  return following(key, stored, { voices: isEmpty ? undefined : voices }, now);
}
