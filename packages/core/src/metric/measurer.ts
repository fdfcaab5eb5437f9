import { stepsOf } from "../formula/index.ts";
import type { Currency } from "../money/index.ts";
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
import type { MeasureSums } from "./sums.ts";
import { storedMeasure, unitDecimals } from "./unit.ts";

/** What people and rules need to know of a measure, whoever defined it. */
export type KnownMeasure = Pick<
  MeasureDefinition,
  "label" | "unit" | "isWhole" | "range" | "definition" | "inputs" | "needsSample" | "limits"
>;

const formulaNamed = (
  name: MeasureName,
  formulas: readonly FormulaMeasure[],
): FormulaMeasure | undefined => formulas.find(({ measure: own }) => own === name);

/** The built-in measures that a measure stands on in the end, each once. */
function builtInsBehind(name: MeasureName, formulas: readonly FormulaMeasure[]): BuiltInMeasure[] {
  const seen = new Set<MeasureName>([name]);
  // A set is walked in the order of insertion, also of what is inserted on the way.
  for (const next of seen) {
    const own = isBuiltIn(next) ? undefined : formulaNamed(next, formulas);
    for (const of of own ? formulaOf(own).measures : []) seen.add(of);
  }
  return [...seen].filter(isBuiltIn);
}

/** A built-in measure, or one of these; undefined where there is none of that name. */
export function knownMeasure(
  name: MeasureName,
  formulas: readonly FormulaMeasure[],
): KnownMeasure | undefined {
  if (isBuiltIn(name)) return measures[name];
  const own = formulaNamed(name, formulas);
  return (
    own && {
      label: own.name,
      unit: own.unit,
      isWhole: false,
      range: { min: null, max: null },
      definition: own.formula,
      inputs: [...new Set(builtInsBehind(name, formulas).flatMap((one) => measures[one].inputs))],
      needsSample: false,
    }
  );
}

/** The unit of a measure; also where a formula of the program cannot be read. */
export const unitOfMeasure = (
  name: MeasureName,
  formulas: readonly FormulaMeasure[],
): MeasureUnit | undefined =>
  isBuiltIn(name) ? measures[name].unit : formulaNamed(name, formulas)?.unit;

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

/** @param formulas the measures that the program defines */
export function measurer(
  sums: MeasureSums,
  formulas: readonly FormulaMeasure[],
  currency: Currency,
): Measurer {
  const numbers = new Map<MeasureName, number>();

  const known = (name: MeasureName): KnownMeasure => {
    const found = knownMeasure(name, formulas);
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
    const samples = builtInsBehind(name, formulas).map((one) => measure(one, sums).sample);
    return samples.length === 0 ? 0 : Math.min(...samples);
  };

  function measured(name: MeasureName, minimumSample = 0): Measured {
    if (isBuiltIn(name)) return measure(name, sums, minimumSample);
    const own = formulaNamed(name, formulas);
    if (!own) throw new RangeError(`there is no measure ${name}`);
    const sample = sampleOf(name);
    const value = evaluate(own);
    if (Number.isNaN(value)) return { sample, value: null, noData: noDataOf(own) };
    if (sample < minimumSample) {
      const detail = `${sample} of the ${minimumSample} deals that a fair figure needs`;
      return { sample, value: null, noData: { code: "below-minimum-sample", detail } };
    }
    const inner = fraction(10n ** BigInt(unitDecimals(own.unit, currency)));
    return { sample, value: times(fractionOfDouble(value), inner), noData: null };
  }

  function scoreOf(scale: FormulaScale): Fraction | undefined {
    const value = evaluate(scale);
    return Number.isNaN(value) ? undefined : clamp(fractionOfDouble(value), ZERO, HUNDRED);
  }

  return { measured, known, asNumber, scoreOf, noDataOf };
}
