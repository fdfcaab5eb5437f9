import { type Period, startsBy } from "../calendar/index.ts";
import type { ProgramId } from "../id/index.ts";
import type { ProgramDefinition } from "../program/index.ts";
import type { AgreedTargets, PartnerTarget, TargetSet } from "./schema.ts";

/**
 * What is in force for a period: agreed for the latest quarter up to it. Whatever is agreed was agreed before
 * its quarter began, so that a period under way never changes.
 */
export function agreedFor(
  sets: readonly TargetSet[],
  { programId, period }: { readonly programId: ProgramId; readonly period: Period },
): AgreedTargets | undefined {
  const latest = sets
    .filter(
      (set) => set.programId === programId && set.agreed !== null && startsBy(set.from, period),
    )
    .reduce<TargetSet | undefined>(
      (best, set) => (best && best.from > set.from ? best : set),
      undefined,
    );
  if (!latest?.agreed) return undefined;
  const { number, targets } = latest.agreed;
  return { from: latest.from, number, targets };
}

/** Of a metric that is measured as it was when the target was agreed, on a line. */
const targetOf = (
  { metricId, measure, scale }: ProgramDefinition["metrics"][number],
  targets: readonly PartnerTarget[],
): PartnerTarget | undefined =>
  scale.kind === "linear"
    ? targets.find((one) => one.metricId === metricId && one.measure === measure)
    : undefined;

/** The template of a partner with the targets agreed with it in place of its own; the metrics keep their places. */
export function withTargets(
  definition: ProgramDefinition,
  agreed: Pick<AgreedTargets, "targets"> | undefined,
): ProgramDefinition {
  if (!agreed || agreed.targets.length === 0) return definition;
  const metrics = definition.metrics.map((metric) => {
    const own = targetOf(metric, agreed.targets);
    if (!own || metric.scale.kind !== "linear") return metric;
    return { ...metric, scale: { ...metric.scale, target: own.target, floor: own.floor } };
  });
  return { ...definition, metrics };
}
