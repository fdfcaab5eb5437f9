import { z } from "zod";
import { Side } from "../actor/index.ts";
import { Month, monthOf, type Span } from "../calendar/index.ts";
import {
  compare,
  dividedBy,
  exactly,
  type Fraction,
  fraction,
  HUNDRED,
  isZero,
  plus,
  sum,
  times,
  ZERO,
} from "./fraction.ts";
import { MeasureName, MeasureUnit } from "./measure.ts";
import { WrittenNumber } from "./scale.ts";

export const FigureAggregation = z.enum(["sum", "mean", "share", "last", "highest"]).meta({
  id: "FigureAggregation",
  description:
    "How the months of a period become one value. sum: added up; mean: each month weighs what it stands on; share: 100 × value / of, each added up; last: of the latest month; highest: the greatest",
});
export type FigureAggregation = z.infer<typeof FigureAggregation>;

/** A measure whose figures people or systems hand in, one a month. */
export const FigureMeasure = z
  .strictObject({
    measure: MeasureName,
    name: z.string().trim().min(1).max(100),
    unit: MeasureUnit,
    aggregation: FigureAggregation,
    suppliedBy: Side,
    /** monthly: every month of a period is due; quarterly: one of them is. */
    frequency: z.enum(["monthly", "quarterly"]),
  })
  .meta({ id: "FigureMeasure" });
export type FigureMeasure = z.infer<typeof FigureMeasure>;

/** How many cases a figure stands on: answers of a mean, the whole of a share; null where nothing is counted. */
export const FigureBase = z.number().int().min(0).max(1e9).nullable();

/** What was handed in for one month, in the unit shown. */
export const MonthFigure = z
  .object({ measure: MeasureName, month: Month, value: WrittenNumber, of: FigureBase })
  .meta({ id: "MonthFigure" });
export type MonthFigure = z.infer<typeof MonthFigure>;

/** Whether its figures say how many cases they stand on. */
export const countsCases = (aggregation: FigureAggregation): boolean =>
  aggregation === "mean" || aggregation === "share";

const definitions: Readonly<Record<FigureAggregation, string>> = {
  sum: "sum of the figures of the months",
  mean: "mean of the figures of the months, each weighted by the cases it stands on",
  share: "100 × cases that count / all cases, over the months",
  last: "figure of the latest month",
  highest: "highest figure of the months",
};

interface StandardFigure {
  readonly name: string;
  readonly unit: MeasureUnit;
  readonly aggregation: FigureAggregation;
  readonly definition: string;
}

const share = (name: string, definition: string): StandardFigure => ({
  name,
  unit: "percent",
  aggregation: "share",
  definition,
});
const mean = (name: string, unit: MeasureUnit, definition: string): StandardFigure => ({
  name,
  unit,
  aggregation: "mean",
  definition,
});

/** Figures that mean the same in every program, by the name of their measure. */
export const standardFigures: ReadonlyMap<string, StandardFigure> = new Map([
  ["renewal_rate_percent", share("Renewal rate", "100 × renewed / due for renewal in the period")],
  [
    "csat_percent",
    mean(
      "Customer satisfaction",
      "percent",
      "mean of the survey answers, each on a scale of 0 to 100",
    ),
  ],
  [
    "participation_density_percent",
    share("Participation density", "100 × weeks with an activity of both sides / weeks"),
  ],
  [
    "longest_gap_days",
    {
      name: "Longest gap",
      unit: "days",
      aggregation: "highest",
      definition: "longest run of days without a joint activity",
    },
  ],
  [
    "responsiveness_hours",
    mean(
      "Responsiveness",
      "hours",
      "median hours to the first answer, of the months by their inquiries",
    ),
  ],
  [
    "time_to_impact_days",
    mean(
      "Time to impact",
      "days",
      "median days from an activity to the first opportunity credited to it, of the months by their activities",
    ),
  ],
  [
    "deal_quality_score",
    mean("Deal quality", "number", "mean rubric score of the opportunities closed or reviewed"),
  ],
  [
    "deal_review_compliance_percent",
    share(
      "Deal review compliance",
      "100 × opportunities above the threshold committed only after a deal review / all above it",
    ),
  ],
  [
    "forecast_accuracy_percent",
    mean(
      "Forecast accuracy",
      "percent",
      "100 × max(0, 1 − |forecast − actual| / actual), of the months by their forecasts",
    ),
  ],
  [
    "action_completion_percent",
    share("Action completion", "100 × action items done on time / due in the period"),
  ],
  [
    "plan_attainment_percent",
    share("Plan attainment", "100 × milestones attained / due in the period"),
  ],
  [
    "training_completion_percent",
    share("Training completion", "100 × trainings completed / due in the period"),
  ],
  [
    "behaviour_collaborate",
    mean(
      "Collaborates",
      "percent",
      "mean of the ratings 1 to 5, rescaled to 0 to 100, one voice a rater",
    ),
  ],
  [
    "behaviour_communicate",
    mean(
      "Communicates",
      "percent",
      "mean of the ratings 1 to 5, rescaled to 0 to 100, one voice a rater",
    ),
  ],
  [
    "behaviour_respond_to_customer",
    mean(
      "Responds to the customer",
      "percent",
      "mean of the ratings 1 to 5, rescaled to 0 to 100, one voice a rater",
    ),
  ],
] satisfies [string, StandardFigure][]);

