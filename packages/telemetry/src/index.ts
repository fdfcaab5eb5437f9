export { lineWriter } from "./line-writer.ts";
export { type Line, METRIC_NAMESPACE, metricLine } from "./metric-line.ts";
