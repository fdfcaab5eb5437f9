import { z } from "zod";
import { classified } from "../classification/index.ts";
import {
  apportioned,
  decimalOf,
  dividedBy,
  exactly,
  type Fraction,
  minus,
  scaled,
  sum,
  times,
  ZERO,
} from "../metric/index.ts";
import { adjustmentOf } from "./adjustment.ts";
import { cappedScore, exactScore, measurerOf, weightedScore } from "./card.ts";
import { atLengthOf } from "./length.ts";
import type { Card, CardMetric } from "./schema.ts";

/** Why the total moved, metric by metric, in points of the total. */
export const MetricMove = z
  .object({
    metricId: z.string(),
    name: z.string(),
    previousValue: classified("scorecard.amounts", z.string().nullable()),
    value: classified("scorecard.amounts", z.string().nullable()),
    previousScore: z.number().nullable(),
    score: z.number().nullable(),
    /** The measure moved; scale and weight as before. */
    fromMeasure: z.number(),
    /** Another target, floor or band. */
    fromTarget: z.number(),
    /** Another weight. */
    fromWeight: z.number(),
    /** It gained or lost its data, or joined or left the program. */
    fromCoverage: z.number(),
  })
  .meta({ id: "MetricMove" });
export type MetricMove = z.infer<typeof MetricMove>;

export const CardComparison = z
  .object({
    previousPeriod: z.string(),
    period: z.string(),
    previousScore: z.number().nullable(),
    score: z.number().nullable(),
    /** Null where one of the two cards has no score; otherwise the moves add up to it exactly. */
    change: z.number().nullable(),
    moves: z.array(MetricMove),
    /** What the cap of 100 took away more than before; 0 in most cards. */
    fromCap: z.number(),
    /** What calibrations moved one of the two cards by; 0 in most cards. */
    fromAdjustment: z.number(),
  })
  .meta({ id: "CardComparison" });
export type CardComparison = z.infer<typeof CardComparison>;

interface Side {
  readonly metric: CardMetric;
  readonly weight: Fraction;
  readonly score: Fraction;
}

function sidesOf(card: Card): Map<string, Side> {
  const from = measurerOf(card);
  return new Map(
    card.metrics.flatMap((metric) => {
      const exact = exactScore(metric, from, card.currency);
      const weight = exactly(metric.weightPercent);
      return exact ? [[metric.metricId, { metric, weight, score: exact.score }] as const] : [];
    }),
  );
}

const weightOf = (sides: Iterable<Side>): Fraction => sum([...sides].map(({ weight }) => weight));

interface Effects {
  measure: Fraction;
  target: Fraction;
  weight: Fraction;
  coverage: Fraction;
}

/**
 * Splits the change of the total by cause. In this order: metrics that lost their data leave, measures
 * move on the old scales, scales change, weights change, metrics that gained data enter.
 */
