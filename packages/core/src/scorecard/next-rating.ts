import { z } from "zod";
import { classified } from "../classification/index.ts";
import {
  capOf,
  clamp,
  compare,
  decimalOf,
  dividedBy,
  exactly,
  type Fraction,
  fraction,
  HUNDRED,
  isZero,
  type KnownMeasure,
  magnitude,
  minus,
  type PlainScale,
  plus,
  rounded,
  roundedTowards,
  STORED_DECIMALS,
  scaled,
  scoreOf,
  sum,
  times,
  unitDecimals,
  unscaled,
  ZERO,
} from "../metric/index.ts";
import { exactScore, measurerOf, weightedScore } from "./card.ts";
import { scoredBy } from "./length.ts";
import type { Card } from "./schema.ts";

/** One metric that reaches the next rating alone, everything else staying as it is. */
export const WayUp = z
  .object({
    metricId: z.string(),
    name: z.string(),
    value: classified("scorecard.amounts", z.string()),
    /** The nearest value that is enough, in the unit shown. */
    neededValue: classified("scorecard.amounts", z.string()),
    neededScore: z.number(),
    /** Change relative to today's value; null where that is 0. */
    changePercent: z.number().nullable(),
  })
  .meta({ id: "WayUp" });
export type WayUp = z.infer<typeof WayUp>;

export const NextRating = z
  .object({
    ratingId: z.string(),
    name: z.string(),
    /** The score it begins at. */
    from: z.number(),
    pointsMissing: z.number(),
    /** Red flags that have to be cleared first, whatever the score. */
    blockedBy: z.array(z.string()),
    /** The way up with the smallest relative change; null where no single metric is enough. */
    cheapest: WayUp.nullable(),
    ways: z.array(WayUp),
  })
  .meta({ id: "NextRating" });
export type NextRating = z.infer<typeof NextRating>;

/** A scale of a quarter, and how much of it counts on the card. */
interface ScaleOfLength {
  readonly scale: PlainScale;
  readonly share: Fraction;
}
const ONE = fraction(1);

const scoreAt = ({ scale, share }: ScaleOfLength, value: Fraction): Fraction => {
  const own = dividedBy(value, share);
  return scoreOf(scale, own, own);
};

/** The value on the scale nearest to `value` that scores at least `needed`, rounded so that it still does. */
function nearestValue(
  by: ScaleOfLength,
  { isWhole, range, unit }: KnownMeasure,
  value: Fraction,
  needed: Fraction,
  currency: string,
): Fraction | undefined {
  const decimals = isWhole ? unitDecimals(unit, currency) : STORED_DECIMALS;
  const isPossible = (candidate: Fraction): boolean =>
    (range.min === null || compare(candidate, exactly(range.min)) >= 0) &&
    (range.max === null || compare(candidate, exactly(range.max)) <= 0);
  return candidatesOf(by, needed, decimals)
    .filter((one) => isPossible(one) && compare(scoreAt(by, one), needed) >= 0)
    .sort((a, b) => compare(magnitude(minus(a, value)), magnitude(minus(b, value))))[0];
}

function candidatesOf(
  { scale, share }: ScaleOfLength,
  needed: Fraction,
  decimals: number,
): Fraction[] {
  if (scale.kind === "linear") {
    const floor = exactly(scale.floor);
    const reach = minus(exactly(scale.target), floor);
    const wanted = plus(floor, dividedBy(times(needed, reach), HUNDRED));
    return [roundedTowards(times(wanted, share), scale.floor < scale.target ? 1 : -1, decimals)];
  }
  const step = unscaled(1n, decimals);
  const down = (bound: Fraction) => roundedTowards(bound, -1, decimals);
  return scale.bands.flatMap(({ from, to }) => [
    ...(from === null ? [] : [roundedTowards(times(exactly(from), share), 1, decimals)]),
    ...(to === null
      ? []
      : [down(minus(times(exactly(to), share), step)), down(times(exactly(to), share))]),
  ]);
}

/** Red flags that keep a card out of the band that begins at `from`. */
function flagsAgainst({ metrics, ratingBands, redFlagRatingId }: Card, from: number): string[] {
  const cap = ratingBands.find(({ ratingId }) => ratingId === redFlagRatingId);
  if (!cap || from <= cap.from) return [];
  return metrics.filter(({ isRedFlag }) => isRedFlag).map(({ metricId }) => metricId);
}

/** The band above the one the card is rated in, and what would reach it; null in the top band or without a rating. */
export function nextRating(card: Card): NextRating | null {
  const { rating, ratingBands, currency } = card;
  if (rating.status !== "rated" || card.score === null) return null;
  const position = ratingBands.findIndex(({ ratingId }) => ratingId === rating.ratingId);
  const next = ratingBands[position + 1];
  if (!next) return null;

  const from = measurerOf(card);
  const exact = card.metrics.flatMap((metric) => {
    const own = exactScore(metric, from, currency);
    return own ? [{ metric, ...own, weight: exactly(metric.weightPercent) }] : [];
  });
  const total = weightedScore(exact) ?? ZERO;
  const weight = sum(exact.map((one) => one.weight));
  const points = exactly(card.unadjusted ? (card.adjustment?.points ?? 0) : 0);
  const missing = minus(exactly(next.from), plus(total, points));
  const isShort = compare(missing, ZERO) > 0;

  const ways = !isShort
    ? []
    : exact.flatMap(
        ({ metric, value, score, weight: own }): (WayUp & { change: Fraction | null })[] => {
          const { scale, share = ONE } = scoredBy(metric);
          // A formula cannot be turned round: which of its measures should move is for people to say.
          if (scale.kind === "formula") return [];
          const needed = plus(score, dividedBy(times(missing, weight), own));
          if (compare(needed, fraction(capOf(scale))) > 0) return [];
          const nearest = nearestValue(
            { scale, share },
            from.known(metric.measure),
            value,
            needed,
            currency,
          );
          if (!nearest) return [];
          const difference = magnitude(minus(nearest, value));
          const change = isZero(value) ? null : dividedBy(difference, magnitude(value));
          return [
            {
              metricId: metric.metricId,
              name: metric.name,
              value: metric.value ?? "0",
              neededValue: decimalOf(scaled(nearest)),
              neededScore: rounded(clamp(scoreAt({ scale, share }, nearest), ZERO, fraction(120))),
              changePercent: change && rounded(times(HUNDRED, change)),
              change,
            },
          ];
        },
      );
  const sorted = ways
    .sort((a, b) =>
      a.change && b.change ? compare(a.change, b.change) : a.change ? -1 : b.change ? 1 : 0,
    )
    .map(({ change: _, ...way }) => way);
  return {
    ratingId: next.ratingId,
    name: next.name,
    from: next.from,
    pointsMissing: isShort ? Number(decimalOf(scaled(missing))) : 0,
    blockedBy: flagsAgainst(card, next.from),
    cheapest: sorted[0] ?? null,
    ways: sorted,
  };
}
