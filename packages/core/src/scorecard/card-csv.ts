import { type Cell, csvOf } from "../csv/index.ts";
import type { Card, CardMetric } from "./schema.ts";

const COLUMNS = [
  "partner_id",
  "period",
  "program_id",
  "program_version",
  "metric_id",
  "name",
  "layer",
  "timing",
  "value",
  "unit",
  "weight_percent",
  "score",
  "contribution",
  "points_lost",
  "deals",
  "note",
] as const;

type ShownCard = Omit<Card, "metrics" | "sums"> & {
  readonly metrics: readonly (Omit<CardMetric, "value"> & Partial<Pick<CardMetric, "value">>)[];
};

const figureOf = (value: string | null | undefined): Cell => {
  if (value === undefined) return "withheld";
  return value === null ? null : Number(value);
};

/** The card as CSV: a row for each metric, then one for the total; a figure that is withheld says so. */
export function cardCsv(card: ShownCard): string {
  const { partnerId, period, programId, programVersion, currency, rating } = card;
  const head: Cell[] = [partnerId, period, programId, programVersion];
  const metrics = card.metrics.map((metric): Cell[] => [
    ...head,
    metric.metricId,
    metric.name,
    metric.layer,
    metric.timing,
    figureOf(metric.value),
    metric.unit.replace("money", currency),
    metric.weightPercent,
    metric.score,
    metric.contribution,
    metric.pointsLost,
    metric.sample,
    metric.noData?.detail ?? (metric.isRedFlag ? "red flag" : null),
  ]);
  const verdict = rating.status === "rated" ? rating.name : rating.reasons.join("; ");
  const total: Cell[] = [
    ...head,
    "total",
    "Total",
    ...[null, null, null, null],
    card.coveragePercent,
    card.score,
    ...[null, null, null],
    verdict,
  ];
  return csvOf(COLUMNS, [...metrics, total]);
}
