import { z } from "zod";
import { classified } from "../classification/index.ts";
import { stepsOf } from "../formula/index.ts";
import {
  currencyDigits,
  decimalOf,
  exactly,
  formulaOf,
  grouped,
  inputOf,
  isBuiltIn,
  type Measurer,
  measureOfIndicator,
  measuresBehind,
  minus,
  scaled,
  shownMeasure,
  storedMeasure,
  Voice,
} from "../metric/index.ts";
import { measurerOf } from "./card.ts";
import { scoredBy } from "./length.ts";
import { measureNamesOf } from "./measure-names.ts";
import { NextRating, nextRating } from "./next-rating.ts";
import { waiverOf } from "./override.ts";
import { type Card, CardFigure, type CardMetric } from "./schema.ts";

export const ExplainedInput = z
  .object({
    name: z.string(),
    /** An integer; amounts in minor units. */
    value: z.number().int(),
    unit: z.enum(["count", "days", "minor-units"]),
  })
  .meta({ id: "ExplainedInput" });

/** What is computed from amounts tells of amounts. */
const explainedField = ({ inputs }: Readonly<Record<string, unknown>>) =>
  z
    .array(ExplainedInput)
    .safeParse(inputs)
    .data?.every(({ unit }) => unit !== "minor-units")
    ? "scorecard.values"
    : "scorecard.amounts";

export const ExplainedMetric = z
  .object({
    metricId: z.string(),
    name: z.string(),
    definition: z.string(),
    inputs: classified(explainedField, z.array(ExplainedInput)),
    /** The figures that count, by measure and month; absent where the metric stands on none. */
    figures: z.array(CardFigure).optional(),
    /** The ratings that count, one a rater; absent where the metric stands on none. */
    voices: classified("scorecard.amounts", z.array(Voice)).optional(),
    /** How the inputs became the measure, the measure the score, and the score points, in this order. */
    steps: classified(explainedField, z.array(z.string())),
  })
  .meta({ id: "ExplainedMetric" });
type ExplainedMetric = z.infer<typeof ExplainedMetric>;

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
  name.endsWith("Amount") || name === "nextRevenueTarget"
    ? "minor-units"
    : name === "cycleDays"
      ? "days"
      : "count";

/** A number a formula came to, as far as it can matter to a stored one. */
const shownNumber = (value: number): string =>
  String(Number.isInteger(value) ? value : Number(value.toFixed(6)));

/** How a formula came to its value, with the steps of the measures by formula that it names before it. */
function formulaSteps(
  holder: { readonly formula: string },
  card: Card,
  from: Measurer,
  told: Set<string>,
): string[] {
  const formula = formulaOf(holder);
  const before = formula.measures.flatMap((name) => measureSteps(name, card, from, told));
  const values = formula.measures.map((name) => from.asNumber(name));
  const isName = (text: string): boolean => formula.measures.includes(text);
  const own = stepsOf(formula, values)
    .filter(({ text }, index, all) => !isName(text) || all.length === 1 + index)
    .map(({ text, value, reason }) =>
      value === null
        ? `${text}: no data${reason ? ` (${reason})` : ""}`
        : `${text} = ${typeof value === "number" ? shownNumber(value) : value}`,
    );
  return [...before, ...own];
}

/** How a measure came about that a formula counts with; each is told once. */
function measureSteps(name: string, card: Card, from: Measurer, told: Set<string>): string[] {
  if (told.has(name)) return [];
  told.add(name);
  const { unit } = from.known(name);
  const { value, noData } = from.measured(name);
  const stored = value && storedMeasure(value, unit, card.currency);
  const metric = { measure: name, unit, value: stored, noData };
  const isFormula = card.formulaMeasures?.some((one) => one.measure === name) === true;
  if (isBuiltIn(name) || !isFormula) return [`${name}: ${measureStep(metric, card, from)}`];
  const own = card.formulaMeasures?.find((one) => one.measure === name);
  const result = stored === null ? "no data" : shownMeasure(stored, metric, card.currency);
  return own ? [...formulaSteps(own, card, from, told), `${name} = ${result}`] : [];
}

const figuresOf = (measure: string, { figures = [] }: Card) =>
  figures.filter((figure) => figure.measure === measure);

const voicesOf = (measure: string, { voices = [] }: Card): Voice[] =>
  voices.filter(({ indicatorId }) => measureOfIndicator(indicatorId) === measure);

