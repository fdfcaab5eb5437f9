import type { StreamRecord } from "./stream-record.ts";
import type { Place, StreamState } from "./stream-state.ts";

export type StreamEvent = { Records: StreamRecord[] };

/** Reports the first record that failed, or throws when it cannot say which. */
export type StreamHandler = (
  event: StreamEvent,
) => Promise<{ batchItemFailures: { itemIdentifier: string }[] } | undefined>;

export type StreamConsumer = {
  /** Under this name its position is kept. */
  name: string;
  handler: StreamHandler;
  /** The filter of the event source; without one every record is delivered. */
  accepts?: (record: StreamRecord) => boolean;
  /** At most 100 without it. */
  batchSize?: number;
  /** Of one record before it goes to the dead letters; 10 without it. */
  maximumAttempts?: number;
};

export type Delivery = {
  consumer: StreamConsumer;
  place: Place;
  state: StreamState;
  sleep: (milliseconds: number) => Promise<unknown>;
  signal?: AbortSignal | undefined;
  onError?: ((error: unknown) => void) | undefined;
};

const BATCH_SIZE = 100;
const MAXIMUM_ATTEMPTS = 10;
const FIRST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 5000;

type Failure = { index: number; isNamed: boolean; reason: string };

/** Lambda resumes at the lowest reported number; one that it does not know means the whole batch. */
async function attempt(
  batch: StreamRecord[],
  { consumer, onError }: Delivery,
): Promise<Failure | undefined> {
  try {
    const result = await consumer.handler({ Records: batch });
    const failures = result?.batchItemFailures ?? [];
    if (failures.length === 0) return undefined;
    const reported = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
    const indexes = batch.flatMap(({ dynamodb }, index) =>
      reported.delete(dynamodb.SequenceNumber) ? [index] : [],
    );
    const isNamed = reported.size === 0;
    return { index: isNamed ? (indexes[0] ?? 0) : 0, isNamed, reason: "reported by the consumer" };
  } catch (error) {
    onError?.(error);
    return { index: 0, isNamed: false, reason: String(error) };
  }
}

const pauseAfter = (attempts: number) =>
  Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** (attempts - 1), LONGEST_PAUSE_MILLISECONDS);

/**
 * Hands the records to the consumer as Lambda does: in order, in batches; what failed is tried again from there, a
 * batch that failed as a whole in halves, and a record that goes on failing is buried so that the next ones get on.
 * The position moves after success only. Returns early, with the position true, when the signal is given.
 */
export async function deliver(records: readonly StreamRecord[], delivery: Delivery): Promise<void> {
  const { consumer, place, state, sleep, signal } = delivery;
  const { batchSize = BATCH_SIZE, maximumAttempts = MAXIMUM_ATTEMPTS } = consumer;
  let pending = [...records];
  let size = batchSize;
  let attempts = 0;

  const goOn = (count: number) => {
    pending = pending.slice(count);
    size = batchSize;
    attempts = 0;
  };

  while (pending.length > 0 && !signal?.aborted) {
    const batch = pending.slice(0, size);
    const failure = await attempt(batch, delivery);
    const done = batch[(failure?.index ?? batch.length) - 1];
    if (done) {
      state.advance(place, { sequenceNumber: done.dynamodb.SequenceNumber });
      goOn(failure?.index ?? batch.length);
    }
    const head = pending[0];
    if (!failure || !head) continue;
    if (!failure.isNamed && batch.length > 1) {
      size = Math.ceil(batch.length / 2);
      continue;
    }
    attempts += 1;
    if (attempts >= maximumAttempts) {
      state.bury(place, { attempts, reason: failure.reason, record: head });
      goOn(1);
    } else {
      await sleep(pauseAfter(attempts));
    }
  }
}
