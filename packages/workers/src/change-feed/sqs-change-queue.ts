import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { ChangeQueue } from "./hand-on-changes.ts";

/** Of one call: as many messages, and as many bytes of all together, as SQS takes. */
const MOST_MESSAGES = 10;
const MOST_BYTES = 1_048_576;

export const sqsChangeQueue = (client: SQSClient, queueUrl: string): ChangeQueue => ({
  async send(messages) {
    for (const bodies of callsOf(messages.map((message) => JSON.stringify(message)))) {
      const { Failed = [] } = await client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: bodies.map((body, at) => ({ Id: String(at), MessageBody: body })),
        }),
      );
      // SQS answers 200 also where it refused messages.
      if (Failed.length > 0) throw new Error(`${Failed.length} refused: ${Failed[0]?.Code}`);
    }
  },
});

function callsOf(bodies: readonly string[]): string[][] {
  const calls: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = calls.at(-1);
    if (last && last.length < MOST_MESSAGES && bytes + size <= MOST_BYTES) {
      last.push(body);
      bytes += size;
    } else {
      calls.push([body]);
      bytes = size;
    }
  }
  return calls;
}
