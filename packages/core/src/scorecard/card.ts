import { cadenceOf, monthsIn, type Period, type Span } from "../calendar/index.ts";
import type { PartnerId } from "../id/index.ts";
import {
  apportioned,
  compare,
  decimalOf,
  dividedBy,
  exactly,
  type Fraction,
  HUNDRED,
  inShownUnit,
  type KnownMeasure,
  type Measurable,
  type Measured,
  type Measurer,
  measureOfIndicator,
  measurer,
  measuresBehind,
  minus,
  type OwnMeasures,
  plus,
  risesWithMeasure,
  rounded,
  scaled,
  scoreOf,
  shownScore,
  storedMeasure,
  sum,
  times,
  unscaled,
  ZERO,
} from "../metric/index.ts";
import {
  definitionFor,
  type ProgramDefinition,
  type ProgramMetric,
  type PublishedProgram,
  type RatingBand,
} from "../program/index.ts";
import { withTargets } from "../target/index.ts";
import { adjusted } from "./adjustment.ts";
import { asGrounds, type HandedIn, handedInOf, missingFigures } from "./figures.ts";
import { formulaHash } from "./formula-hash.ts";
import { atLength, overQuarter, scoredBy } from "./length.ts";
import { measureNamesOf } from "./measure-names.ts";
import { measureOverride, overridden, waiverOf } from "./override.ts";
import {
  type Card,
  CardGrounds,
  type CardMetric,
  type CardTerms,
  type Rating,
  type Subtotal,
} from "./schema.ts";

export interface Scored {
  readonly weight: Fraction;
  readonly score: Fraction;
}

/** Weighted mean of exact scores; undefined where nothing has data. */
export function weightedScore(all: readonly Scored[]): Fraction | undefined {
  let points = ZERO;
  let weight = ZERO;
  for (const one of all) {
    points = plus(points, times(one.weight, one.score));
    weight = plus(weight, one.weight);
  }
  return weight.numerator === 0n ? undefined : dividedBy(points, weight);
}

export const cappedScore = (score: Fraction): Fraction =>
  compare(score, HUNDRED) > 0 ? HUNDRED : score;

interface ExactScore {
  /** In the unit shown. */
  readonly value: Fraction;
  /** The same, rounded as it is stored. */
  readonly stored: Fraction;
  /** As it would be over a quarter, where the measure adds up. */
  readonly comparable: Fraction;
  readonly score: Fraction;
}

/** What a card was computed from, to compute it again. */
export const groundsOf = (card: Card): CardGrounds => CardGrounds.parse(card);

/** The same without the counts. */
export function termsOf(card: Card): CardTerms {
  const { sums: _, ...terms } = groundsOf(card);
  return terms;
}

/** What a card was computed with, to compute a part of it again. */
export const measurerOf = ({
  formulaMeasures = [],
  figureMeasures = [],
  indicators,
  currency,
  ...grounds
}: Measurable &
  Pick<Card, "formulaMeasures" | "figureMeasures" | "indicators" | "currency">): Measurer =>
  measurer(grounds, { formulaMeasures, figureMeasures, indicators }, currency);

function scoreOfMeasured(
  metric: Pick<CardMetric, "measure" | "scale" | "redFlagFloor" | "perQuarter">,
  { value: inner }: Measured,
  from: Measurer,
  currency: string,
): ExactScore | undefined {
  if (!inner) return undefined;
  const { scale, share } = scoredBy(metric);
  const value = inShownUnit(inner, from.known(metric.measure).unit, currency);
  const stored = unscaled(scaled(value));
  const comparable = overQuarter(stored, share);
  const score =
    scale.kind === "formula"
      ? from.scoreOf(scale)
      : scoreOf(scale, overQuarter(value, share), comparable);
  return score && { value, stored, comparable, score };
}

/** The exact score of a metric of a card; undefined where there is no data. */
export const exactScore = (
  metric: Pick<
    CardMetric,
    "measure" | "scale" | "redFlagFloor" | "perQuarter" | "minimumSample" | "override"
  >,
  from: Measurer,
  currency: string,
): ExactScore | undefined => {
  const { measure, minimumSample, override } = metric;
  const own = from.measured(measure, minimumSample);
  const counted = overridden(own, override, from.known(measure), currency);
  return scoreOfMeasured(metric, counted, from, currency);
};

const minimumSampleOf = (
  metric: ProgramMetric,
  { needsSample }: KnownMeasure,
  definition: ProgramDefinition,
): number => metric.parameters.minimumSample ?? (needsSample ? definition.minimumSample : 0);

/** The measures of the program that these metrics stand on, however deep. */
function ownMeasuresBehind(definition: ProgramDefinition): OwnMeasures {
  const { formulaMeasures, figureMeasures, indicators } = definition;
  const behind = measuresBehind(measureNamesOf(definition.metrics), definition);
  const isBehind = ({ measure }: { readonly measure: string }) => behind.has(measure);
  return {
    formulaMeasures: formulaMeasures.filter(isBehind),
    figureMeasures: figureMeasures
      .filter(isBehind)
      .map(({ source: _, ownerRole: __, ...figure }) => figure),
    indicators: indicators
      .filter(({ indicatorId }) => behind.has(measureOfIndicator(indicatorId)))
      .map(({ indicatorId, name, minimumRaters }) => ({ indicatorId, name, minimumRaters })),
  };
}

