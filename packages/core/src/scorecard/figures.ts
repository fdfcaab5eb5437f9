import { monthsIn, monthsOf, type Span } from "../calendar/index.ts";
import {
  type FigureMeasure,
  figuresOfMonths,
  sumsOfMonths,
  type Voice,
  voicesOfMonths,
} from "../metric/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { CardFigure, CardGrounds, MissingFigure } from "./schema.ts";

const MONTHS_A_QUARTER = monthsIn("quarterly");
/** The whole quarters of a span that begins with one; a single month is none. */
const quartersOf = (months: readonly string[]): string[][] =>
  Array.from({ length: Math.floor(months.length / MONTHS_A_QUARTER) }, (_, nth) =>
    months.slice(nth * MONTHS_A_QUARTER, (nth + 1) * MONTHS_A_QUARTER),
  );

/** What was due in the span and is not among these; what is due by the quarter is not due in a single month. */
export function missingFigures(
  measures: readonly FigureMeasure[],
  figures: readonly CardFigure[],
  span: Span,
): MissingFigure[] {
  return measures.flatMap(({ measure, name, suppliedBy, frequency }): MissingFigure[] => {
    const given = new Set(figures.filter((one) => one.measure === measure).map((one) => one.month));
    const all = monthsOf(span);
    const due =
      frequency === "monthly"
        ? all
        : quartersOf(all).flatMap((quarter) =>
            quarter.some((month) => given.has(month)) ? [] : quarter.slice(-1),
          );
    const months = due.filter((month) => !given.has(month));
    return months.length === 0 ? [] : [{ measure, name, suppliedBy, months }];
  });
}

/** What people handed in of a period. */
export interface HandedIn {
  readonly figures: readonly CardFigure[];
  readonly voices: readonly Voice[];
}

export const handedInOfMonths = (months: readonly MonthRollup[], span: Span): HandedIn => ({
  figures: figuresOfMonths(months, span),
  voices: voicesOfMonths(months, span),
});

export const handedInOf = ({
  figures = [],
  voices = [],
}: Pick<CardGrounds, "figures" | "voices">): HandedIn => ({ figures, voices });

/** Absent where there are none, so that cards without them stay as they are. */
export const asGrounds = ({
  figures,
  voices,
}: HandedIn): Pick<CardGrounds, "figures" | "voices"> => ({
  ...(figures.length === 0 ? {} : { figures: [...figures] }),
  ...(voices.length === 0 ? {} : { voices: [...voices] }),
});

/** What the months of a partner give a card. */
export const groundsOfMonths = (months: readonly MonthRollup[], span: Span): CardGrounds => ({
  sums: sumsOfMonths(months, span),
  ...asGrounds(handedInOfMonths(months, span)),
});
