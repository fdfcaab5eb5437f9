import { describe, expect, it } from "vitest";
import { lineWriter } from "./line-writer.ts";
import { metricLine } from "./metric-line.ts";

const AT = Date.parse("2027-01-15T12:00:00.000Z");
const measured = (line: Record<string, unknown>) => metricLine(line, "concord-test-Tick", AT);

describe("P-13: a line that is counted", () => {
  it("carries the figures of a tick as metrics of its function", () => {
    const line = { level: "info", message: "tick", fired: 3, waiting: 1, failed: 0 };
    expect(measured({ ...line, lagSeconds: [0, 40, 7] })).toEqual({
      ...line,
      lagSeconds: [0, 40, 7],
      overdueSeconds: 40,
      function: "concord-test-Tick",
      _aws: {
        Timestamp: AT,
        CloudWatchMetrics: [
          {
            Namespace: "Concord",
            Dimensions: [["function"]],
            Metrics: [
              { Name: "fired", Unit: "Count" },
              { Name: "waiting", Unit: "Count" },
              { Name: "failed", Unit: "Count" },
              { Name: "overdueSeconds", Unit: "Seconds" },
            ],
          },
        ],
      },
    });
  });

  it("counts whatever says that it is an error, once", () => {
    expect(measured({ level: "error", message: "change not handled" })).toMatchObject({
      errorLines: 1,
      _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "errorLines", Unit: "Count" }] }] },
    });
  });

  it("stays as it was where there is nothing to count, or no number", () => {
    const line = { level: "info", message: "request", status: 200, fired: 3 };
    expect(measured(line)).toBe(line);
    const empty = { level: "info", message: "tick", fired: "three" };
    expect(measured(empty)).toBe(empty);
  });

  it("is one line of JSON", () => {
    const written: string[] = [];
    const log = lineWriter({
      functionName: undefined,
      now: () => AT,
      write: (text) => written.push(text),
    });
    log({ level: "error", message: "two\nlines" });
    expect(written.join("").split("\n")).toHaveLength(2);
    expect(JSON.parse(written[0] ?? "")).toMatchObject({ function: "unknown", errorLines: 1 });
  });
});
