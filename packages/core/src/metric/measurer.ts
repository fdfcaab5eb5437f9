import { stepsOf } from "../formula/index.ts";
import type { Currency } from "../money/index.ts";
import {
  countsCases,
  definitionOfFigure,
  type FigureMeasure,
  type MonthFigure,
  rangeOfFigure,
  sampleOfFigures,
  valueOfFigures,
} from "./figure-measure.ts";
import { type FormulaMeasure, formulaOf } from "./formula-measure.ts";
import {
  clamp,
  type Fraction,
  fraction,
  fractionOfDouble,
  HUNDRED,
  times,
  ZERO,
} from "./fraction.ts";
import {
  INDICATOR_DEFINITION,
  type Indicator,
  measureOfIndicator,
  type Voice,
  valueOfVoices,
} from "./indicator-measure.ts";
import {
  type BuiltInMeasure,
  isBuiltIn,
  type MeasureDefinition,
  type Measured,
  type MeasureName,
  type MeasureUnit,
  measure,
  measures,
  type NoData,
} from "./measure.ts";
import type { FormulaScale } from "./scale.ts";
import type { Counted } from "./sums.ts";
import { storedMeasure, unitDecimals } from "./unit.ts";

/** What people and rules need to know of a measure, whoever defined it. */
export type KnownMeasure = Pick<
  MeasureDefinition,
  | "label"
  | "unit"
  | "isWhole"
  | "range"
  | "definition"
  | "inputs"
  | "needsSample"
  | "limits"
  | "addsUp"
>;

/** The measures that a program defines. */
export interface OwnMeasures {
  readonly formulaMeasures: readonly FormulaMeasure[];
  readonly figureMeasures: readonly FigureMeasure[];
  /** Absent for none. */
  readonly indicators?: readonly Indicator[] | undefined;
}

const named = <T extends { readonly measure: MeasureName }>(
  name: MeasureName,
  all: readonly T[],
): T | undefined => all.find(({ measure: own }) => own === name);

export const indicatorNamed = (
  name: MeasureName,
  { indicators = [] }: Pick<OwnMeasures, "indicators">,
): Indicator | undefined =>
  indicators.find(({ indicatorId }) => measureOfIndicator(indicatorId) === name);

/** A measure and every one that it stands on, however deep. */
export function measuresBehind(
  names: Iterable<MeasureName>,
  { formulaMeasures }: Pick<OwnMeasures, "formulaMeasures">,
): ReadonlySet<MeasureName> {
  const seen = new Set<MeasureName>(names);
  // A set is walked in the order of insertion, also of what is inserted on the way.
  for (const next of seen) {
    const own = isBuiltIn(next) ? undefined : named(next, formulaMeasures);
    for (const of of own ? formulaOf(own).measures : []) seen.add(of);
  }
  return seen;
}

const builtInsBehind = (name: MeasureName, own: OwnMeasures): BuiltInMeasure[] =>
  [...measuresBehind([name], own)].filter(isBuiltIn);

const knownFigure = (figure: FigureMeasure): KnownMeasure => ({
  label: figure.name,
  unit: figure.unit,
  isWhole: false,
  range: rangeOfFigure(figure),
  definition: definitionOfFigure(figure),
  inputs: [],
  needsSample: false,
  ...(figure.aggregation === "sum" ? { addsUp: true as const } : {}),
});

const knownIndicator = ({ name }: Indicator): KnownMeasure => ({
  label: name,
  unit: "percent",
  isWhole: false,
  range: { min: 0, max: 100 },
  definition: INDICATOR_DEFINITION,
  inputs: [],
  needsSample: false,
});

/** A built-in measure, or one of the program's own; undefined where there is none of that name. */
export function knownMeasure(name: MeasureName, program: OwnMeasures): KnownMeasure | undefined {
  if (isBuiltIn(name)) return measures[name];
  const figure = named(name, program.figureMeasures);
  if (figure) return knownFigure(figure);
  const indicator = indicatorNamed(name, program);
  if (indicator) return knownIndicator(indicator);
  const own = named(name, program.formulaMeasures);
  return (
    own && {
      label: own.name,
      unit: own.unit,
      isWhole: false,
      range: { min: null, max: null },
      definition: own.formula,
      inputs: [...new Set(builtInsBehind(name, program).flatMap((one) => measures[one].inputs))],
      needsSample: false,
    }
  );
}

/** The unit of a measure; also where a formula of the program cannot be read. */
export const unitOfMeasure = (
  name: MeasureName,
  { formulaMeasures, figureMeasures, indicators }: OwnMeasures,
): MeasureUnit | undefined => {
  if (isBuiltIn(name)) return measures[name].unit;
  const own = named(name, figureMeasures) ?? named(name, formulaMeasures);
  return own?.unit ?? (indicatorNamed(name, { indicators }) ? "percent" : undefined);
};

/** Measures of one partner and period, each computed once. */
export interface Measurer {
  /** @param minimumSample 0 where none applies @throws RangeError for a name that is no measure */
  measured(name: MeasureName, minimumSample?: number): Measured;
  /** The unit of a measure. @throws RangeError for a name that is no measure */
  known(name: MeasureName): KnownMeasure;
  /** What a formula of this name counts with: the measure in the unit shown, as it is stored; NaN without data. */
  asNumber(name: MeasureName): number;
  /** The exact score that a formula gives, held within 0 and 100; undefined where it has no data. */
  scoreOf(scale: FormulaScale): Fraction | undefined;
  /** Why a formula has no data. */
  noDataOf(holder: { readonly formula: string }): NoData;
}