/** Those of the measures that a card counts with. */
const countedBy = (
  { figureMeasures, indicators = [] }: OwnMeasures,
  { figures, voices }: HandedIn,
): HandedIn => ({
  figures: figures.filter((one) => figureMeasures.some(({ measure }) => measure === one.measure)),
  voices: voices.filter((one) =>
    indicators.some(({ indicatorId }) => indicatorId === one.indicatorId),
  ),
});

/** What a card says of the measures it counts with; what it has none of is absent. */
function ownMeasuresOfCard(
  { formulaMeasures, figureMeasures, indicators = [] }: OwnMeasures,
  counted: HandedIn,
  span: Span,
): Pick<
  Card,
  "figures" | "voices" | "formulaMeasures" | "figureMeasures" | "indicators" | "missingFigures"
> {
  const missing = missingFigures(figureMeasures, counted.figures, span);
  return {
    ...asGrounds(counted),
    ...(formulaMeasures.length === 0 ? {} : { formulaMeasures: [...formulaMeasures] }),
    ...(figureMeasures.length === 0 ? {} : { figureMeasures: [...figureMeasures] }),
    ...(indicators.length === 0 ? {} : { indicators: [...indicators] }),
    ...(missing.length === 0 ? {} : { missingFigures: missing }),
  };
}

/** Whether a stored measure lies on the wrong side of the red-flag floor, both as said for a quarter. */
function isBelowFloor({ redFlagFloor, scale }: ProgramMetric, comparable: Fraction): boolean {
  if (redFlagFloor === null || scale.kind === "formula") return false;
  const order = compare(comparable, exactly(redFlagFloor));
  return risesWithMeasure(scale) ? order < 0 : order > 0;
}

function subtotalOf(metrics: readonly CardMetric[], scores: readonly (Fraction | undefined)[]) {
  return (belongs: (metric: CardMetric) => boolean): Subtotal | undefined => {
    const own = metrics.flatMap((metric, index) =>
      belongs(metric) ? [{ weight: exactly(metric.weightPercent), score: scores[index] }] : [],
    );
    if (own.length === 0) return undefined;
    const withData = own.filter((one): one is Scored => one.score !== undefined);
    const weight = sum(own.map((one) => one.weight));
    const covered = sum(withData.map((one) => one.weight));
    const score = weightedScore(withData);
    return {
      score: score ? rounded(cappedScore(score)) : null,
      coveragePercent: rounded(dividedBy(times(HUNDRED, covered), weight)),
      weightPercent: rounded(weight),
    };
  };
}

/** Lower bound inclusive, upper exclusive, the topmost inclusive; `score` as it is stored. */
export function ratingAt(bands: readonly RatingBand[], score: number): RatingBand | undefined {
  return bands.findLast(({ from }) => score >= from);
}

const NOTHING_AGREED =
  "No targets were agreed with the partner before the period began; the program rates nobody without";

function rate(
  definition: ProgramDefinition,
  metrics: readonly CardMetric[],
  score: number | null,
  coveragePercent: number,
  agreed: CardGrounds["agreedTargets"],
): Rating {
  const { minimumCoveragePercent, ratingBands, redFlagRatingId } = definition;
  const reasons: string[] = [];
  if (definition.requiresAgreedTargets && !agreed) reasons.push(NOTHING_AGREED);
  if (score === null || coveragePercent < minimumCoveragePercent) {
    reasons.push(
      `Only ${coveragePercent} % of the weight has data; a rating needs ${minimumCoveragePercent} %`,
    );
  }
  for (const { critical, name, noData } of metrics) {
    if (critical && noData) reasons.push(`${name} is critical and has no data: ${noData.detail}`);
  }
  const band = score === null ? undefined : ratingAt(ratingBands, score);
  if (reasons.length > 0 || !band) return { status: "insufficient-data", reasons };
  const cap = ratingBands.find(({ ratingId }) => ratingId === redFlagRatingId);
  const flags = metrics.filter(({ isRedFlag }) => isRedFlag).map(({ metricId }) => metricId);
  const isCapped = cap !== undefined && flags.length > 0 && band.from > cap.from;
  const { ratingId, name } = isCapped ? cap : band;
  return { status: "rated", ratingId, name, cappedBy: isCapped ? flags : [] };
}

/** Score and rating, after a calibration where there was one. */
function verdictOf(
  definition: ProgramDefinition,
  metrics: readonly CardMetric[],
  { total, coveragePercent }: { total: Fraction | undefined; coveragePercent: number },
  { adjustment, agreedTargets: agreed }: CardGrounds,
): Pick<Card, "score" | "shownScore" | "rating" | "unadjusted"> {
  const bounds = boundsOf(definition.ratingBands);
  const own = total ? rounded(cappedScore(total)) : null;
  const rating = rate(definition, metrics, own, coveragePercent, agreed);
  if (own === null) return { score: null, shownScore: null, rating };
  const before = { score: own, shownScore: shownScore(own, bounds), rating };
  if (!adjustment || rating.status !== "rated") return before;
  const score = adjusted(own, adjustment);
  return {
    score,
    shownScore: shownScore(score, bounds),
    rating: rate(definition, metrics, score, coveragePercent, agreed),
    unadjusted: before,
  };
}

