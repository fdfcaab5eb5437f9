import type { ErrorPlace } from "../error/index.ts";
import { knownMeasure, risesWithMeasure } from "../metric/index.ts";
import type { ProgramDefinition, ProgramMetric } from "../program/index.ts";
import type { PartnerTarget, ProposedTarget } from "./schema.ts";

type Judged =
  | { readonly target: PartnerTarget }
  | { readonly field: "metricId" | "target" | "floor"; readonly detail: string };

/** One target against the template of its partner. */
export function judged(
  { metricId, target, floor: given }: ProposedTarget,
  definition: ProgramDefinition,
): Judged {
  const metric = definition.metrics.find((one) => one.metricId === metricId);
  if (!metric) {
    return { field: "metricId", detail: `the partner is not measured by ${metricId}` };
  }
  const { measure, scale } = metric;
  if (scale.kind !== "linear") {
    return { field: "metricId", detail: `${metricId} is not scored on a line to a target` };
  }
  const range = knownMeasure(measure, definition)?.range;
  const outside = (value: number): string | undefined => {
    if (range?.min != null && value < range.min) return `must be at least ${range.min}`;
    return range?.max != null && value > range.max ? `must be at most ${range.max}` : undefined;
  };
  const tooFar = outside(target);
  if (tooFar) return { field: "target", detail: tooFar };
  const floor = given ?? scale.floor;
  if (risesWithMeasure(scale) ? floor < target : floor > target) {
    return { target: { metricId, measure, target, floor } };
  }
  const side = risesWithMeasure(scale) ? "below" : "above";
  return given === undefined
    ? {
        field: "target",
        detail: `is not beyond the program's floor of ${floor}: give a floor ${side} the target`,
      }
    : { field: "floor", detail: `must be ${side} the target` };
}

/** @param definition the template of the partner; pointers are into the request */
export function judgeTargets(
  proposed: readonly ProposedTarget[],
  definition: ProgramDefinition,
): { targets: PartnerTarget[]; faults: ErrorPlace[] } {
  const targets: PartnerTarget[] = [];
  const faults: ErrorPlace[] = [];
  proposed.forEach((one, index) => {
    const isRepeated = proposed.findIndex(({ metricId }) => metricId === one.metricId) < index;
    if (isRepeated) {
      faults.push({ pointer: `/targets/${index}/metricId`, detail: `repeats ${one.metricId}` });
      return;
    }
    const result = judged(one, definition);
    if ("target" in result) targets.push(result.target);
    else faults.push({ pointer: `/targets/${index}/${result.field}`, detail: result.detail });
  });
  return { targets: inProgramOrder(targets, definition.metrics), faults };
}

/** In the order of the program, so that the same targets are the same row. */
export const inProgramOrder = (
  targets: readonly PartnerTarget[],
  metrics: readonly ProgramMetric[],
): PartnerTarget[] =>
  metrics.flatMap(({ metricId }) => targets.filter((one) => one.metricId === metricId));
