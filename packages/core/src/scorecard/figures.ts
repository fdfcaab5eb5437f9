import { monthsOf, type Span } from "../calendar/index.ts";
import { type FigureMeasure, figuresOfMonths, sumsOfMonths } from "../metric/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { CardFigure, CardGrounds, MissingFigure } from "./schema.ts";

/** What was due in the span and is not among these. */
export function missingFigures(
  measures: readonly FigureMeasure[],
  figures: readonly CardFigure[],
  span: Span,
): MissingFigure[] {
  return measures.flatMap(({ measure, name, suppliedBy, frequency }): MissingFigure[] => {
    const given = new Set(figures.filter((one) => one.measure === measure).map((one) => one.month));
    const all = monthsOf(span);
    const due = frequency === "monthly" ? all : given.size > 0 ? [] : all.slice(-1);
    const months = due.filter((month) => !given.has(month));
    return months.length === 0 ? [] : [{ measure, name, suppliedBy, months }];
  });
}

/** Absent where there are none, so that cards without figures stay as they are. */
export const asFigures = (figures: readonly CardFigure[]): { figures?: CardFigure[] } =>
  figures.length === 0 ? {} : { figures: [...figures] };

/** What the months of a partner give a card. */
export const groundsOfMonths = (months: readonly MonthRollup[], span: Span): CardGrounds => ({
  sums: sumsOfMonths(months, span),
  ...asFigures(figuresOfMonths(months, span)),
});
