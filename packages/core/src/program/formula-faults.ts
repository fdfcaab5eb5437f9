import type { ErrorPlace } from "../error/index.ts";
import { faultOfFormula, isReserved, readFormula } from "../formula/index.ts";
import { indicatorNamed, isBuiltIn } from "../metric/index.ts";
import type { ProgramDefinition } from "./schema.ts";

type Formulas = Pick<ProgramDefinition, "formulaMeasures" | "figureMeasures"> &
  Partial<Pick<ProgramDefinition, "indicators">>;

/** Formulas over formulas over formulas: as deep as a person can still follow. */
const DEEPEST = 5;

export const isMeasure = (
  name: string,
  { formulaMeasures, figureMeasures, indicators }: Formulas,
): boolean =>
  isBuiltIn(name) ||
  [...formulaMeasures, ...figureMeasures].some((own) => own.measure === name) ||
  indicatorNamed(name, { indicators }) !== undefined;

/** What keeps a formula from being used here; undefined where nothing does. */
export function faultOfFormulaIn(formula: string, definition: Formulas): string | undefined {
  const fault = faultOfFormula(formula);
  if (fault !== undefined) return fault;
  const { measures } = readFormula(formula);
  const unknown = measures.find((name) => !isMeasure(name, definition));
  if (unknown !== undefined) return `there is no measure ${unknown}`;
  return measures.length === 0 ? "must name at least one measure" : undefined;
}

/**
 * How many formulas deep each measure stands, or the circles they go round in. Each is walked once, since
 * paths through thirty formulas can be more than anybody waits for.
 */
function depthsOf({ formulaMeasures }: Formulas) {
  const depths = new Map<string, number>();
  const circles = new Map<string, string>();
  const walk = (name: string, path: readonly string[]): number => {
    const own = formulaMeasures.find(({ measure }) => measure === name);
    if (!own) return 0;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(" → ");
      for (const part of path.slice(path.indexOf(name))) circles.set(part, circle);
      return 0;
    }
    const known = depths.get(name);
    if (known !== undefined) return known;
    const next = readFormula(own.formula).measures;
    const depth = 1 + Math.max(...next.map((one) => walk(one, [...path, name])));
    depths.set(name, depth);
    return depth;
  };
  for (const { measure } of formulaMeasures) walk(measure, []);
  return { depths, circles };
}

/** Everything that is wrong with the measures a program defines by formula; pointers are into the draft. */
export function faultsOfFormulas(definition: Formulas): ErrorPlace[] {
  const { formulaMeasures } = definition;
  const faults: ErrorPlace[] = [];
  formulaMeasures.forEach(({ measure, formula }, index) => {
    const at = `/formulaMeasures/${index}`;
    const isRepeated = formulaMeasures.findIndex((one) => one.measure === measure) < index;
    if (isRepeated) faults.push({ pointer: `${at}/measure`, detail: `repeats ${measure}` });
    if (isBuiltIn(measure) || isReserved(measure)) {
      const what = isBuiltIn(measure) ? "is built in" : "is a word of the formula language";
      faults.push({ pointer: `${at}/measure`, detail: `${measure} ${what}` });
    }
    const fault = faultOfFormulaIn(formula, definition);
    if (fault) faults.push({ pointer: `${at}/formula`, detail: fault });
  });
  if (faults.length > 0) return faults;
  const { depths, circles } = depthsOf(definition);
  return formulaMeasures.flatMap(({ measure }, index) => {
    const pointer = `/formulaMeasures/${index}/formula`;
    const circle = circles.get(measure);
    if (circle) return [{ pointer, detail: `goes round in a circle: ${circle}` }];
    if ((depths.get(measure) ?? 0) <= DEEPEST) return [];
    return [{ pointer, detail: `stands on formulas more than ${DEEPEST} deep` }];
  });
}
