import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient, Shard } from "@aws-sdk/client-dynamodb-streams";
import { deliver, type StreamConsumer } from "./deliver.ts";
import { listShards, type ShardReader, shardReader, streamOf } from "./stream-reader.ts";
import type { StreamState } from "./stream-state.ts";

export type StreamPoller = {
  /**
   * Delivers until every consumer has seen everything, including what consumers write meanwhile;
   * resolves to how many records were delivered.
   */
  drain: () => Promise<number>;
  /** Delivers as records come, until the signal is given; a failing engine is reported and asked again. */
  run: (signal: AbortSignal) => Promise<void>;
};

export type StreamPollerOptions = {
  client: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  tableName: string;
  /** Each has a position of its own, and one that waits does not hold up another. */
  consumers: readonly StreamConsumer[];
  state: StreamState;
  sleep?: (milliseconds: number) => Promise<unknown>;
  onError?: (error: unknown) => void;
};

const IDLE_MILLISECONDS = 100;
const LONG_IDLE_MILLISECONDS = 1000;
const AFTER_ERROR_MILLISECONDS = 1000;
const LONGEST_AFTER_ERROR_MILLISECONDS = 60_000;

type Stop = { signal: AbortSignal; pause: (milliseconds: number) => Promise<unknown> };

type Step = (stop?: Stop) => Promise<number>;

/** One step reads and delivers a page of every open shard. Steps of one consumer never overlap. */
function consumerSteps(
  consumer: StreamConsumer,
  streamArn: string,
  { streams, state, sleep = wait, onError }: StreamPollerOptions,
  readerOf: (shardId: string) => ShardReader,
  delivered: (count: number) => void,
): Step {
  let shards: Shard[] | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const placeOf = (shardId: string) => ({ consumer: consumer.name, streamArn, shardId });
  const isFinished = (shardId: string) => state.position(placeOf(shardId)) === "finished";

  const readShard = async (shardId: string, stop: Stop | undefined) => {
    const place = placeOf(shardId);
    const position = state.position(place);
    if (position === "finished") return 0;
    const { records, changes, isEnd } = await readerOf(shardId)(position);
    const { accepts = () => true } = consumer;
    const wanted = changes.filter(accepts);
    await deliver(wanted, {
      consumer,
      place,
      state,
      sleep: stop?.pause ?? sleep,
      signal: stop?.signal,
      onError,
    });
    delivered(wanted.length);
    if (stop?.signal.aborted) return records.length;
    const lastRecord = records.at(-1);
    if (lastRecord && lastRecord !== wanted.at(-1)) {
      state.advance(place, { sequenceNumber: lastRecord.dynamodb.SequenceNumber });
    }
    if (isEnd) {
      state.advance(place, "finished");
      // A closed shard is followed by children that the list does not hold yet.
      shards = undefined;
      return records.length + 1;
    }
    return records.length;
  };

  const step = async (stop?: Stop) => {
    shards ??= await listShards(streams, streamArn);
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    let count = 0;
    for (const { ShardId, ParentShardId } of shards) {
      const waitsForParent =
        ParentShardId !== undefined && known.has(ParentShardId) && !isFinished(ParentShardId);
      if (ShardId && !waitsForParent) count += await readShard(ShardId, stop);
    }
    return count;
  };
  return (stop) => {
    const turn = last.then(() => step(stop));
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * Reads the stream of a table for several consumers, as Lambda's event sources do. Delivery is at least once.
 *
 * @throws when the table has no stream.
 */
export async function createStreamPoller(options: StreamPollerOptions): Promise<StreamPoller> {
  const { client, tableName, consumers, state, sleep = wait, onError } = options;
  const streamArn = await streamOf(client, tableName);
  state.register(
    streamArn,
    consumers.map(({ name }) => name),
  );
  const readers = new Map<string, ShardReader>();
  const readerOf = (shardId: string) => {
    const reader = readers.get(shardId) ?? shardReader(options.streams, streamArn, shardId);
    readers.set(shardId, reader);
    return reader;
  };
  let delivered = 0;
  const steps = consumers.map((consumer) =>
    consumerSteps(consumer, streamArn, options, readerOf, (count) => {
      delivered += count;
    }),
  );

  const drain = async () => {
    const before = delivered;
    for (let count = -1; count !== 0; ) {
      const counts = await Promise.all(steps.map((step) => step()));
      count = counts.reduce((sum, value) => sum + value, 0);
    }
    return delivered - before;
  };

  /** Asks less often while nothing comes, and while the engine fails. */
  const loop = async (step: Step, stop: Stop) => {
    let idle = IDLE_MILLISECONDS;
    let afterError = AFTER_ERROR_MILLISECONDS;
    while (!stop.signal.aborted) {
      try {
        const count = await step(stop);
        afterError = AFTER_ERROR_MILLISECONDS;
        if (count > 0) idle = IDLE_MILLISECONDS;
        else {
          await stop.pause(idle);
          idle = Math.min(idle * 2, LONG_IDLE_MILLISECONDS);
        }
      } catch (error) {
        onError?.(error);
        await stop.pause(afterError);
        afterError = Math.min(afterError * 2, LONGEST_AFTER_ERROR_MILLISECONDS);
      }
    }
  };
  const run = async (signal: AbortSignal) => {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve(), { once: true });
    const pause = (milliseconds: number) => Promise.race([sleep(milliseconds), aborted]);
    await Promise.all(steps.map((step) => loop(step, { signal, pause })));
  };
  return { drain, run };
}