/** What one partner and period is measured from. */
export interface Measurable extends Counted {
  /** Of the months of the period, the oldest first; absent for none. */
  readonly figures?: readonly MonthFigure[] | undefined;
  /** One a rater and indicator; absent for none. */
  readonly voices?: readonly Voice[] | undefined;
}

/** @param program the measures that it defines */
export function measurer(
  { figures = [], voices = [], ...counted }: Measurable,
  program: OwnMeasures,
  currency: Currency,
): Measurer {
  const numbers = new Map<MeasureName, number>();

  const known = (name: MeasureName): KnownMeasure => {
    const found = knownMeasure(name, program);
    if (!found) throw new RangeError(`there is no measure ${name}`);
    return found;
  };

  function evaluate(holder: { readonly formula: string }): number {
    const formula = formulaOf(holder);
    return formula.evaluate(formula.measures.map(asNumber));
  }

  function asNumber(name: MeasureName): number {
    const before = numbers.get(name);
    if (before !== undefined) return before;
    // A measure that stands on itself has no data; publishing a program refuses it.
    numbers.set(name, Number.NaN);
    const { value } = measured(name);
    const number = value ? Number(storedMeasure(value, known(name).unit, currency)) : Number.NaN;
    numbers.set(name, number);
    return number;
  }

  function noDataOf(holder: { readonly formula: string }): NoData {
    const formula = formulaOf(holder);
    const steps = stepsOf(formula, formula.measures.map(asNumber));
    const missing = formula.measures.find((name) => Number.isNaN(asNumber(name)));
    const began = steps.find(({ reason }) => reason !== undefined);
    const why = began?.text === missing && missing ? measured(missing).noData?.detail : undefined;
    const detail = `${began?.reason ?? "the formula gives nothing"}${began && began.text !== missing ? ` in ${began.text}` : ""}`;
    return {
      code: "formula-without-data",
      detail: (why ? `${detail}: ${why}` : detail).slice(0, 500),
    };
  }

  /** A formula is as well founded as the weakest measure behind it. */
  const sampleOf = (name: MeasureName): number => {
    const samples = [...measuresBehind([name], program)].flatMap((one) =>
      isBuiltIn(one) || !named(one, program.formulaMeasures) ? measured(one).sample : [],
    );
    return samples.length === 0 ? 0 : Math.min(...samples);
  };

  const inner = (value: Fraction, unit: MeasureUnit): Fraction =>
    times(value, fraction(10n ** BigInt(unitDecimals(unit, currency))));

  function measuredFigure(own: FigureMeasure, minimumSample: number): Measured {
    const given = figures.filter((one) => one.measure === own.measure);
    const sample = sampleOfFigures(own, given);
    const without = (code: NoData["code"], detail: string) =>
      ({ sample, value: null, noData: { code, detail } }) as const;
    if (given.length === 0) {
      return without("figure-missing", `no figure of the period came from the ${own.suppliedBy}`);
    }
    const value = valueOfFigures(own, given);
    if (!value) return without("nothing-to-measure", "the figures of the period count no case");
    if (sample < minimumSample) {
      const what = countsCases(own.aggregation) ? "cases" : "months";
      const detail = `${sample} of the ${minimumSample} ${what} that a fair figure needs`;
      return without("below-minimum-sample", detail);
    }
    return { sample, value: inner(value, own.unit), noData: null };
  }

  function measuredIndicator(own: Indicator, minimumSample: number): Measured {
    const values = voices
      .filter(({ indicatorId }) => indicatorId === own.indicatorId)
      .map(({ value }) => value);
    const sample = values.length;
    const value = valueOfVoices(values);
    const needed = Math.max(minimumSample, own.minimumRaters);
    if (!value) {
      const detail = "nobody of the vendor rated it in the period";
      return { sample, value: null, noData: { code: "rating-missing", detail } };
    }
    if (sample < needed) {
      const detail = `${sample} of the ${needed} raters that a fair figure needs`;
      return { sample, value: null, noData: { code: "below-minimum-sample", detail } };
    }
    return { sample, value, noData: null };
  }

  function measured(name: MeasureName, minimumSample = 0): Measured {
    if (isBuiltIn(name)) return measure(name, counted, minimumSample);
    const figure = named(name, program.figureMeasures);
    if (figure) return measuredFigure(figure, minimumSample);
    const indicator = indicatorNamed(name, program);
    if (indicator) return measuredIndicator(indicator, minimumSample);
    const own = named(name, program.formulaMeasures);
    if (!own) throw new RangeError(`there is no measure ${name}`);
    const sample = sampleOf(name);
    const value = evaluate(own);
    if (Number.isNaN(value)) return { sample, value: null, noData: noDataOf(own) };
    if (sample < minimumSample) {
      const detail = `${sample} of the ${minimumSample} deals that a fair figure needs`;
      return { sample, value: null, noData: { code: "below-minimum-sample", detail } };
    }
    return { sample, value: inner(fractionOfDouble(value), own.unit), noData: null };
  }

  function scoreOf(scale: FormulaScale): Fraction | undefined {
    const value = evaluate(scale);
    return Number.isNaN(value) ? undefined : clamp(fractionOfDouble(value), ZERO, HUNDRED);
  }

  return { measured, known, asNumber, scoreOf, noDataOf };
}