/**
 * The card of one partner and period. Pure: the same program and grounds give the same card, bit for bit.
 * @param span the calendar dates of `period` in the tenant's fiscal calendar
 */
export function scoreCard({
  program,
  partnerId,
  period,
  span,
  grounds,
}: {
  readonly program: PublishedProgram;
  readonly partnerId: PartnerId;
  readonly period: Period;
  readonly span: Span;
  readonly grounds: CardGrounds;
}): Card {
  const template = definitionFor(program.definition, grounds.segmentId);
  const definition = withTargets(template, grounds.agreedTargets);
  const { currency, ratingBands } = definition;
  const own = ownMeasuresBehind(definition);
  const { figures: _, voices: __, ...otherGrounds } = grounds;
  const counted = countedBy(own, handedInOf(grounds));
  const from = measurer({ ...grounds, ...counted }, own, currency);
  const scores: (Fraction | undefined)[] = [];
  const months = monthsIn(cadenceOf(period));

  const measured = definition.metrics.map((metric, index): CardMetric => {
    const programScale = template.metrics[index]?.scale;
    const known = from.known(metric.measure);
    const { unit } = known;
    const minimumSample = minimumSampleOf(metric, known, definition);
    const override = measureOverride(grounds.overrides, metric.metricId);
    const measure = from.measured(metric.measure, minimumSample);
    const reading = overridden(measure, override, known, currency);
    const { value, noData, sample } = reading;
    const own = atLength(metric, known, months);
    const exact = scoreOfMeasured({ ...own, measure: metric.measure }, reading, from, currency);
    scores.push(exact?.score);
    return {
      metricId: metric.metricId,
      name: metric.name,
      measure: metric.measure,
      unit,
      layer: metric.layer,
      timing: metric.timing,
      scale: own.scale,
      ...(programScale && programScale !== metric.scale ? { programScale } : {}),
      ...(own.perQuarter ? { perQuarter: own.perQuarter } : {}),
      weightPercent: metric.weightPercent,
      minimumSample,
      critical: metric.critical,
      redFlagFloor: own.redFlagFloor,
      sample,
      value: value && storedMeasure(value, unit, currency),
      score: exact ? rounded(exact.score) : null,
      contribution: null,
      pointsLost: null,
      noData:
        value && !exact && metric.scale.kind === "formula" ? from.noDataOf(metric.scale) : noData,
      isRedFlag:
        exact !== undefined &&
        metric.critical &&
        isBelowFloor(metric, exact.comparable) &&
        !waiverOf(grounds.overrides, metric.metricId),
      ...(override ? { override } : {}),
    };
  });

  const withData = measured.flatMap((metric, index) => {
    const score = scores[index];
    return score ? [{ index, score, weight: exactly(metric.weightPercent) }] : [];
  });
  const weight = sum(withData.map((one) => one.weight));
  const total = weightedScore(withData);
  const parts = withData.map((one) => dividedBy(times(one.weight, one.score), weight));
  const contributions = total ? apportioned(parts, scaled(total)) : [];
  const metrics = measured.map((metric, index): CardMetric => {
    const position = withData.findIndex((one) => one.index === index);
    const one = withData[position];
    if (!one) return metric;
    const missing = minus(HUNDRED, one.score);
    const lost = missing.numerator > 0n ? dividedBy(times(one.weight, missing), weight) : ZERO;
    return {
      ...metric,
      contribution: Number(decimalOf(contributions[position] ?? 0n)),
      pointsLost: rounded(lost),
    };
  });

  const coveragePercent = rounded(weight);
  const subtotal = subtotalOf(metrics, scores);
  const layers = Object.fromEntries(
    (["results", "behaviour", "development"] as const).flatMap((layer) => {
      const own = subtotal((metric) => metric.layer === layer);
      return own ? [[layer, own]] : [];
    }),
  );
  const timings = Object.fromEntries(
    (["leading", "lagging"] as const).flatMap((timing) => {
      const own = subtotal((metric) => metric.timing === timing);
      return own ? [[timing, own]] : [];
    }),
  );
  return {
    partnerId,
    period,
    from: span.from,
    to: span.to,
    programId: program.programId,
    programVersion: program.version,
    formulaHash: formulaHash(template),
    currency,
    ...otherGrounds,
    ...ownMeasuresOfCard(own, counted, span),
    metrics,
    coveragePercent,
    minimumCoveragePercent: definition.minimumCoveragePercent,
    layers,
    timings,
    ratingBands,
    redFlagRatingId: definition.redFlagRatingId,
    ...verdictOf(definition, metrics, { total, coveragePercent }, grounds),
  };
}

export const boundsOf = (bands: readonly RatingBand[]): number[] => bands.map(({ from }) => from);

export const isRated = (card: Card): boolean => card.rating.status === "rated";
