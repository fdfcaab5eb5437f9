import type { ErrorPlace } from "../error/index.ts";
import { decimalOf, exactly, scaled, sum } from "../metric/index.ts";
import { LifecycleStage, PartnerType } from "../partner/index.ts";
import type { ProgramDefinition, ProgramMetric, ProgramSegment } from "./schema.ts";
import { inTemplate, stagesOf, typesOf } from "./segments.ts";

/** A card people still read as a whole: from here on publishing warns, and above the limit it refuses. */
export const MANY_METRICS = 9;
export const MOST_METRICS = 12;
export const tooMany = `a card people act on has fewer than ${MANY_METRICS}`;
/** A light review is over in half an hour. */
const MOST_LIGHT_METRICS = 5;

export function repeated(ids: readonly string[], pointer: (index: number) => string): ErrorPlace[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [{ pointer: pointer(index), detail: `repeats ${id}` }] : [],
  );
}

/** What is wrong with a list of weights that has to make a whole. */
export function faultsOfWeights(
  weights: readonly { readonly weightPercent: number }[],
  pointer: string,
): ErrorPlace[] {
  const total = sum(weights.map(({ weightPercent }) => exactly(weightPercent)));
  if (weights.length === 0 || scaled(total) === 1_000_000n) return [];
  return [{ pointer, detail: `weights must add up to 100, not ${decimalOf(scaled(total))}` }];
}

/** Whom both segments claim, as far as a person reads it. */
function overlapOf(one: ProgramSegment, other: ProgramSegment): string | undefined {
  const types = typesOf(one).filter((type) => typesOf(other).includes(type));
  const stages = stagesOf(one).filter((stage) => stagesOf(other).includes(stage));
  if (types.length === 0 || stages.length === 0) return undefined;
  return `${types.join(", ")} in ${stages.join(", ")}`;
}

/** Only what a template itself says can be at fault in it; the rest is a fault of the program's metric. */
const isOwn = (pointer: string, entry: ProgramSegment["template"][number]): boolean =>
  pointer.startsWith("/scale")
    ? entry.scale !== undefined
    : pointer.startsWith("/redFlagFloor") &&
      (entry.scale !== undefined ||
        entry.critical !== undefined ||
        entry.redFlagFloor !== undefined);

function faultsOfTemplate(
  { depth, template }: ProgramSegment,
  at: string,
  { metrics }: ProgramDefinition,
  faultsOfMetric: (metric: ProgramMetric) => ErrorPlace[],
): ErrorPlace[] {
  const faults = faultsOfWeights(template, at);
  if (template.length === 0) faults.push({ pointer: at, detail: "must be at least one metric" });
  if (template.length > MOST_METRICS) {
    faults.push({ pointer: at, detail: `must be at most ${MOST_METRICS} metrics` });
  } else if (depth === "light" && template.length > MOST_LIGHT_METRICS) {
    const detail = `must be at most ${MOST_LIGHT_METRICS} metrics for a light review`;
    faults.push({ pointer: at, detail });
  }
  template.forEach((entry, index) => {
    const metric = metrics.find(({ metricId }) => metricId === entry.metricId);
    if (!metric) {
      const detail = `there is no metric ${entry.metricId}`;
      faults.push({ pointer: `${at}/${index}/metricId`, detail });
      return;
    }
    for (const { pointer, detail } of faultsOfMetric(inTemplate(metric, entry))) {
      if (isOwn(pointer, entry)) faults.push({ pointer: `${at}/${index}${pointer}`, detail });
    }
  });
  return [
    ...faults,
    ...repeated(
      template.map(({ metricId }) => metricId),
      (index) => `${at}/${index}/metricId`,
    ),
  ];
}

/**
 * Everything that is wrong with the segments of a program; pointers are into the draft.
 * @param faultsOfMetric of a metric of the program; pointers are into the metric
 */
export function faultsOfSegments(
  definition: ProgramDefinition,
  faultsOfMetric: (metric: ProgramMetric) => ErrorPlace[],
): ErrorPlace[] {
  const { metrics, segments } = definition;
  const faults = segments.flatMap((segment, index) => {
    const at = `/segments/${index}`;
    const overlaps = segments.slice(0, index).flatMap((earlier) => {
      const both = overlapOf(earlier, segment);
      const detail = `claims partners that ${earlier.segmentId} claims: ${both}`;
      return both === undefined ? [] : [{ pointer: at, detail }];
    });
    return [
      ...overlaps,
      ...repeated(segment.partnerTypes, (nth) => `${at}/partnerTypes/${nth}`),
      ...repeated(segment.lifecycleStages, (nth) => `${at}/lifecycleStages/${nth}`),
      ...repeated(segment.focus, (nth) => `${at}/focus/${nth}`),
      ...faultsOfTemplate(segment, `${at}/template`, definition, faultsOfMetric),
    ];
  });
  const counted = new Set(segments.flatMap(({ template }) => template.map((m) => m.metricId)));
  const idle = metrics.flatMap(({ metricId, weightPercent }, index) =>
    weightPercent === 0 && !counted.has(metricId)
      ? [
          {
            pointer: `/metrics/${index}/weightPercent`,
            detail: "must be above 0, or a segment must count the metric",
          },
        ]
      : [],
  );
  return [
    ...repeated(
      segments.map(({ segmentId }) => segmentId),
      (index) => `/segments/${index}/segmentId`,
    ),
    ...faults,
    ...idle,
  ];
}

/** What a careful person would look at again. */
export function warningsOfSegments({ metrics, segments }: ProgramDefinition): string[] {
  const warnings = segments.flatMap(({ name, template }) => {
    const counts = (id: string) => template.some(({ metricId }) => metricId === id);
    const alone = metrics.flatMap(({ metricId, name: metric, pairedMetricId }) =>
      counts(metricId) && pairedMetricId !== null && !counts(pairedMetricId)
        ? [
            `${name}: ${metric} is watched together with ${pairedMetricId}, which does not count here`,
          ]
        : [],
    );
    return template.length >= MANY_METRICS
      ? [...alone, `${name}: ${template.length} metrics, ${tooMany}`]
      : alone;
  });
  const places = new Set(
    segments.flatMap((one) => typesOf(one).flatMap((t) => stagesOf(one).map((s) => `${t}.${s}`))),
  );
  if (places.size === PartnerType.options.length * LifecycleStage.options.length) {
    warnings.push("Every partner belongs to a segment: the program's own weights count for nobody");
  }
  return warnings;
}