export const definitionOfFigure = ({
  measure,
  aggregation,
}: Pick<FigureMeasure, "measure" | "aggregation">): string =>
  standardFigures.get(measure)?.definition ?? definitions[aggregation];

const NO_END = { min: null, max: null } as const;
const PERCENT = { min: 0, max: 100 } as const;

/** The least and the greatest value there can be, in the unit shown. */
export const rangeOfFigure = ({
  measure,
  unit,
  aggregation,
}: Pick<FigureMeasure, "measure" | "unit" | "aggregation">): {
  readonly min: number | null;
  readonly max: number | null;
} => {
  const isPercent = unit === "percent" && standardFigures.has(measure);
  return aggregation === "share" || isPercent ? PERCENT : NO_END;
};

interface OfMonth {
  readonly measure: MeasureName;
  readonly month: Month;
}

export const byMeasureAndMonth = (a: OfMonth, b: OfMonth): number => {
  if (a.measure !== b.measure) return a.measure < b.measure ? -1 : 1;
  return a.month < b.month ? -1 : 1;
};

/** Every figure of the span, by measure and month. */
export const figuresOfMonths = <F>(
  months: Iterable<{
    readonly month: Month;
    readonly figures?: Readonly<Record<string, F>> | undefined;
  }>,
  span: Span,
): (OfMonth & F)[] =>
  [...months]
    .filter(({ month }) => month >= monthOf(span.from) && month <= monthOf(span.to))
    .flatMap(({ month, figures = {} }) =>
      Object.entries(figures).map(([measure, figure]) => ({ measure, month, ...figure })),
    )
    .sort(byMeasureAndMonth);

/** How many cases, or else months, the figures stand on. */
export const sampleOfFigures = (
  { aggregation }: Pick<FigureMeasure, "aggregation">,
  figures: readonly MonthFigure[],
): number =>
  countsCases(aggregation)
    ? figures.reduce((total, { of }) => total + (of ?? 0), 0)
    : figures.length;

/**
 * The value of a period, in the unit shown; undefined where the figures count no case.
 * @param figures of one measure, one a month, the oldest first; at least one
 */
export function valueOfFigures(
  { aggregation }: Pick<FigureMeasure, "aggregation">,
  figures: readonly MonthFigure[],
): Fraction | undefined {
  const values = figures.map(({ value }) => exactly(value));
  switch (aggregation) {
    case "sum":
      return sum(values);
    case "last":
      return values.at(-1);
    case "highest":
      return values.reduce((best, one) => (compare(one, best) > 0 ? one : best));
    case "share": {
      const all = fraction(sampleOfFigures({ aggregation }, figures));
      return isZero(all) ? undefined : dividedBy(times(HUNDRED, sum(values)), all);
    }
    case "mean": {
      const all = fraction(sampleOfFigures({ aggregation }, figures));
      const weighted = figures.reduce(
        (total, { value, of }) => plus(total, times(exactly(value), fraction(of ?? 0))),
        ZERO,
      );
      return isZero(all) ? undefined : dividedBy(weighted, all);
    }
  }
}

/** What is wrong with a figure of this measure; pointers are relative to it. */
export function faultsOfFigure(
  figure: Pick<MonthFigure, "value" | "of">,
  of: Pick<FigureMeasure, "measure" | "unit" | "aggregation">,
): { pointer: string; detail: string }[] {
  const { value, of: cases } = figure;
  const at = (pointer: string, detail: string) => [{ pointer, detail }];
  if (!countsCases(of.aggregation)) {
    return cases === null
      ? []
      : at("/of", `belongs to a mean or a share, not to a ${of.aggregation}`);
  }
  if (cases === null) {
    const what = of.aggregation === "share" ? "all cases" : "the cases the mean is of";
    return at("/of", `must be the number of ${what}`);
  }
  if (cases === 0) return value === 0 ? [] : at("/value", "must be 0 where there was no case");
  if (of.aggregation === "share") {
    if (!Number.isInteger(value) || value < 0 || value > cases) {
      return at("/value", `must be a number of cases, 0 to ${cases}`);
    }
    return [];
  }
  const { min, max } = rangeOfFigure(of);
  const isOutside = (min !== null && value < min) || (max !== null && value > max);
  return isOutside ? at("/value", `must be ${min} to ${max}`) : [];
}
