import { deadLetterAlarm, functionAlarms, oldMessagesAlarm } from "./alarms.ts";
import type { ChangeConsumerName } from "./change-feed.ts";
import { type FunctionArgs, functionArgs } from "./function-defaults.ts";

const LONGEST_RETENTION_SECONDS = 14 * 24 * 3600;

/** Where failed work waits for a person: kept for the longest time there is, with an alarm on the first message. */
export function deadLetters(name: string): sst.aws.Queue {
  const queue = new sst.aws.Queue(`${name}DeadLetters`, {
    transform: {
      queue: { messageRetentionSeconds: LONGEST_RETENTION_SECONDS, sqsManagedSseEnabled: true },
    },
  });
  deadLetterAlarm(name, queue);
  return queue;
}

/**
 * A queue whose messages are tried five times. AWS asks for a visibility timeout of six times the consumer's,
 * so that a message is not handed out again while its batch is still being retried.
 */
export function workQueue(
  name: string,
  consumerTimeoutSeconds: number,
  maxMessageSize?: number,
): sst.aws.Queue {
  const queue = new sst.aws.Queue(name, {
    visibilityTimeout: `${6 * consumerTimeoutSeconds} seconds`,
    dlq: { queue: deadLetters(name).arn, retry: 5 },
    transform: {
      queue: {
        messageRetentionSeconds: LONGEST_RETENTION_SECONDS,
        sqsManagedSseEnabled: true,
        ...(maxMessageSize === undefined ? {} : { maxMessageSize }),
      },
    },
  });
  oldMessagesAlarm(name, queue);
  return queue;
}

const CHANGES_TIMEOUT_SECONDS = 30;
/** The most that SQS takes, and more than a row may have. */
const LARGEST_MESSAGE_BYTES = 1_048_576;

/** A consumer of the change feed and the queue that its changes come in. */
export function consumeChanges(
  name: ChangeConsumerName,
  atOnce: number,
  args: FunctionArgs,
): { queue: sst.aws.Queue; functionName: $util.Output<string> } {
  const queue = workQueue(name, CHANGES_TIMEOUT_SECONDS, LARGEST_MESSAGE_BYTES);
  const functionName = consume(
    name,
    queue,
    { batchSize: 10, timeoutSeconds: CHANGES_TIMEOUT_SECONDS, atOnce },
    args,
  );
  return { queue, functionName };
}

type Consumption = {
  batchSize: number;
  timeoutSeconds: number;
  /**
   * How many of it run at once, 2–1000: a burst of one queue leaves the rest of the account's concurrency alone. A reserved
   * concurrency would refuse messages instead, and each refusal counts as a try.
   */
  atOnce: number;
};

/** One message fails alone: the handler names it, the rest of its batch is done. */
export function consume(
  name: string,
  queue: sst.aws.Queue,
  { batchSize, timeoutSeconds, atOnce }: Consumption,
  args: FunctionArgs,
): $util.Output<string> {
  const subscriber = queue.subscribe(
    functionArgs({ ...args, timeout: `${timeoutSeconds} seconds` }),
    {
      batch: { size: batchSize, partialResponses: true },
      transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: atOnce } } },
    },
  );
  const functionName = subscriber.nodes.function.apply((made) => made.name);
  functionAlarms(name, functionName);
  return functionName;
}
