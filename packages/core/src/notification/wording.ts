import { knownMeasure, type MeasureUnit, type Scale } from "../metric/index.ts";
import type { Currency, Money } from "../money/index.ts";
import type { PublishedProgram } from "../program/index.ts";
import { shownMeasure } from "../scorecard/index.ts";

/** An instant as people of the zone read it, such as "Monday 8 January 2018 at 06:00 (America/Chicago)". */
export function instantInWords(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((known) => known.type === type)?.value ?? "";
  const date = `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}`;
  return `${date} at ${part("hour")}:${part("minute")} (${timeZone})`;
}

export const moneyInWords = ({ amount, currency }: Money): string =>
  shownMeasure(amount, { unit: "money" }, currency);

/** What has to be reached for the full score. */
function targetInWords(scale: Scale, unit: MeasureUnit, currency: Currency): string {
  const shown = (value: number) => shownMeasure(String(value), { unit }, currency);
  if (scale.kind === "linear") {
    const { floor, target } = scale;
    return target < floor
      ? `target at most ${shown(target)}, nothing from ${shown(floor)} up`
      : `target at least ${shown(target)}, nothing up to ${shown(floor)}`;
  }
  if (scale.kind === "formula") return `scores ${scale.formula}`;
  const best = scale.bands.toSorted((one, other) => other.score - one.score)[0];
  if (!best) return "no target";
  const { from, to, score } = best;
  if (from === null && to === null) return `every value scores ${score}`;
  if (from === null) return `best below ${shown(to ?? 0)}`;
  return to === null ? `best from ${shown(from)} up` : `best from ${shown(from)} to ${shown(to)}`;
}

/** What is measured, each with its weight and target. */
export const metricsInWords = ({
  definition: { metrics, formulaMeasures, currency },
}: Pick<PublishedProgram, "definition">): string[] =>
  metrics.map(({ name, measure, weightPercent, scale }) => {
    const unit = knownMeasure(measure, formulaMeasures)?.unit ?? "number";
    return `${name}: weight ${weightPercent} %, ${targetInWords(scale, unit, currency)}`;
  });
