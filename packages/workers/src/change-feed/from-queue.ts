import { z } from "zod";
import type { BatchAnswer, ChangeFeed } from "./consume-changes.ts";

const Delivery = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

const Body = z.object({
  Records: z.array(z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) })),
});

function open(body: string): z.infer<typeof Body>["Records"] | undefined {
  try {
    return Body.parse(JSON.parse(body)).Records;
  } catch {
    return undefined;
  }
}

export interface QueuedConsumer {
  readonly log: ChangeFeed["log"];
  /** Must be safe to repeat, for the other records of a message with one that failed. */
  readonly consume: (batch: unknown) => Promise<BatchAnswer>;
}

/**
 * Gives a consumer of the change feed what its own queue delivers instead of the stream: all messages of a delivery are one
 * batch to it, and a message with a record that failed comes again.
 */
export async function fromQueue(
  { log, consume }: QueuedConsumer,
  delivery: unknown,
): Promise<BatchAnswer> {
  const messages = Delivery.parse(delivery).Records.map(({ messageId, body }) => ({
    messageId,
    records: open(body),
  }));
  const { batchItemFailures } = await consume({
    Records: messages.flatMap(({ records = [] }) => records),
  });
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const failing = messages.filter(
    ({ records }) => records?.some(({ dynamodb }) => failed.has(dynamodb.SequenceNumber)) ?? true,
  );
  for (const { messageId, records } of failing) {
    if (!records) log({ level: "error", message: "message of no changes", messageId });
  }
  return { batchItemFailures: failing.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
