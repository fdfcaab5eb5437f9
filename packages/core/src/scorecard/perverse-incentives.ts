import { z } from "zod";
import { classified } from "../classification/index.ts";
import { compare, risesWithMeasure, shownMeasure } from "../metric/index.ts";
import type { ProgramMetric } from "../program/index.ts";
import { exactScore, measurerOf } from "./card.ts";
import { atLengthOf } from "./length.ts";
import type { Card, CardMetric } from "./schema.ts";

/** A metric that improved while the quality metric it is paired with got worse. */
export const PerverseIncentive = z
  .object({
    metricId: z.string(),
    pairedMetricId: z.string(),
    /** For people of both sides; says what moved, and blames nobody. */
    text: classified("scorecard.amounts", z.string()),
  })
  .meta({ id: "PerverseIncentive" });
export type PerverseIncentive = z.infer<typeof PerverseIncentive>;

interface Moved {
  readonly now: CardMetric;
  /** Positive where it improved, negative where it got worse. */
  readonly direction: number;
  readonly text: string;
}

/**
 * Where a metric went since the period before, by its measure: a capped score would hide a rise above the
 * target. The period before is measured by today's program, so that no change of program looks like one of facts.
 */
function moveOf(metricId: string, current: Card, previous: Card): Moved | undefined {
  const now = current.metrics.find((one) => one.metricId === metricId);
  if (!now) return undefined;
  const { sums, figures, voices } = previous;
  const after = exactScore(now, measurerOf(current), current.currency);
  const then = previous.metrics.find((one) => one.metricId === metricId);
  const asThen = { ...(then ? atLengthOf(now, then) : now), override: then?.override };
  const measured = measurerOf({ ...current, sums, figures, voices });
  const before = exactScore(asThen, measured, current.currency);
  if (!after || !before) return undefined;
  const { scale } = now;
  const change =
    scale.kind === "formula"
      ? compare(after.score, before.score)
      : compare(after.comparable, before.comparable) * (risesWithMeasure(scale) ? 1 : -1);
  return { now, direction: Math.sign(change), text: textOf(now, current, previous) };
}

function textOf(now: CardMetric, current: Card, previous: Card): string {
  const then = previous.metrics.find(
    ({ metricId, measure }) => metricId === now.metricId && measure === now.measure,
  );
  const shown = (value: string | null | undefined) =>
    value ? shownMeasure(value, now, current.currency) : "no data";
  return `from ${shown(then?.value)} to ${shown(now.value)}`;
}

/** @param metrics of the program that `current` is scored with */
export function perverseIncentives(
  current: Card,
  previous: Card,
  metrics: readonly Pick<ProgramMetric, "metricId" | "pairedMetricId">[],
): PerverseIncentive[] {
  return metrics.flatMap(({ metricId, pairedMetricId }): PerverseIncentive[] => {
    if (pairedMetricId === null) return [];
    const own = moveOf(metricId, current, previous);
    const paired = moveOf(pairedMetricId, current, previous);
    if (!own || !paired || own.direction <= 0 || paired.direction >= 0) return [];
    const text =
      `${own.now.name} improved ${own.text}, while ${paired.now.name} got worse ` +
      `${paired.text}: look at whether one is paid for by the other`;
    return [{ metricId, pairedMetricId, text }];
  });
}