function effectsOf(current: Card, previous: Card): Map<string, Effects> {
  const before = sidesOf(previous);
  const after = sidesOf(current);
  const effects = new Map<string, Effects>();
  // Today's sums under yesterday's formulas: what the measures alone did.
  const { sums, figures, voices } = current;
  const movedBy = measurerOf({ ...previous, sums, figures, voices });
  const of = (metricId: string): Effects => {
    const own = effects.get(metricId) ?? {
      measure: ZERO,
      target: ZERO,
      weight: ZERO,
      coverage: ZERO,
    };
    effects.set(metricId, own);
    return own;
  };
  const common = [...after.values()].flatMap((now) => {
    const then = before.get(now.metric.metricId);
    if (!then || then.metric.measure !== now.metric.measure) return [];
    const moved = exactScore(
      {
        ...atLengthOf(then.metric, now.metric),
        minimumSample: now.metric.minimumSample,
        override: now.metric.override,
      },
      movedBy,
      current.currency,
    );
    return moved ? [{ metricId: now.metric.metricId, then, now, moved: moved.score }] : [];
  });
  const isCommon = new Set(common.map(({ metricId }) => metricId));
  const oldWeight = weightOf(common.map(({ then }) => then));
  const newWeight = weightOf(common.map(({ now }) => now));

  const oldCommon = weightedScore(common.map(({ then }) => then)) ?? ZERO;
  for (const [metricId, { weight, score }] of before) {
    if (isCommon.has(metricId)) continue;
    const share = dividedBy(weight, weightOf(before.values()));
    of(metricId).coverage = minus(of(metricId).coverage, times(share, minus(score, oldCommon)));
  }
  const rescored =
    weightedScore(common.map(({ then, now }) => ({ weight: then.weight, score: now.score }))) ??
    ZERO;
  for (const { metricId, then, now, moved } of common) {
    const oldShare = dividedBy(then.weight, oldWeight);
    const newShare = dividedBy(now.weight, newWeight);
    const own = of(metricId);
    own.measure = times(oldShare, minus(moved, then.score));
    own.target = times(oldShare, minus(now.score, moved));
    own.weight = times(minus(newShare, oldShare), minus(now.score, rescored));
  }
  const newCommon = weightedScore(common.map(({ now }) => now)) ?? ZERO;
  for (const [metricId, { weight, score }] of after) {
    if (isCommon.has(metricId)) continue;
    const share = dividedBy(weight, weightOf(after.values()));
    const own = of(metricId);
    own.coverage = sum([own.coverage, times(share, minus(score, newCommon))]);
  }
  return effects;
}

const causes = ["measure", "target", "weight", "coverage"] as const;

/** What moved between two cards of one partner: the parts add up to the change of the score exactly. */
export function compareCards(current: Card, previous: Card): CardComparison {
  const heads = {
    previousPeriod: previous.period,
    period: current.period,
    previousScore: previous.score,
    score: current.score,
  };
  const isComparable = current.score !== null && previous.score !== null;
  const effects = isComparable ? effectsOf(current, previous) : new Map<string, Effects>();
  const ids = [
    ...current.metrics.map(({ metricId }) => metricId),
    ...previous.metrics
      .map(({ metricId }) => metricId)
      .filter((id) => !current.metrics.some(({ metricId }) => metricId === id)),
  ];
  const parts = ids.flatMap((id) => causes.map((cause) => effects.get(id)?.[cause] ?? ZERO));
  const fromCap = isComparable ? minus(overCap(previous), overCap(current)) : ZERO;
  const change = isComparable ? scoreSteps(current) - scoreSteps(previous) : 0n;
  const fromAdjustment = isComparable ? minus(adjustmentOf(current), adjustmentOf(previous)) : ZERO;
  const steps = apportioned([...parts, fromCap, fromAdjustment], change).map((step) =>
    Number(decimalOf(step)),
  );
  const moves = ids.map((metricId, index): MetricMove => {
    const now = current.metrics.find((metric) => metric.metricId === metricId);
    const then = previous.metrics.find((metric) => metric.metricId === metricId);
    const [fromMeasure = 0, fromTarget = 0, fromWeight = 0, fromCoverage = 0] = steps.slice(
      index * causes.length,
      (index + 1) * causes.length,
    );
    return {
      metricId,
      name: now?.name ?? then?.name ?? metricId,
      previousValue: then?.value ?? null,
      value: now?.value ?? null,
      previousScore: then?.score ?? null,
      score: now?.score ?? null,
      fromMeasure,
      fromTarget,
      fromWeight,
      fromCoverage,
    };
  });
  return {
    ...heads,
    change: isComparable ? Number(decimalOf(change)) : null,
    moves,
    fromCap: steps.at(-2) ?? 0,
    fromAdjustment: steps.at(-1) ?? 0,
  };
}

const scoreSteps = (card: Card): bigint => scaled(exactly(card.score ?? 0));

/** What the cap of 100 takes off a card. */
function overCap(card: Card): Fraction {
  const total = weightedScore([...sidesOf(card).values()]) ?? ZERO;
  return minus(total, cappedScore(total));
}
