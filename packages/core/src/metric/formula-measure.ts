import { z } from "zod";
import { type Formula, readFormula } from "../formula/index.ts";
import { MeasureName, MeasureUnit } from "./measure.ts";

/** Short enough for a card to carry every formula it was computed with. */
export const FormulaText = z.string().trim().min(1).max(500).meta({
  id: "FormulaText",
  description:
    "Numbers, names of measures, + - * / ( ), comparisons, and or not, if(condition, then, else), min max avg sum clamp round",
  example: "if(deals_won < 3, 0, clamp(win_rate_percent * 2, 0, 100))",
});

/** A measure that a program defines by a formula over other measures. */
export const FormulaMeasure = z
  .strictObject({
    measure: MeasureName,
    name: z.string().trim().min(1).max(100),
    unit: MeasureUnit,
    /** Each measure it names counts in the unit shown, rounded as it is stored. */
    formula: FormulaText,
  })
  .meta({ id: "FormulaMeasure" });
export type FormulaMeasure = z.infer<typeof FormulaMeasure>;

const read = new WeakMap<object, Formula>();

/**
 * Reads and compiles a formula once for each object that holds it: published programs are kept.
 * @throws FormulaFault; publishing a program refuses such formulas
 */
export function formulaOf(holder: { readonly formula: string }): Formula {
  const known = read.get(holder);
  if (known) return known;
  const formula = readFormula(holder.formula);
  read.set(holder, formula);
  return formula;
}
