import { formulaOf, type MeasureName } from "../metric/index.ts";
import type { ProgramMetric } from "../program/index.ts";

type Named = Pick<ProgramMetric, "measure" | "scale">;

/** The measures that metrics name, in their scales too; each once, in the order in which they come. */
export const measureNamesOf = (metrics: readonly Named[]): MeasureName[] => [
  ...new Set(
    metrics.flatMap(({ measure, scale }) => [
      measure,
      ...(scale.kind === "formula" ? formulaOf(scale).measures : []),
    ]),
  ),
];
