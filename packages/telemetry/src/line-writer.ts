import { type Line, metricLine } from "./metric-line.ts";

interface LineWriter {
  /** Of the platform; in the environment as `AWS_LAMBDA_FUNCTION_NAME`. */
  readonly functionName: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly write: (text: string) => unknown;
}

/** One JSON line to where the platform collects them. */
export const lineWriter =
  ({ functionName = "unknown", now, write }: LineWriter) =>
  (line: Line): void => {
    write(`${JSON.stringify(metricLine(line, functionName, now()))}\n`);
  };
