import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { CycleMessage, CycleQueue } from "@concord/core/cycle";

/** The most that SQS takes in one request. */
const BATCH = 10;

/** @throws Error where SQS refused a message inside a 200 */
export const sqsCycleQueue = (client: SQSClient, queueUrl: string): CycleQueue => ({
  async send(messages) {
    for (let start = 0; start < messages.length; start += BATCH) {
      const batch: readonly CycleMessage[] = messages.slice(start, start + BATCH);
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map((message, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(message),
          })),
        }),
      );
      const [refused] = Failed;
      if (refused) throw new Error(`SQS refused ${Failed.length}: ${refused.Code}`);
    }
  },
});
