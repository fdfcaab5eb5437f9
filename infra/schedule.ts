import { sendTo } from "./access.ts";
import { functionAlarms } from "./alarms.ts";
import { type FunctionArgs, functionArgs } from "./function-defaults.ts";
import { deadLetters } from "./queue.ts";

type Schedule = { everyMinutes: number; retries: number; maximumAgeSeconds: number };

/**
 * A function that runs by the clock. The scheduler only hands the event over: what it cannot deliver and what the function
 * fails at are two different losses, and both end in the same dead-letter queue.
 * @returns the name of the function
 */
export function onSchedule(
  name: string,
  { everyMinutes, retries, maximumAgeSeconds }: Schedule,
  { permissions, ...args }: FunctionArgs,
): $util.Output<string> {
  const dead = deadLetters(name);
  const cron = new sst.aws.CronV2(name, {
    schedule: everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)`,
    retries,
    dlq: dead.arn,
    function: functionArgs({ ...args, permissions: [...permissions, sendTo(dead)] }),
    transform: {
      schedule: (schedule) => {
        schedule.target = $util.output(schedule.target).apply((target) => ({
          ...target,
          retryPolicy: { ...target.retryPolicy, maximumEventAgeInSeconds: maximumAgeSeconds },
        }));
      },
    },
  });
  const functionName = cron.nodes.function.apply((made) => made.name);
  new aws.lambda.FunctionEventInvokeConfig(`${name}Invocation`, {
    functionName,
    maximumRetryAttempts: retries,
    maximumEventAgeInSeconds: maximumAgeSeconds,
    destinationConfig: { onFailure: { destination: dead.arn } },
  });
  functionAlarms(name, functionName);
  return functionName;
}
