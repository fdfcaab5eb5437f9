import { z } from "zod";
import { Period } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { PartnerId, ProgramId } from "../id/index.ts";
import { shownMeasure } from "../metric/index.ts";
import type { ProgramMetric } from "../program/index.ts";
import { type CardComparison, compareCards, type MetricMove } from "./compare-cards.ts";
import { nextRating } from "./next-rating.ts";
import { waiverOf } from "./override.ts";
import { perverseIncentives } from "./perverse-incentives.ts";
import { type Card, type CardMetric, Rating } from "./schema.ts";

/** One metric of a summary and the points of the total it is about. */
const Part = z
  .object({
    metricId: z.string(),
    name: z.string(),
    points: z.number(),
    text: classified("scorecard.amounts", z.string()),
  })
  .meta({ id: "SummaryPart" });
type Part = z.infer<typeof Part>;

const Trend = z
  .object({
    previousPeriod: Period,
    previousScore: z.number().nullable(),
    /** Points; null where one of the two periods has no score. */
    change: z.number().nullable(),
    direction: z.enum(["up", "down", "steady", "unknown"]),
    /** What moved the score most, up to three each. */
    gains: z.array(Part).max(3),
    losses: z.array(Part).max(3),
  })
  .meta({ id: "SummaryTrend" });

const Flag = z
  .object({
    kind: z.enum(["red-flag", "no-rating", "rating-held", "overridden", "adjusted", "paired"]),
    /** Null where it is about the whole card. */
    metricId: z.string().nullable(),
    text: classified("scorecard.amounts", z.string()),
  })
  .meta({ id: "SummaryFlag" });
type Flag = z.infer<typeof Flag>;

const Missing = z
  .object({
    metricId: z.string(),
    name: z.string(),
    weightPercent: z.number(),
    text: classified("scorecard.values", z.string()),
  })
  .meta({ id: "SummaryMissing" });

const Next = z
  .object({
    ratingId: z.string(),
    name: z.string(),
    pointsMissing: z.number(),
    text: classified("scorecard.values", z.string()),
    /** Each would do alone; the smallest change first, up to three. */
    ways: z
      .array(
        z.object({
          metricId: z.string(),
          name: z.string(),
          text: classified("scorecard.amounts", z.string()),
        }),
      )
      .max(3),
  })
  .meta({ id: "SummaryNext" });
type Next = z.infer<typeof Next>;

/** A card at one look, in words; all of it follows from the card and the one of the period before. */
export const ScorecardSummary = z
  .object({
    partnerId: PartnerId,
    period: Period,
    programId: ProgramId,
    status: z.enum(["live", "frozen"]),
    /** Of the frozen card; null while it is live. */
    revision: z.number().int().nullable(),
    headline: z.string(),
    score: z.number().nullable(),
    shownScore: z.string().nullable(),
    rating: Rating,
    coveragePercent: z.number(),
    /** Null where no program scored the period before. */
    trend: Trend.nullable(),
    /** Which metrics bring the most points, up to three. */
    strongest: z.array(Part).max(3),
    /** Where the most points are lost, up to three. */
    weakest: z.array(Part).max(3),
    flags: z.array(Flag),
    missing: z.array(Missing),
    /** The next rating and what reaches it; null in the top one or without a rating. */
    next: Next.nullable(),
  })
  .meta({ id: "ScorecardSummary" });
export type ScorecardSummary = z.infer<typeof ScorecardSummary>;

const MOST = 3;

/** The greatest first; equal ones as they stand on the card. */
const greatest = (parts: readonly Part[]): Part[] =>
  parts
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => b.points - a.points)
    .slice(0, MOST);

const shownOf = (value: string | null, metric: CardMetric, { currency }: Card): string =>
  value === null ? "no data" : shownMeasure(value, metric, currency);

function partsOf(card: Card, points: (metric: CardMetric) => number | null, verb: string): Part[] {
  const parts = card.metrics.map((metric): Part => {
    const { metricId, name, score } = metric;
    const own = points(metric) ?? 0;
    const text = `${name} is ${shownOf(metric.value, metric, card)}, scores ${score} and ${verb} ${own} points`;
    return { metricId, name, points: own, text };
  });
  return greatest(parts);
}

/** A steady number in floating steps of four decimals. */
const STEPS = 10_000;
const pointsOf = (move: MetricMove): number =>
  Math.round((move.fromMeasure + move.fromTarget + move.fromWeight + move.fromCoverage) * STEPS) /
  STEPS;

function movedParts(comparison: CardComparison, card: Card, sign: 1 | -1): Part[] {
  const parts = comparison.moves.map((move): Part => {
    const { metricId, name } = move;
    const points = sign * pointsOf(move);
    const metric = card.metrics.find((one) => one.metricId === metricId);
    const measured = metric
      ? `from ${shownOf(move.previousValue, metric, card)} to ${shownOf(move.value, metric, card)}`
      : "no longer counts";
    const verb = sign > 0 ? "brought" : "cost";
    return { metricId, name, points, text: `${name} ${measured} ${verb} ${points} points` };
  });
  return greatest(parts);
}

