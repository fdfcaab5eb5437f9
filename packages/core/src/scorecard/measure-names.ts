import { formulaOf, type MeasureName } from "../metric/index.ts";
import type { ProgramDefinition } from "../program/index.ts";

/** The measures that the metrics of a program name, in their scales too. */
export const measureNamesOf = ({ metrics }: Pick<ProgramDefinition, "metrics">): MeasureName[] =>
  metrics.flatMap(({ measure, scale }) => [
    measure,
    ...(scale.kind === "formula" ? formulaOf(scale).measures : []),
  ]);
