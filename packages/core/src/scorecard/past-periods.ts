import { lastPeriods, type Period, periodUpTo, previousPeriod } from "../calendar/index.ts";
import { cycleIdOf, type PartnerId, type ProgramId } from "../id/index.ts";
import { cadencesEver, isByQuarters, type ScoringRules } from "../program/index.ts";
import type { FrozenCard } from "./frozen.ts";
import type { ScorecardRepository } from "./repository.ts";

/** A period of a partner, with its newest revision where that was read. */
export interface PastPeriod {
  readonly period: Period;
  readonly frozen?: FrozenCard | undefined;
}

interface Asked {
  readonly rules: Pick<ScoringRules, "versions" | "overridden">;
  readonly programId: ProgramId;
  readonly partnerId: PartnerId;
  readonly period: Period;
}

/**
 * A partner's own periods up to one, newest first, whatever their length: each ends where the next begins and counts
 * once. Where everybody has always been scored by the quarter they are the quarters, and nothing is read; elsewhere
 * each is the one of which there is a card, else a review, else one as long as the period after it.
 */
export async function ownPeriods(
  scorecards: Pick<ScorecardRepository, "latest" | "placement">,
  { rules, programId, partnerId, period }: Asked,
  count: number,
): Promise<PastPeriod[]> {
  if (count <= 1 || isByQuarters(rules, programId)) {
    return lastPeriods(period, count).map((one) => ({ period: one }));
  }
  const cadences = cadencesEver(rules, programId);
  const keyOf = (of: Period) => ({ cycleId: cycleIdOf(programId, of), partnerId });
  const before = async (next: Period): Promise<PastPeriod> => {
    const same = previousPeriod(next);
    const ended = cadences.flatMap((cadence) => {
      const last = periodUpTo(next, cadence);
      return last.isOver && last.period !== same ? [last.period] : [];
    });
    for (const one of [same, ...ended]) {
      const frozen = await scorecards.latest(keyOf(one));
      if (frozen) return { period: one, frozen };
    }
    for (const one of [same, ...ended]) {
      if ((await scorecards.placement(keyOf(one))).isReviewed) return { period: one };
    }
    return { period: same };
  };
  const periods: PastPeriod[] = [{ period }];
  for (let newest = period; periods.length < count; ) {
    const past = await before(newest);
    periods.push(past);
    newest = past.period;
  }
  return periods;
}
