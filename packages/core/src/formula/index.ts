export { FormulaFault, isReserved, MOST_CHARACTERS } from "./expression.ts";
export { type Formula, type FormulaStep, faultOfFormula, readFormula, stepsOf } from "./formula.ts";
