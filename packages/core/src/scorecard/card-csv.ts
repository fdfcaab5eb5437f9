import { type Cell, csvOf } from "../csv/index.ts";
import { waiverOf } from "./override.ts";
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

/** What a reader has to know of a line: why it is empty, what flags it, and what was decided on it. */
function noteOf(metric: ShownCard["metrics"][number], { overrides }: ShownCard): string | null {
  const { metricId, noData, isRedFlag, override } = metric;
  const waiver = waiverOf(overrides, metricId);
  const notes = [
    noData?.detail,
    override?.kind === "value" ? `value as decided on dispute ${override.disputeId}` : undefined,
    isRedFlag ? "red flag" : undefined,
    waiver ? `red flag waived on dispute ${waiver.disputeId}` : undefined,
  ].filter((note) => note !== undefined);
  return notes.length > 0 ? notes.join("; ") : null;
}

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
    noteOf(metric, card),
  ]);
  const { unadjusted } = card;
  const wordsOf = (of: Card["rating"]): string =>
    of.status === "rated" ? of.name : of.reasons.join("; ");
  const before: Cell[][] = unadjusted
    ? [
        [
          ...head,
          "before-calibration",
          "Total before calibration",
          ...[null, null, null, null, null],
          unadjusted.score,
          ...[null, null, null],
          wordsOf(unadjusted.rating),
        ],
      ]
    : [];
  const waiver = waiverOf(card.overrides, null);
  const verdict = [
    wordsOf(rating),
    ...(unadjusted ? ["adjusted by calibration"] : []),
    ...(waiver ? [`no consequence, as decided on dispute ${waiver.disputeId}`] : []),
  ].join("; ");
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
  return csvOf(COLUMNS, [...metrics, ...before, total]);
}
