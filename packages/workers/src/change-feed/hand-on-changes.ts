import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { type BatchAnswer, type ChangeFeed, nameOfError } from "./consume-changes.ts";

/** What one consumer of the change feed wants to hear of. */
export const ChangeRoute = z.object({
  /** The `entity` of its rows. */
  entities: z.array(z.string()).min(1),
  events: z.array(z.enum(["INSERT", "MODIFY"])).min(1),
  /** Only rows whose `type` begins so; any without it. */
  typePrefix: z.string().optional(),
  /** Attributes of the row that it reads, where it does not read them all: less is carried, and equal ones once. */
  attributes: z.array(z.string()).optional(),
});
export type ChangeRoute = z.infer<typeof ChangeRoute>;

/** A change as the stream hands it over, without the row as it was before. */
export interface HandedChange {
  readonly eventName: "INSERT" | "MODIFY";
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly NewImage: Readonly<Record<string, AttributeValue>>;
  };
}

/** The body of a message. */
export interface ChangeMessage {
  readonly Records: readonly HandedChange[];
}

export interface ChangeQueue {
  /** @throws where any of them was not taken; others may have been */
  send(messages: readonly ChangeMessage[]): Promise<void>;
}

export interface HandOnDependencies {
  readonly routes: readonly { readonly route: ChangeRoute; readonly queue: ChangeQueue }[];
  readonly log: ChangeFeed["log"];
}

const Image = z.record(z.string(), z.unknown());
const Batch = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: Image.optional(),
        OldImage: Image.optional(),
      }),
    }),
  ),
});
type Change = z.infer<typeof Batch>["Records"][number];

const Text = z.object({ S: z.string() });
const textOf = (image: z.infer<typeof Image>, name: string): string | undefined =>
  Text.safeParse(image[name]).data?.S;

const RECORDS_A_MESSAGE = 100;
/** A message that is longer holds one record. */
const BYTES_A_MESSAGE = 200_000;

/**
 * Hands each change of the table on to the queues of those whom it concerns, many to a message. A batch that comes again is
 * handed on again, and what comes in one message may come in another order than it was written: consumers go by the row as
 * it is, or by a natural key. A batch that some queue did not take fails as a whole, after every queue was asked.
 */
export async function handOnChanges(
  { routes, log }: HandOnDependencies,
  batch: unknown,
): Promise<BatchAnswer> {
  const changes = Batch.parse(batch).Records.filter(isChange);
  const sent = await Promise.allSettled(
    routes.map(async ({ route, queue }) => {
      const messages = packed(changes.flatMap((change) => handed(route, change)));
      if (messages.length > 0) await queue.send(messages);
    }),
  );
  const failures = sent.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (failures.length > 0) {
    log({ level: "error", message: "changes not handed on", error: nameOfError(failures[0]) });
    throw new Error(`${failures.length} queues did not take their changes`);
  }
  return { batchItemFailures: [] };
}

/** The embedded engine also reports writes that changed nothing; the service does not. */
const isChange = ({ eventName, dynamodb: { NewImage, OldImage } }: Change): boolean =>
  eventName !== "REMOVE" &&
  NewImage !== undefined &&
  JSON.stringify(NewImage) !== JSON.stringify(OldImage);

function handed(
  { entities, events, typePrefix = "", attributes }: ChangeRoute,
  { eventName, dynamodb: { NewImage = {}, SequenceNumber } }: Change,
): HandedChange[] {
  if (eventName === "REMOVE" || !events.includes(eventName)) return [];
  if (!entities.includes(textOf(NewImage, "entity") ?? "")) return [];
  if (!(textOf(NewImage, "type") ?? "").startsWith(typePrefix)) return [];
  const wanted = Object.entries(NewImage).filter(([name]) => attributes?.includes(name) ?? true);
  const image = Object.fromEntries(wanted) as Record<string, AttributeValue>;
  return [{ eventName, dynamodb: { SequenceNumber, NewImage: image } }];
}

function packed(changes: readonly HandedChange[]): ChangeMessage[] {
  const messages: HandedChange[][] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const change of changes) {
    const { eventName, dynamodb } = change;
    const text = `${eventName}${JSON.stringify(dynamodb.NewImage)}`;
    if (seen.has(text)) continue;
    seen.add(text);
    const size = Buffer.byteLength(text) + 100;
    const last = messages.at(-1);
    if (last && last.length < RECORDS_A_MESSAGE && bytes + size <= BYTES_A_MESSAGE) {
      last.push(change);
      bytes += size;
    } else {
      messages.push([change]);
      bytes = size;
    }
  }
  return messages.map((Records) => ({ Records }));
}
