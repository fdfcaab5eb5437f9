import type { Cadence } from "../calendar/index.ts";
import { type MeasureUnit, type Scale, shownMeasure, unitOfMeasure } from "../metric/index.ts";
import type { Currency } from "../money/index.ts";
import type {
  ProgramDefinition,
  ProgramIndicator,
  ProgramMetric,
  ProgramSegment,
  PublishedProgram,
  ReviewDepth,
} from "./schema.ts";
import { definitionFor } from "./segments.ts";

/** What has to be reached for the full score. */
function targetInWords(scale: Scale, unit: MeasureUnit, currency: Currency): string {
  const shown = (value: number) => shownMeasure(String(value), { unit }, currency);
  if (scale.kind === "linear") {
    const { cap, floor, target } = scale;
    const most = cap > 100 ? `, up to ${cap} points beyond it` : "";
    return target < floor
      ? `target at most ${shown(target)}, nothing from ${shown(floor)} up${most}`
      : `target at least ${shown(target)}, nothing up to ${shown(floor)}${most}`;
  }
  if (scale.kind === "formula") return `scores ${scale.formula}`;
  const best = scale.bands.toSorted((one, other) => other.score - one.score)[0];
  if (!best) return "no target";
  const { from, to, score } = best;
  if (from === null && to === null) return `every value scores ${score}`;
  if (from === null) return `best below ${shown(to ?? 0)}`;
  return to === null ? `best from ${shown(from)} up` : `best from ${shown(from)} to ${shown(to)}`;
}

export const unitIn = (definition: ProgramDefinition, { measure }: ProgramMetric) =>
  unitOfMeasure(measure, definition) ?? "number";

/** What it takes for how much of the score. */
export function scaleInWords(metric: ProgramMetric, definition: ProgramDefinition): string {
  const unit = unitIn(definition, metric);
  const { scale } = metric;
  if (scale.kind !== "bands") return targetInWords(scale, unit, definition.currency);
  const shown = (value: number | null) =>
    value === null ? "…" : shownMeasure(String(value), { unit }, definition.currency);
  return scale.bands
    .map(({ from, to, score }) => `${shown(from)} to ${shown(to)} scores ${score}`)
    .join("; ");
}

const DEPTH_WORDS: Readonly<Record<ReviewDepth, string>> = {
  light: "a light review",
  standard: "a standard review",
  "deep-dive": "a review in depth",
};

const CADENCE_WORDS: Readonly<Record<Cadence, string>> = {
  monthly: "every month",
  quarterly: "every quarter",
  biannual: "every half year",
};

/** How often somebody is scored. */
export const cadenceInWords = (cadence: Cadence): string => CADENCE_WORDS[cadence];

const LEAD_WORDS = {
  vendor: "The vendor leads each cycle",
  partner: "The partner leads each cycle",
  alternating: "Vendor and partner lead by turns, the vendor the first cycle of a fiscal year",
} as const;

/** When contributions end, by when what was agreed is to be done, and who leads. */
export const windowsInWords = ({ windows }: ProgramDefinition): string[] => [
  windows.contributionWindowDays === null
    ? "Contributions are taken until the review closes"
    : `Contributions are taken until ${windows.contributionWindowDays} days after the freeze`,
  windows.actWindowDays === null
    ? "What was agreed is done by the date of each action"
    : `What was agreed is done within ${windows.actWindowDays} days after the review closes`,
  LEAD_WORDS[windows.lead],
];

const eachOf = (names: readonly string[], all: string): string =>
  names.length === 0 ? all : names.map((name) => name.replaceAll("-", " ")).join(" or ");

/** Whom a segment is for, how deep its reviews go, and what they talk about. */
export function segmentInWords(segment: ProgramSegment): string[] {
  const { partnerTypes, lifecycleStages, depth, focus } = segment;
  return [
    `for partners of ${eachOf(partnerTypes, "every type")}, ${eachOf(lifecycleStages, "in every stage")}`,
    DEPTH_WORDS[depth],
    segment.cadence === undefined
      ? "scored as often as the program says"
      : `scored ${cadenceInWords(segment.cadence)}`,
    focus.length === 0
      ? "talks about what fits the stage of the partner"
      : `talks about ${focus.map((topic) => topic.replaceAll("-", " ")).join(", ")}`,
  ];
}

/** How much a metric weighs, what it takes, and what it can spoil. */
export function metricRulesInWords(metric: ProgramMetric, definition: ProgramDefinition): string {
  const { critical, redFlagFloor, weightPercent } = metric;
  const unit = unitIn(definition, metric);
  const flag =
    redFlagFloor === null
      ? []
      : [`red-flag floor ${shownMeasure(String(redFlagFloor), { unit }, definition.currency)}`];
  return [
    ...[`weight ${weightPercent} %`, scaleInWords(metric, definition)],
    ...(critical ? ["critical"] : []),
    ...flag,
  ].join(", ");
}

/** Which periods a standing is made of. */
export const historyInWords = ({ history }: ProgramDefinition): string =>
  history.kind === "last-period"
    ? "A partner stands where its last period puts it"
    : `A partner's standing is the mean of its last ${history.periods} periods, the newest counting most; periods without a rating are left out`;

/** What is measured of the partners of a segment, or of those whom none claims, each with its weight and target. */
export function metricsInWords(
  { definition }: Pick<PublishedProgram, "definition">,
  segmentId?: string | null,
): string[] {
  const own = definitionFor(definition, segmentId);
  return own.metrics.map((metric) => {
    const target = targetInWords(metric.scale, unitIn(own, metric), own.currency);
    return `${metric.name}: weight ${metric.weightPercent} %, ${target}`;
  });
}

/** Each tier with what it asks of a standing. */
export function tiersInWords({ tiers, ratingBands }: ProgramDefinition): string {
  const shown = tiers.map(({ name, minimumScore, minimumRatingId, minimumPeriods, tierId }) => {
    const rating = ratingBands.find(({ ratingId }) => ratingId === minimumRatingId);
    const asks = [
      minimumScore === null ? undefined : `a standing of ${minimumScore}`,
      minimumRatingId === null ? undefined : `the rating ${rating?.name ?? minimumRatingId}`,
      minimumPeriods === 0 ? undefined : `${minimumPeriods} rated periods`,
    ].filter((one) => one !== undefined);
    return `${name} [${tierId}]${asks.length > 0 ? ` from ${asks.join(" and ")}` : ""}`;
  });
  return shown.join(", ") || "none";
}

/** What is rated, by whom, and what each step looks like. */
export function indicatorInWords(indicator: ProgramIndicator): string {
  const { name, anchors, raters, minimumRaters, layer, namesRaters } = indicator;
  const steps = anchors.map((anchor, index) => `${index + 1} ${anchor}`).join("; ");
  const by = raters.map((side) => (side === "vendor" ? "the vendor" : "the partner of itself"));
  const least = minimumRaters === 1 ? "one rater is enough" : `from ${minimumRaters} raters on`;
  const names = namesRaters ? "the partner sees who rated" : "the partner does not see who rated";
  return `${name} (${layer}), rated by ${by.join(" and ")}, ${least}; ${names}: ${steps}`;
}
