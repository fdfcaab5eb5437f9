import { shownMeasure } from "../metric/index.ts";
import type { Money } from "../money/index.ts";

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
