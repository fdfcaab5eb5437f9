import { type Permission, sendTo } from "./access.ts";
import { type FunctionArgs, functionArgs } from "./function-defaults.ts";
import { deadLetters } from "./queue.ts";

type Schedule = { everyMinutes: number; retries: number; maximumAgeSeconds: number };

/**
 * A function that runs by the clock. The scheduler only hands the event over: what it cannot deliver and what the function
 * fails at are two different losses, and both end in the same dead-letter queue.
 */
export function onSchedule(
  name: string,
  { everyMinutes, retries, maximumAgeSeconds }: Schedule,
  { permissions, ...args }: FunctionArgs & { permissions: Permission[] },
): void {
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
  new aws.lambda.FunctionEventInvokeConfig(`${name}Invocation`, {
    functionName: cron.nodes.function.apply((fn) => fn.name),
    maximumRetryAttempts: retries,
    maximumEventAgeInSeconds: maximumAgeSeconds,
    destinationConfig: { onFailure: { destination: dead.arn } },
  });
}
