import type { ErrorPlace } from "../error/index.ts";
import { DisputeId } from "../id/index.ts";
import { knownMeasure } from "../metric/index.ts";
import {
  definitionFor,
  faultsOfWeights,
  type ProgramDefinition,
  type PublishedProgram,
} from "../program/index.ts";
import { type Card, compareCards, scoreCard, termsOf, withOverride } from "../scorecard/index.ts";
import { judgeTargets, withTargets } from "../target/index.ts";
import type { SupposedCard, WhatIf } from "./schema.ts";

/** Marks what is only supposed; it never leaves this file. */
const SUPPOSED = DisputeId.parse(`dsp_${"0".repeat(26)}`);

const weighted = (
  { metrics }: Pick<ProgramDefinition, "metrics">,
  weights: WhatIf["weights"],
): ProgramDefinition["metrics"] =>
  metrics.map((metric) => {
    const given = weights.find(({ metricId }) => metricId === metric.metricId);
    return given ? { ...metric, weightPercent: given.weightPercent } : metric;
  });

/** What keeps it from being computed; pointers are into the request. */
function faultsOf(
  input: WhatIf,
  template: ProgramDefinition,
  targetFaults: readonly ErrorPlace[],
): ErrorPlace[] {
  const faults: ErrorPlace[] = [...targetFaults];
  const { weights, targets, values } = input;
  if (weights.length + targets.length + values.length === 0) {
    faults.push({ pointer: "", detail: "must name a weight, a target or a value" });
  }
  const lists = { weights, values };
  for (const [name, list] of Object.entries(lists)) {
    list.forEach(({ metricId }, index) => {
      const pointer = `/${name}/${index}/metricId`;
      const isFirst = list.findIndex((one) => one.metricId === metricId) === index;
      if (!isFirst) faults.push({ pointer, detail: `repeats ${metricId}` });
      if (!template.metrics.some((one) => one.metricId === metricId)) {
        faults.push({ pointer, detail: `the partner is not measured by ${metricId}` });
      }
    });
  }
  values.forEach(({ metricId, value }, index) => {
    const metric = template.metrics.find((one) => one.metricId === metricId);
    const range = metric && knownMeasure(metric.measure, template)?.range;
    const add = (detail: string) => faults.push({ pointer: `/values/${index}/value`, detail });
    if (range?.min != null && Number(value) < range.min) add(`must be at least ${range.min}`);
    if (range?.max != null && Number(value) > range.max) add(`must be at most ${range.max}`);
  });
  return [...faults, ...faultsOfWeights(weighted(template, weights), "/weights")];
}

/** Without what was only supposed: overrides of disputes stay. */
const asAnswered = (
  { formulaHash: _, overrides: __, ...card }: Card,
  { overrides, segmentId }: Card,
): SupposedCard["card"] => ({
  ...card,
  ...(overrides ? { overrides } : {}),
  ...(segmentId ? { segmentId } : {}),
  metrics: card.metrics.map(({ override, ...metric }) =>
    override && override.disputeId !== SUPPOSED ? { ...metric, override } : metric,
  ),
});

/**
 * The card as it would be with other weights, targets or values. Pure.
 * @param program the version that the card names
 */
export function suppose(
  card: Card,
  program: PublishedProgram,
  input: WhatIf,
): Omit<SupposedCard, "status"> | { readonly faults: ErrorPlace[] } {
  const own = definitionFor(program.definition, card.segmentId);
  const template = withTargets(own, card.agreedTargets);
  const { targets, faults: targetFaults } = judgeTargets(input.targets, template);
  const faults = faultsOf(input, template, targetFaults);
  if (faults.length > 0) return { faults };
  const { metrics } = withTargets(
    { ...template, metrics: weighted(template, input.weights) },
    { targets },
  );
  const definition = { ...template, metrics, segments: [] };
  const { segmentId: _, agreedTargets, ...terms } = termsOf(card);
  const overrides = input.values.reduce(
    (all, { metricId, value }) =>
      withOverride(all, { kind: "value", metricId, value, disputeId: SUPPOSED }),
    terms.overrides ?? [],
  );
  const supposed = scoreCard({
    program: { ...program, definition },
    partnerId: card.partnerId,
    period: card.period,
    span: { from: card.from, to: card.to },
    grounds: {
      ...terms,
      sums: card.sums,
      ...(overrides.length > 0 ? { overrides } : {}),
      // That something was agreed still counts; its targets are in the template already.
      ...(agreedTargets ? { agreedTargets: { ...agreedTargets, targets: [] } } : {}),
    },
  });
  const { score, shownScore, rating } = card;
  return {
    before: { score, shownScore, rating },
    card: {
      ...asAnswered(supposed, card),
      ...(agreedTargets ? { agreedTargets } : {}),
    },
    comparison: compareCards(supposed, card),
  };
}
