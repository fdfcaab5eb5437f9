import { deadLetterAlarm } from "./alarms.ts";

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
export function workQueue(name: string, consumerTimeoutSeconds: number): sst.aws.Queue {
  return new sst.aws.Queue(name, {
    visibilityTimeout: `${6 * consumerTimeoutSeconds} seconds`,
    dlq: { queue: deadLetters(name).arn, retry: 5 },
    transform: { queue: { sqsManagedSseEnabled: true } },
  });
}

/** One message fails alone: the handler names it, the rest of its batch is done. */
export const partialBatch = (size: number) => ({ batch: { size, partialResponses: true } });
