import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { ImportQueue } from "./run-import.ts";

export const sqsImportQueue = (client: SQSClient, queueUrl: string): ImportQueue => ({
  async send(message, delaySeconds) {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        DelaySeconds: delaySeconds,
      }),
    );
  },
});
