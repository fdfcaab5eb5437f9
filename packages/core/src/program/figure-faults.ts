import type { ErrorPlace } from "../error/index.ts";
import { isReserved } from "../formula/index.ts";
import { isBuiltIn, standardFigures } from "../metric/index.ts";
import type { ProgramDefinition, ProgramFigure, PublishedProgram } from "./schema.ts";

type Figures = Pick<ProgramDefinition, "formulaMeasures" | "figureMeasures">;

function faultsOf(figure: ProgramFigure): { pointer: string; detail: string }[] {
  const { measure, unit, aggregation } = figure;
  const standard = standardFigures.get(measure);
  if (standard) {
    const isOther = (["unit", "aggregation"] as const).filter(
      (field) => figure[field] !== standard[field],
    );
    return isOther.map((field) => ({
      pointer: `/${field}`,
      detail: `must be ${standard[field]}, as ${measure} is everywhere`,
    }));
  }
  return aggregation === "share" && unit !== "percent"
    ? [{ pointer: "/unit", detail: "must be percent, as every share is" }]
    : [];
}

/** Everything that is wrong with the measures whose figures are handed in; pointers are into the draft. */
export function faultsOfFigures({ figureMeasures, formulaMeasures }: Figures): ErrorPlace[] {
  const faults: ErrorPlace[] = [];
  figureMeasures.forEach((figure, index) => {
    const at = `/figureMeasures/${index}`;
    const { measure } = figure;
    const add = (detail: string) => faults.push({ pointer: `${at}/measure`, detail });
    if (figureMeasures.findIndex((one) => one.measure === measure) < index) {
      add(`repeats ${measure}`);
    }
    if (isBuiltIn(measure)) add(`${measure} is counted from facts`);
    if (isReserved(measure)) add(`${measure} is a word of the formula language`);
    if (formulaMeasures.some((own) => own.measure === measure)) {
      add(`${measure} is a formula already`);
    }
    for (const { pointer, detail } of faultsOf(figure)) {
      faults.push({ pointer: `${at}${pointer}`, detail });
    }
  });
  return faults;
}

/**
 * What would read figures otherwise than another version does, of this program or of another: they are handed
 * in once for all. Pointers are into the draft.
 */
export function figuresReadOtherwise(
  { figureMeasures }: Pick<ProgramDefinition, "figureMeasures">,
  versions: readonly PublishedProgram[],
): ErrorPlace[] {
  return figureMeasures.flatMap((figure, index): ErrorPlace[] => {
    for (const { definition, version } of versions) {
      const other = definition.figureMeasures.find(({ measure }) => measure === figure.measure);
      const field = (["unit", "aggregation"] as const).find(
        (one) => other !== undefined && other[one] !== figure[one],
      );
      if (!other || !field) continue;
      const where = `version ${version} of ${definition.name}`;
      return [
        {
          pointer: `/figureMeasures/${index}/${field}`,
          detail: `must be ${other[field]}, as in ${where}; a figure of another kind needs another name`,
        },
      ];
    }
    return [];
  });
}
