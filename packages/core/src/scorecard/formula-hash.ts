import { digestOf } from "../digest/index.ts";
import { knownMeasure } from "../metric/index.ts";
import type { ProgramDefinition } from "../program/index.ts";

/** Raised when the same sums and program would give another card. */
const ARITHMETIC_VERSION = 1;

const remembered = new WeakMap<ProgramDefinition, string>();

/** Names the arithmetic of a card: measure definitions, scales, weights and rules, without labels. */
export function formulaHash(definition: ProgramDefinition): string {
  const known = remembered.get(definition);
  if (known !== undefined) return known;
  const { currency, figureMeasures, formulaMeasures, indicators, metrics } = definition;
  const { minimumCoveragePercent, minimumSample } = definition;
  const hash = digestOf({
    arithmeticVersion: ARITHMETIC_VERSION,
    currency,
    minimumCoveragePercent,
    minimumSample,
    ratingBands: definition.ratingBands.map(({ ratingId, from, to }) => ({ ratingId, from, to })),
    redFlagRatingId: definition.redFlagRatingId,
    // Left out where there are none, so that the programs that never had any keep their hash.
    ...(formulaMeasures.length === 0
      ? {}
      : {
          formulaMeasures: formulaMeasures.map(({ measure, unit, formula }) => ({
            measure,
            unit,
            formula,
          })),
        }),
    ...(figureMeasures.length === 0
      ? {}
      : {
          figureMeasures: figureMeasures.map(({ measure, unit, aggregation, ...due }) => ({
            measure,
            unit,
            aggregation,
            suppliedBy: due.suppliedBy,
            frequency: due.frequency,
          })),
        }),
    ...(indicators.length === 0
      ? {}
      : {
          indicators: indicators.map(({ indicatorId, minimumRaters }) => ({
            indicatorId,
            minimumRaters,
          })),
        }),
    ...(definition.requiresAgreedTargets ? { requiresAgreedTargets: true } : {}),
    metrics: metrics.map((metric) => ({
      metricId: metric.metricId,
      measure: metric.measure,
      definition: knownMeasure(metric.measure, definition)?.definition,
      inputs: knownMeasure(metric.measure, definition)?.inputs,
      parameters: metric.parameters,
      layer: metric.layer,
      timing: metric.timing,
      scale: metric.scale,
      weightPercent: metric.weightPercent,
      critical: metric.critical,
      redFlagFloor: metric.redFlagFloor,
    })),
  });
  remembered.set(definition, hash);
  return hash;
}
