import type { Card } from "./schema.ts";

type Cell = string | number | null;

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

/** A text that a spreadsheet would run as a formula is kept text by a leading apostrophe. */
function cellOf(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const isNumber = /^-?\d+(\.\d+)?$/.test(cell);
  const text = !isNumber && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The card as CSV (RFC 4180): a row for each metric, then one for the total. */
export function cardCsv(card: Card): string {
  const { partnerId, period, programId, programVersion, currency, rating } = card;
  const head: Cell[] = [partnerId, period, programId, programVersion];
  const metrics = card.metrics.map((metric): Cell[] => [
    ...head,
    metric.metricId,
    metric.name,
    metric.layer,
    metric.timing,
    metric.value,
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
  return [COLUMNS, ...metrics, total].map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");
}
