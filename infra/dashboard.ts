import { METRIC_NAMESPACE, physicalName } from "./stage.ts";

/** What a dashboard shows, by the names that AWS knows them under. */
export type Watched = {
  apiId: string;
  tableName: string;
  stateMachineArn: string;
  /** Title to physical name. */
  functions: Record<string, string>;
  queues: Record<string, string>;
};

type Metric = [
  namespace: string,
  name: string,
  ...dimensionsAndOptions: (string | { label?: string; stat?: string; yAxis?: "right" })[],
];

type Widget = { title: string; metrics: Metric[]; stat?: "Sum" | "Maximum" | "p50" | "p99" };

const byFunction = (metric: string, functions: Watched["functions"], namespace = "AWS/Lambda") =>
  Object.entries(functions).map(
    ([label, name]): Metric => [
      namespace,
      metric,
      namespace === METRIC_NAMESPACE ? "function" : "FunctionName",
      name,
      { label },
    ],
  );

/** From what callers notice down to what causes it. */
function widgets({ apiId, tableName, stateMachineArn, functions, queues }: Watched): Widget[] {
  const ofApi = (name: string, options: { stat?: string; label?: string } = {}): Metric => [
    "AWS/ApiGateway",
    name,
    "ApiId",
    apiId,
    options,
  ];
  const ofTable = (name: string): Metric => ["AWS/DynamoDB", name, "TableName", tableName];
  const ofMachine = (name: string): Metric => [
    "AWS/States",
    name,
    "StateMachineArn",
    stateMachineArn,
  ];
  const ofTick = (name: string): Metric => [
    METRIC_NAMESPACE,
    name,
    "function",
    functions["Tick"] ?? "",
  ];
  return [
    { title: "Requests and refusals", metrics: [ofApi("Count"), ofApi("4xx"), ofApi("5xx")] },
    {
      title: "Time to answer, ms",
      metrics: ["p50", "p99"].map((stat) => ofApi("Latency", { stat, label: stat })),
    },
    { title: "Function errors", metrics: byFunction("Errors", functions) },
    {
      title: "Lines of level error",
      metrics: byFunction("errorLines", functions, METRIC_NAMESPACE),
    },
    { title: "Function throttles", metrics: byFunction("Throttles", functions) },
    {
      title: "At once",
      stat: "Maximum",
      metrics: byFunction("ConcurrentExecutions", functions),
    },
    { title: "Duration p99, ms", stat: "p99", metrics: byFunction("Duration", functions) },
    {
      title: "Messages that wait",
      stat: "Maximum",
      metrics: Object.entries(queues).map(
        ([label, name]): Metric => [
          "AWS/SQS",
          "ApproximateNumberOfMessagesVisible",
          "QueueName",
          name,
          { label },
        ],
      ),
    },
    {
      title: "Behind the change feed, ms",
      stat: "Maximum",
      metrics: byFunction("IteratorAge", functions),
    },
    {
      title: "Capacity used",
      metrics: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map(ofTable),
    },
    {
      title: "Capacity refused",
      metrics: ["ReadThrottleEvents", "WriteThrottleEvents"].map(ofTable),
    },
    { title: "Timers", metrics: ["fired", "waiting", "failed"].map(ofTick) },
    { title: "Timers overdue, s", stat: "Maximum", metrics: [ofTick("overdueSeconds")] },
    {
      title: "Approvals",
      metrics: ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed"].map(ofMachine),
    },
  ];
}

const WIDTH = 12;
const HEIGHT = 6;

/** The body of a CloudWatch dashboard, two widgets a row. */
export const dashboardBody = (region: string, watched: Watched) => ({
  widgets: widgets(watched).map(({ title, metrics, stat = "Sum" }, at) => ({
    type: "metric",
    ...{ x: (at % 2) * WIDTH, y: Math.floor(at / 2) * HEIGHT, width: WIDTH, height: HEIGHT },
    properties: { title, metrics, stat, region, period: 300, view: "timeSeries" },
  })),
});

export function dashboard(watched: $util.Output<Watched>): aws.cloudwatch.Dashboard {
  const { region } = aws.getRegionOutput();
  return new aws.cloudwatch.Dashboard("Dashboard", {
    dashboardName: physicalName("Dashboard"),
    dashboardBody: $util
      .all([region, watched])
      .apply(([where, what]) => JSON.stringify(dashboardBody(where, what))),
  });
}
