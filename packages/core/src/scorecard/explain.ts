import { z } from "zod";
import {
  currencyDigits,
  decimalOf,
  exactly,
  inputOf,
  measures,
  minus,
  scaled,
} from "../metric/index.ts";
import { NextRating, nextRating } from "./next-rating.ts";
import type { Card, CardMetric } from "./schema.ts";

export const ExplainedInput = z
  .object({
    name: z.string(),
    /** An integer; amounts in minor units. */
    value: z.number().int(),
    unit: z.enum(["count", "days", "minor-units"]),
  })
  .meta({ id: "ExplainedInput" });

export const ExplainedMetric = z
  .object({
    metricId: z.string(),
    name: z.string(),
    definition: z.string(),
    inputs: z.array(ExplainedInput),
    /** How the inputs became the measure, the measure the score, and the score points, in this order. */
    steps: z.array(z.string()),
  })
  .meta({ id: "ExplainedMetric" });

/** Why a card says what it says; vendor and partner read the same. */
export const Explanation = z
  .object({
    metrics: z.array(ExplainedMetric),
    /** How the total came about. */
    total: z.array(z.string()),
    nextRating: NextRating.nullable(),
  })
  .meta({ id: "Explanation" });
export type Explanation = z.infer<typeof Explanation>;

const inputUnit = (name: string) =>
  name.endsWith("Amount") ? "minor-units" : name === "cycleDays" ? "days" : "count";

const grouped = (decimal: string): string => {
  const [whole = "0", places] = decimal.split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return places === undefined ? text : `${text}.${places}`;
};

/** A measure with its unit, as a person reads it; every digit that is stored. */
export function shownMeasure(
  value: string,
  { unit }: Pick<CardMetric, "unit">,
  currency: string,
): string {
  switch (unit) {
    case "count":
      return grouped(value);
    case "percent":
      return `${value} %`;
    case "days":
      return `${value} days`;
    case "money":
      return `${grouped(value)} ${currency}`;
    case "money-per-day":
      return `${grouped(value)} ${currency} a day`;
  }
}

function measureStep(metric: CardMetric, card: Card): string {
  const { definition, inputs } = measures[metric.measure];
  const named = inputs
    .map((name) => {
      const value = inputOf(card.sums, name);
      const isMoney = inputUnit(name) === "minor-units";
      const shown = isMoney
        ? `${grouped(decimalOf(BigInt(value), currencyDigits(card.currency)))} ${card.currency}`
        : grouped(String(value));
      return `${name} ${shown}`;
    })
    .join(", ");
  if (metric.value === null)
    return `${definition}: no data (${metric.noData?.detail ?? ""}) with ${named}`;
  return `${definition} = ${shownMeasure(metric.value, metric, card.currency)} with ${named}`;
}

function scoreStep({ scale, value, score }: CardMetric): string {
  if (value === null) return "no score: left out, the other weights count for more";
  if (scale.kind === "bands") {
    const bands = scale.bands
      .map(({ from, to, score: points }) => `${from ?? "…"} to ${to ?? "…"} scores ${points}`)
      .join("; ");
    return `bands ${bands}: ${score}`;
  }
  const { cap, floor, target } = scale;
  const reach = decimalOf(scaled(minus(exactly(target), exactly(floor))));
  return `100 × (${value} − ${floor}) / ${reach}, at least 0 and at most ${cap} = ${score}`;
}

function pointsStep(metric: CardMetric, card: Card): string {
  if (metric.score === null) return `weight ${metric.weightPercent} without data`;
  return (
    `weight ${metric.weightPercent} of ${card.coveragePercent} with data: ` +
    `${metric.contribution} points, ${metric.pointsLost} lost`
  );
}

function totalSteps(card: Card): string[] {
  const { coveragePercent, minimumCoveragePercent, rating, score } = card;
  const parts = card.metrics.flatMap(({ contribution }) =>
    contribution === null ? [] : [String(contribution)],
  );
  const steps = [
    score === null
      ? "no metric has data"
      : `${parts.join(" + ")} = ${score}${parts.length > 0 && score === 100 ? ", capped at 100" : ""}`,
    `coverage ${coveragePercent} % (a rating needs ${minimumCoveragePercent} %)`,
  ];
  if (rating.status === "insufficient-data") return [...steps, ...rating.reasons];
  const bands = card.ratingBands.map(({ name, from, to }) => `${name} ${from}–${to}`).join(", ");
  steps.push(`rating ${rating.name} of ${bands}; a bound belongs to the band above it`);
  if (rating.cappedBy.length > 0) {
    steps.push(`held at ${rating.name} by a red flag: ${rating.cappedBy.join(", ")}`);
  }
  return steps;
}

/** The explanation of a card; derived from the card alone. */
export const explain = (card: Card): Explanation => ({
  metrics: card.metrics.map((metric) => ({
    metricId: metric.metricId,
    name: metric.name,
    definition: measures[metric.measure].definition,
    inputs: measures[metric.measure].inputs.map((name) => ({
      name,
      value: inputOf(card.sums, name),
      unit: inputUnit(name),
    })),
    steps: [measureStep(metric, card), scoreStep(metric), pointsStep(metric, card)],
  })),
  total: totalSteps(card),
  nextRating: nextRating(card),
});
