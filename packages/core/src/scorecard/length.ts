import { monthsIn } from "../calendar/index.ts";
import {
  dividedBy,
  exactly,
  type Fraction,
  fraction,
  type KnownMeasure,
  type PlainScale,
  rounded,
  type Scale,
  times,
} from "../metric/index.ts";
import type { CardMetric } from "./schema.ts";

const MONTHS_A_QUARTER = monthsIn("quarterly");

type Scaled = Pick<CardMetric, "scale" | "redFlagFloor" | "perQuarter">;

/** How much of what is said for a quarter counts in so many months: a third in one, twice in six. */
export const shareOf = (months: number): Fraction => fraction(months, MONTHS_A_QUARTER);

const shown = (value: number, share: Fraction): number => rounded(times(exactly(value), share));

function shownScale(scale: PlainScale, share: Fraction): Scale {
  if (scale.kind === "linear") {
    const { floor, target } = scale;
    return { ...scale, floor: shown(floor, share), target: shown(target, share) };
  }
  const bound = (value: number | null) => (value === null ? null : shown(value, share));
  return {
    ...scale,
    bands: scale.bands.map(({ from, to, score }) => ({ from: bound(from), to: bound(to), score })),
  };
}

/**
 * A metric on a card of so many months, so that cards of every length compare. What a program or an agreement says
 * is said for a quarter. Of a measure that adds up over time (deals, amounts, summed figures) a card of other length
 * counts floor, target, bounds of bands and red-flag floor by months / 3, exactly: the numbers shown are rounded to 4
 * decimals, the score is computed from those of the quarter. Shares, means, stocks, days and whatever a formula says
 * are the same at every length and stay. So does a minimum sample: how many deals a fair figure needs does not depend
 * on how long they took.
 */
export function atLength(
  { scale, redFlagFloor }: Pick<Scaled, "scale" | "redFlagFloor">,
  { addsUp }: KnownMeasure,
  months: number,
): Scaled {
  if (!addsUp || months === MONTHS_A_QUARTER || scale.kind === "formula") {
    return { scale, redFlagFloor };
  }
  const share = shareOf(months);
  return {
    scale: shownScale(scale, share),
    redFlagFloor: redFlagFloor === null ? null : shown(redFlagFloor, share),
    perQuarter: { months, scale, redFlagFloor },
  };
}

/** What a metric was scored by, with how much of it counts at the length of its card. */
export function scoredBy({ scale, redFlagFloor, perQuarter }: Scaled): {
  readonly scale: Scale;
  readonly redFlagFloor: number | null;
  readonly share: Fraction | undefined;
} {
  if (!perQuarter) return { scale, redFlagFloor, share: undefined };
  return { ...perQuarter, share: shareOf(perQuarter.months) };
}

/** A value as it would be over a quarter. */
export const overQuarter = (value: Fraction, share: Fraction | undefined): Fraction =>
  share ? dividedBy(value, share) : value;

/** The metric of one card at the length of another, by what it says for a quarter. */
export function atLengthOf<M extends Scaled>(metric: M, like: Scaled): M {
  const { perQuarter: _, ...plain } = metric;
  const { scale, redFlagFloor } = scoredBy(metric);
  if (!like.perQuarter) return { ...plain, scale, redFlagFloor } as M;
  const { months } = like.perQuarter;
  return { ...plain, scale, redFlagFloor, perQuarter: { months, scale, redFlagFloor } } as M;
}
