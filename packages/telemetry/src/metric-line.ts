/** A line of a log: one JSON object. */
export type Line = Readonly<Record<string, unknown>>;

export const METRIC_NAMESPACE = "Concord";

type Unit = "Count" | "Seconds";
type Metric = { readonly unit: Unit; readonly of: (line: Line) => unknown };

const field = (name: string, unit: Unit = "Count"): Record<string, Metric> => ({
  [name]: { unit, of: (line) => line[name] },
});

/** The lines whose figures are metrics, by message. */
const measured: Readonly<Record<string, Readonly<Record<string, Metric>>>> = {
  tick: {
    ...field("fired"),
    ...field("waiting"),
    ...field("failed"),
    overdueSeconds: {
      unit: "Seconds",
      of: ({ lagSeconds }) => (Array.isArray(lagSeconds) ? Math.max(0, ...lagSeconds) : undefined),
    },
  },
  "approvals reconciled": { ...field("checked"), ...field("restarted"), ...field("failed") },
};

const errorLines: Record<string, Metric> = { errorLines: { unit: "Count", of: () => 1 } };

/**
 * The line as CloudWatch counts it: figures it knows, and that it is an error, become metrics of the function (embedded metric
 * format), without a request of their own. A tenant is never a dimension: each value of one is a metric that is paid for.
 * @param functionName the dimension
 * @param at milliseconds since the epoch
 */
export function metricLine(line: Line, functionName: string, at: number): Line {
  const metrics = Object.entries({
    ...measured[String(line["message"])],
    ...(line["level"] === "error" ? errorLines : {}),
  }).flatMap(([name, { unit, of }]) => {
    const value = of(line);
    return typeof value === "number" && Number.isFinite(value) ? [{ name, unit, value }] : [];
  });
  if (metrics.length === 0) return line;
  return {
    ...line,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    function: functionName,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [["function"]],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
  };
}