function measureStep(
  metric: Pick<CardMetric, "measure" | "unit" | "value" | "noData">,
  card: Card,
  from: Measurer,
): string {
  const { definition, inputs } = from.known(metric.measure);
  const figures = figuresOf(metric.measure, card)
    .map(({ month, value, of }) => `${month} ${value}${of === null ? "" : ` of ${of}`}`)
    .join(", ");
  const counted = inputs
    .map((name) => {
      const value = inputOf(card, name);
      const isMoney = inputUnit(name) === "minor-units";
      const shown = isMoney
        ? `${grouped(decimalOf(BigInt(value), currencyDigits(card.currency)))} ${card.currency}`
        : grouped(String(value));
      return `${name} ${shown}`;
    })
    .join(", ");
  const voices = voicesOf(metric.measure, card)
    .map(({ month, value }) => `${value} of ${month}`)
    .join(", ");
  const named =
    [counted, figures, voices].filter((part) => part !== "").join(", ") || "nothing handed in";
  if (metric.value === null)
    return `${definition}: no data (${metric.noData?.detail ?? ""}) with ${named}`;
  return `${definition} = ${shownMeasure(metric.value, metric, card.currency)} with ${named}`;
}

/** The measure as the facts give it, and what counts instead of it. */
function countedSteps(metric: CardMetric, card: Card, from: Measurer): string[] {
  const { measure, minimumSample, override, unit } = metric;
  if (!override) return [measureStep(metric, card, from)];
  const { value, noData } = from.measured(measure, minimumSample);
  const measured = { ...metric, value: value && storedMeasure(value, unit, card.currency), noData };
  const says =
    override.kind === "value"
      ? `${shownMeasure(override.value, metric, card.currency)} counts instead`
      : "it is left out of the card";
  return [
    measureStep(measured, card, from),
    `${says}, as decided on dispute ${override.disputeId}`,
  ];
}

/** Why the red flag of a metric does not count. */
function waiverSteps({ metricId }: CardMetric, { overrides }: Card): string[] {
  const waiver = waiverOf(overrides, metricId);
  return waiver ? [`a red flag does not count, as decided on dispute ${waiver.disputeId}`] : [];
}

function scoreStep(metric: CardMetric): string {
  const { scale, value, score, perQuarter } = metric;
  if (scale.kind === "formula" && score !== null) {
    return `${scale.formula}, at least 0 and at most 100 = ${score}`;
  }
  if (value === null || scale.kind === "formula")
    return "no score: left out, the other weights count for more";
  if (scale.kind === "bands") {
    const bands = scale.bands
      .map(({ from, to, score: points }) => `${from ?? "…"} to ${to ?? "…"} scores ${points}`)
      .join("; ");
    return `bands ${bands}: ${score}`;
  }
  const said = perQuarter?.scale.kind === "linear" ? perQuarter.scale : scale;
  const { cap, floor, target } = said;
  const reach = decimalOf(scaled(minus(exactly(target), exactly(floor))));
  const counted = perQuarter ? `${value} × 3 / ${perQuarter.months}` : value;
  return `100 × (${counted} − ${floor}) / ${reach}, at least 0 and at most ${cap} = ${score}`;
}

/** How what is said for a quarter counts on a card of another length. */
function lengthSteps({ scale, perQuarter, unit }: CardMetric, { currency }: Card): string[] {
  if (!perQuarter) return [];
  const share = perQuarter.months === 1 ? "a third of that" : "twice as much";
  const length = perQuarter.months === 1 ? "one month" : `${perQuarter.months} months`;
  if (scale.kind !== "linear" || perQuarter.scale.kind !== "linear") {
    return [`the bounds are said for a quarter; ${share} counts in ${length}`];
  }
  const shown = (value: number) => shownMeasure(String(value), { unit }, currency);
  return [
    `a quarter asks for ${shown(perQuarter.scale.target)}, nothing from ${shown(perQuarter.scale.floor)} on; ` +
      `${share} counts in ${length}: ${shown(scale.target)} and ${shown(scale.floor)}`,
  ];
}

/** What was agreed with the partner, beside what the program says to everybody else. */
function agreedSteps(metric: CardMetric, card: Card): string[] {
  const { programScale, unit } = metric;
  const { scale } = scoredBy(metric);
  const { agreedTargets, currency } = card;
  if (!agreedTargets || scale.kind !== "linear" || programScale?.kind !== "linear") return [];
  const shown = (value: number) => shownMeasure(String(value), { unit }, currency);
  const said = ({ target, floor }: { readonly target: number; readonly floor: number }) =>
    `a target of ${shown(target)}, nothing from ${shown(floor)} on`;
  return [
    `agreed with the partner for ${agreedTargets.from} and later: ${said(scale)}; ` +
      `the program's own: ${said(programScale)}`,
  ];
}

