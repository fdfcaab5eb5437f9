/** The description of an alarm says what to do. */
type Alarm = {
  namespace: string;
  metricName: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: "Sum" | "Maximum";
  periodSeconds: number;
  threshold: number;
  description: string;
};

function alarm(name: string, { periodSeconds, description, ...metric }: Alarm) {
  return new aws.cloudwatch.MetricAlarm(`${name}Alarm`, {
    ...metric,
    alarmDescription: description,
    period: periodSeconds,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
  });
}

export const deadLetterAlarm = (name: string, queue: sst.aws.Queue) =>
  alarm(`${name}DeadLetters`, {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    periodSeconds: 300,
    threshold: 1,
    description: `Work of ${name} failed for good. Read the message and the log lines of its request id, repair the cause, then redrive the queue.`,
  });

const LATE_MILLISECONDS = 5 * 60 * 1000;

/** Before the function falls behind the 24 hours that a stream keeps. */
export const behindAlarm = (name: string, functionName: $util.Input<string>) =>
  alarm(`${name}Behind`, {
    namespace: "AWS/Lambda",
    metricName: "IteratorAge",
    dimensions: { FunctionName: functionName },
    statistic: "Maximum",
    periodSeconds: 300,
    threshold: LATE_MILLISECONDS,
    description: `${name} is more than five minutes behind the change feed. Look for its errors and throttles; what it cannot apply goes to its dead-letter queue by itself.`,
  });

export const executionsFailedAlarm = (name: string, stateMachineArn: $util.Input<string>) =>
  alarm(`${name}Failed`, {
    namespace: "AWS/States",
    metricName: "ExecutionsFailed",
    dimensions: { StateMachineArn: stateMachineArn },
    statistic: "Sum",
    periodSeconds: 300,
    threshold: 1,
    description: `An execution of ${name} failed. Its error names the cause; the daily reconcile starts a new attempt, so no plan is lost.`,
  });
