import { alarmTopicArn } from "./alarm-topic.ts";
import { type Runbook, whatToDo } from "./runbooks.ts";
import { METRIC_NAMESPACE } from "./stage.ts";

type Alarm = {
  runbook: Runbook;
  namespace: string;
  metricName: string;
  dimensions?: Record<string, $util.Input<string>>;
  statistic: "Sum" | "Maximum" | "p99";
  periodSeconds: number;
  /** Periods in a row that have to be bad; 1 without it. */
  periods?: number;
  threshold: number;
  /** Where less is worse, and nothing is worst. */
  isFloor?: boolean;
};

/** Tells the topic when it is bad, and when it is good again. */
function alarm(subject: string, name: string, { runbook, statistic, ...args }: Alarm) {
  const { periodSeconds, periods = 1, isFloor = false, ...metric } = args;
  const topic = alarmTopicArn();
  return new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    ...metric,
    ...(statistic === "p99" ? { extendedStatistic: "p99" } : { statistic }),
    alarmDescription: whatToDo(runbook, subject),
    period: periodSeconds,
    evaluationPeriods: periods,
    comparisonOperator: isFloor ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
    treatMissingData: isFloor ? "breaching" : "notBreaching",
    alarmActions: [topic],
    okActions: [topic],
  });
}

const FIVE_MINUTES = { periodSeconds: 300 };

export const deadLetterAlarm = (name: string, queue: sst.aws.Queue) =>
  alarm(name, `${name}DeadLetters`, {
    ...FIVE_MINUTES,
    runbook: "Dead letters",
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    threshold: 1,
  });

export const oldMessagesAlarm = (name: string, queue: sst.aws.Queue) =>
  alarm(name, `${name}Old`, {
    ...FIVE_MINUTES,
    runbook: "Old messages",
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    threshold: 900,
  });

const LATE_MILLISECONDS = 5 * 60 * 1000;

/** Before the function falls behind the 24 hours that a stream keeps. */
export const behindAlarm = (name: string, functionName: $util.Input<string>) =>
  alarm(name, `${name}Behind`, {
    ...FIVE_MINUTES,
    runbook: "Behind the change feed",
    namespace: "AWS/Lambda",
    metricName: "IteratorAge",
    dimensions: { FunctionName: functionName },
    statistic: "Maximum",
    threshold: LATE_MILLISECONDS,
  });

/** A single error or throttle is tried again, by AWS or by the caller: alarms are for what goes on. */
export function functionAlarms(name: string, functionName: $util.Input<string>): void {
  const ofFunction = {
    ...FIVE_MINUTES,
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    threshold: 3,
  } as const;
  alarm(name, `${name}Errors`, {
    ...ofFunction,
    runbook: "Function errors",
    metricName: "Errors",
  });
  alarm(name, `${name}Throttles`, {
    ...ofFunction,
    runbook: "Function throttles",
    metricName: "Throttles",
  });
  alarm(name, `${name}ErrorLines`, {
    ...ofFunction,
    runbook: "Error lines",
    namespace: METRIC_NAMESPACE,
    metricName: "errorLines",
    dimensions: { function: functionName },
  });
}

export const executionsFailedAlarm = (name: string, stateMachineArn: $util.Input<string>) =>
  alarm(name, `${name}Failed`, {
    ...FIVE_MINUTES,
    runbook: "Executions failed",
    namespace: "AWS/States",
    metricName: "ExecutionsFailed",
    dimensions: { StateMachineArn: stateMachineArn },
    statistic: "Sum",
    threshold: 1,
  });

export function tickAlarms(functionName: $util.Input<string>): void {
  alarm("Tick", "TickMissed", {
    ...FIVE_MINUTES,
    runbook: "Tick missed",
    namespace: "AWS/Lambda",
    metricName: "Invocations",
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    threshold: 3,
    isFloor: true,
  });
  alarm("Tick", "TimersOverdue", {
    ...FIVE_MINUTES,
    runbook: "Timers overdue",
    namespace: METRIC_NAMESPACE,
    metricName: "overdueSeconds",
    dimensions: { function: functionName },
    statistic: "Maximum",
    threshold: 900,
  });
}

const MANY_WAITING_PLANS = 500;

/** Once a day, when the reconcile counts them. */
export const approvalBacklogAlarm = (functionName: $util.Input<string>) =>
  alarm("ReconcileApprovals", "ApprovalBacklog", {
    runbook: "Approval backlog",
    namespace: METRIC_NAMESPACE,
    metricName: "checked",
    dimensions: { function: functionName },
    statistic: "Maximum",
    periodSeconds: 24 * 3600,
    threshold: MANY_WAITING_PLANS,
  });

export function apiAlarms(apiId: $util.Input<string>): void {
  const ofApi = {
    ...FIVE_MINUTES,
    namespace: "AWS/ApiGateway",
    dimensions: { ApiId: apiId },
  };
  alarm("Api", "ApiServerErrors", {
    ...ofApi,
    runbook: "Server errors",
    metricName: "5xx",
    statistic: "Sum",
    threshold: 3,
  });
  alarm("Api", "ApiSlow", {
    ...ofApi,
    runbook: "Slow answers",
    metricName: "Latency",
    statistic: "p99",
    periods: 3,
    threshold: 3000,
  });
}

export function tableAlarms(tableName: $util.Input<string>): void {
  for (const metricName of ["ReadThrottleEvents", "WriteThrottleEvents"]) {
    alarm("Table", `Table${metricName}`, {
      ...FIVE_MINUTES,
      runbook: "Table throttled",
      namespace: "AWS/DynamoDB",
      metricName,
      dimensions: { TableName: tableName },
      statistic: "Sum",
      threshold: 10,
    });
  }
}

/** The figures of SES are those of the account, half of where it stops sending. */
export function mailAlarms(): void {
  for (const [metricName, threshold] of [
    ["Reputation.BounceRate", 0.05],
    ["Reputation.ComplaintRate", 0.0025],
  ] as const) {
    alarm("Mail", `Mail${metricName.replace(".", "")}`, {
      runbook: "Mail refused",
      namespace: "AWS/SES",
      metricName,
      statistic: "Maximum",
      periodSeconds: 3600,
      threshold,
    });
  }
}

export const backupFailedAlarm = (vaultName: $util.Input<string>) =>
  alarm("Backups", "BackupFailed", {
    runbook: "Backup failed",
    namespace: "AWS/Backup",
    metricName: "NumberOfBackupJobsFailed",
    dimensions: { BackupVaultName: vaultName },
    statistic: "Sum",
    periodSeconds: 3600,
    threshold: 1,
  });