function trendOf(card: Card, previous: Card): ScorecardSummary["trend"] {
  const comparison = compareCards(card, previous);
  const { change } = comparison;
  const direction =
    change === null ? "unknown" : change > 0 ? "up" : change < 0 ? "down" : "steady";
  return {
    previousPeriod: previous.period,
    previousScore: previous.score,
    change,
    direction,
    gains: movedParts(comparison, card, 1),
    losses: movedParts(comparison, card, -1),
  };
}

function flagsOf(
  card: Card,
  previous: Card | undefined,
  metrics: readonly Pick<ProgramMetric, "metricId" | "pairedMetricId">[],
): Flag[] {
  const { rating, unadjusted, adjustment } = card;
  const flags: Flag[] = [];
  const add = (kind: Flag["kind"], metricId: string | null, text: string) =>
    flags.push({ kind, metricId, text });
  if (rating.status === "insufficient-data") {
    for (const reason of rating.reasons) add("no-rating", null, reason);
  } else if (rating.cappedBy.length > 0) {
    add("rating-held", null, `A red flag holds the rating at ${rating.name}`);
  }
  for (const metric of card.metrics) {
    const { metricId, name, isRedFlag, redFlagFloor, override } = metric;
    if (isRedFlag) {
      const floor = shownOf(String(redFlagFloor), metric, card);
      const value = shownOf(metric.value, metric, card);
      add("red-flag", metricId, `${name} is ${value}, on the wrong side of ${floor}`);
    }
    if (override) add("overridden", metricId, `${name} counts as decided on a dispute`);
  }
  if (waiverOf(card.overrides, null)) {
    add("overridden", null, "Nothing is to follow from the card, as decided on a dispute");
  }
  if (unadjusted && adjustment) {
    add(
      "adjusted",
      null,
      `A calibration moved the score from ${unadjusted.score} to ${card.score}`,
    );
  }
  for (const { metricId, text } of previous ? perverseIncentives(card, previous, metrics) : []) {
    add("paired", metricId, text);
  }
  return flags;
}

function nextOf(card: Card): Next | null {
  const next = nextRating(card);
  if (!next) return null;
  const { ratingId, name, pointsMissing, blockedBy } = next;
  const nameOf = (id: string) => card.metrics.find(({ metricId }) => metricId === id)?.name ?? id;
  const blocked = blockedBy.map(nameOf).join(", ");
  const text =
    `${name} begins at ${next.from}: ` +
    (pointsMissing > 0 ? `${pointsMissing} points are missing` : "the points are there") +
    (blocked === "" ? "" : `; first the red flag of ${blocked} has to go`);
  const ways = next.ways.slice(0, MOST).map((way) => {
    const metric = card.metrics.find(({ metricId }) => metricId === way.metricId);
    const shown = (value: string) => (metric ? shownMeasure(value, metric, card.currency) : value);
    const said = `${way.name} from ${shown(way.value)} to ${shown(way.neededValue)}`;
    return { metricId: way.metricId, name: way.name, text: `${said} would do alone` };
  });
  return { ratingId, name, pointsMissing, text, ways };
}

function headlineOf({ score, shownScore, rating, period }: Card, trend: ScorecardSummary["trend"]) {
  const rated = rating.status === "rated" ? rating.name : "no rating: insufficient data";
  const head = score === null ? `${period}: ${rated}` : `${period}: ${shownScore}, ${rated}`;
  if (!trend || trend.change === null) return head;
  const { change, previousPeriod } = trend;
  if (change === 0) return `${head}; as in ${previousPeriod}`;
  return `${head}; ${change > 0 ? "up" : "down"} ${Math.abs(change)} points since ${previousPeriod}`;
}

/**
 * Pure. @param previous the card of the period before, where a program scored it
 * @param metrics of the program that `card` is scored with
 */
export function summarize(
  card: Card,
  {
    previous,
    metrics,
    revision,
  }: {
    readonly previous: Card | undefined;
    readonly metrics: readonly Pick<ProgramMetric, "metricId" | "pairedMetricId">[];
    /** Null while it is live. */
    readonly revision: number | null;
  },
): ScorecardSummary {
  const trend = previous ? trendOf(card, previous) : null;
  const { partnerId, period, programId, score, shownScore, rating, coveragePercent } = card;
  return {
    ...{ partnerId, period, programId },
    status: revision === null ? "live" : "frozen",
    revision,
    headline: headlineOf(card, trend),
    ...{ score, shownScore, rating, coveragePercent, trend },
    strongest: partsOf(card, ({ contribution }) => contribution, "brings"),
    weakest: partsOf(card, ({ pointsLost }) => pointsLost, "loses"),
    flags: flagsOf(card, previous, metrics),
    missing: card.metrics.flatMap(({ metricId, name, weightPercent, noData }) =>
      noData ? [{ metricId, name, weightPercent, text: `${name}: ${noData.detail}` }] : [],
    ),
    next: nextOf(card),
  };
}
