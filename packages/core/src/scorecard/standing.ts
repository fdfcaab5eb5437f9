import { z } from "zod";
import { Period } from "../calendar/index.ts";
import {
  dividedBy,
  exactly,
  type Fraction,
  fraction,
  plus,
  rounded,
  shownScore,
  times,
  ZERO,
} from "../metric/index.ts";
import type { HistoryRule, RatingBand } from "../program/index.ts";
import { boundsOf, isRated, ratingAt } from "./card.ts";
import type { Card } from "./schema.ts";

export const StandingPeriod = z
  .object({
    period: Period,
    /** Null where there is no card or no data. */
    score: z.number().nullable(),
    /** Of the whole, after periods that do not count are left out; 0 for those. */
    weightPercent: z.number(),
    /** Why it does not count; null where it does. */
    leftOut: z.enum(["not-rated", "no-program"]).nullable(),
  })
  .meta({ id: "StandingPeriod" });

/** Where a partner stands, over the periods that the program looks back on. */
export const PartnerStanding = z
  .object({
    period: Period,
    /** Weighted mean of the periods that count; null where none does. */
    score: z.number().nullable(),
    shownScore: z.string().nullable(),
    rating: z.object({ ratingId: z.string(), name: z.string() }).nullable(),
    /** Newest first. */
    periods: z.array(StandingPeriod),
  })
  .meta({ id: "PartnerStanding" });
export type PartnerStanding = z.infer<typeof PartnerStanding>;

/** How many periods a standing looks at. */
export const periodsIn = (history: HistoryRule): number =>
  history.kind === "last-period" ? 1 : history.periods;

/** 1 for the newest, then (N − 1)/N, (N − 2)/N … */
const weightAt = (age: number, history: HistoryRule): Fraction =>
  history.kind === "last-period" ? fraction(1) : fraction(history.periods - age, history.periods);

/**
 * The standing over some periods. Pure.
 * @param cards newest first; undefined where no program was in effect
 */
export function standingOf(
  period: Period,
  cards: readonly (
    | { readonly period: Period; readonly card: Card }
    | { readonly period: Period; readonly card: undefined }
  )[],
  { history, ratingBands }: { history: HistoryRule; ratingBands: readonly RatingBand[] },
): PartnerStanding {
  const weighed = cards.slice(0, periodsIn(history)).map((one, age) => {
    const score = one.card?.score ?? null;
    const counts = one.card !== undefined && isRated(one.card) && score !== null;
    const weight = counts ? weightAt(age, history) : ZERO;
    return { ...one, score, weight, counts };
  });
  const total = weighed.reduce((sum, { weight }) => plus(sum, weight), ZERO);
  const hasAny = total.numerator > 0n;
  const points = weighed.reduce(
    (sum, { weight, score }) => plus(sum, times(weight, exactly(score ?? 0))),
    ZERO,
  );
  const score = hasAny ? rounded(dividedBy(points, total)) : null;
  const band = score === null ? undefined : ratingAt(ratingBands, score);
  return {
    period,
    score,
    shownScore: score === null ? null : shownScore(score, boundsOf(ratingBands)),
    rating: band ? { ratingId: band.ratingId, name: band.name } : null,
    periods: weighed.map(({ period: of, score: own, weight, counts, card }) => ({
      period: of,
      score: own,
      weightPercent: hasAny ? rounded(dividedBy(times(fraction(100), weight), total)) : 0,
      leftOut: counts ? null : card ? "not-rated" : "no-program",
    })),
  };
}