function pointsStep(metric: CardMetric, card: Card): string {
  if (metric.score === null) return `weight ${metric.weightPercent} without data`;
  return (
    `weight ${metric.weightPercent} of ${card.coveragePercent} with data: ` +
    `${metric.contribution} points, ${metric.pointsLost} lost`
  );
}

function totalSteps(card: Card): string[] {
  const { adjustment, coveragePercent, minimumCoveragePercent, rating, unadjusted } = card;
  const score = unadjusted?.score ?? card.score;
  const parts = card.metrics.flatMap(({ contribution }) =>
    contribution === null ? [] : [String(contribution)],
  );
  const steps = [
    score === null
      ? "no metric has data"
      : `${parts.join(" + ")} = ${score}${parts.length > 0 && score === 100 ? ", capped at 100" : ""}`,
    `coverage ${coveragePercent} % (a rating needs ${minimumCoveragePercent} %)`,
  ];
  if (unadjusted && adjustment) {
    const sign = adjustment.points < 0 ? "" : "+";
    steps.push(
      `${unadjusted.score} ${sign}${adjustment.points} by calibration, at least 0 and at most 100 = ${card.score}`,
    );
  }
  const waiver = waiverOf(card.overrides, null);
  if (waiver) steps.push(`nothing is to follow from it, as decided on dispute ${waiver.disputeId}`);
  for (const { name, suppliedBy, months } of card.missingFigures ?? []) {
    steps.push(`${name}: nothing from the ${suppliedBy} for ${months.join(", ")}`);
  }
  const unused = (card.agreedTargets?.targets ?? []).filter(
    ({ metricId }) =>
      !card.metrics.some((one) => one.metricId === metricId && one.programScale !== undefined),
  );
  for (const { metricId } of unused) {
    steps.push(`the target agreed for ${metricId} does not count: it is measured otherwise now`);
  }
  if (rating.status === "insufficient-data") return [...steps, ...rating.reasons];
  const bands = card.ratingBands.map(({ name, from, to }) => `${name} ${from}–${to}`).join(", ");
  steps.push(`rating ${rating.name} of ${bands}; a bound belongs to the band above it`);
  if (rating.cappedBy.length > 0) {
    steps.push(`held at ${rating.name} by a red flag: ${rating.cappedBy.join(", ")}`);
  }
  return steps;
}

/** The steps of formulas on the way to a metric, before those that every metric has. */
function stepsBefore(metric: CardMetric, card: Card, from: Measurer): string[] {
  const told = new Set<string>();
  const isFormula =
    card.formulaMeasures?.some(({ measure }) => measure === metric.measure) === true;
  const toMeasure = isFormula ? measureSteps(metric.measure, card, from, told) : [];
  told.add(metric.measure);
  const { scale } = metric;
  return [...toMeasure, ...(scale.kind === "formula" ? formulaSteps(scale, card, from, told) : [])];
}

function explainMetric(metric: CardMetric, card: Card, from: Measurer): ExplainedMetric {
  const names = new Set(measureNamesOf([metric]).flatMap((name) => from.known(name).inputs));
  const { formulaMeasures = [] } = card;
  const behind = measuresBehind(measureNamesOf([metric]), { formulaMeasures });
  const figures = [...behind].flatMap((name) => figuresOf(name, card));
  const voices = [...behind].flatMap((name) => voicesOf(name, card));
  return {
    metricId: metric.metricId,
    name: metric.name,
    definition: from.known(metric.measure).definition,
    inputs: [...names].map((name) => ({
      name,
      value: inputOf(card, name),
      unit: inputUnit(name),
    })),
    ...(figures.length === 0 ? {} : { figures }),
    ...(voices.length === 0 ? {} : { voices }),
    steps: [
      ...stepsBefore(metric, card, from),
      ...countedSteps(metric, card, from),
      ...agreedSteps(metric, card),
      ...lengthSteps(metric, card),
      scoreStep(metric),
      pointsStep(metric, card),
      ...waiverSteps(metric, card),
    ],
  };
}

/** The explanation of a card; derived from the card alone. */
export function explain(card: Card): Explanation {
  const from = measurerOf(card);
  return {
    metrics: card.metrics.map((metric) => explainMetric(metric, card, from)),
    total: totalSteps(card),
    nextRating: nextRating(card),
  };
}
