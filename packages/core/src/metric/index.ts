export { FormulaMeasure, FormulaText, formulaOf } from "./formula-measure.ts";
export {
  apportioned,
  clamp,
  compare,
  decimalOf,
  dividedBy,
  exactly,
  type Fraction,
  fraction,
  HUNDRED,
  isZero,
  magnitude,
  minus,
  plus,
  rounded,
  roundedTowards,
  STORED_DECIMALS,
  scaled,
  sum,
  times,
  unscaled,
  ZERO,
} from "./fraction.ts";
export {
  BuiltInMeasure,
  isBuiltIn,
  type MeasureDefinition,
  type Measured,
  MeasureName,
  MeasureUnit,
  measure,
  measures,
  NoData,
} from "./measure.ts";
export {
  type KnownMeasure,
  knownMeasure,
  type Measurer,
  measurer,
  unitOfMeasure,
} from "./measurer.ts";
export {
  BandScale,
  bandAt,
  capOf,
  FormulaScale,
  faultsOfScale,
  LinearScale,
  type PlainScale,
  risesWithMeasure,
  Scale,
  ScaleBand,
  scoreOf,
  WrittenNumber,
} from "./scale.ts";
export { grouped, shownMeasure, shownScore } from "./show.ts";
export {
  addFact,
  addMonth,
  countsIn,
  emptySums,
  type Input,
  inputOf,
  MeasureSums,
  sumsOfFacts,
  sumsOfMonths,
} from "./sums.ts";
export { currencyDigits, inShownUnit, storedMeasure, unitDecimals } from "./unit.ts";
