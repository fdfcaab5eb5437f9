import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { clientSettings, lean } from "../engine/index.ts";
import { changesNothing, type StreamRecord, toStreamRecord } from "./stream-record.ts";
import type { Position } from "./stream-state.ts";

/** For the streams of the engine behind the endpoint; the service has an endpoint of its own for them. */
export function connectStreams(endpoint: string): DynamoDBStreamsClient {
  const settings = clientSettings(endpoint);
  return lean(new DynamoDBStreamsClient("region" in settings ? settings : {}), endpoint);
}

/** @throws when the table has no stream. */
export async function streamOf(client: DynamoDBClient, tableName: string): Promise<string> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  if (!Table?.LatestStreamArn) throw new Error(`the table ${tableName} has no stream`);
  return Table.LatestStreamArn;
}

/** All shards that are still there, parents before their children. */
export async function listShards(
  streams: DynamoDBStreamsClient,
  streamArn: string,
): Promise<Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const { StreamDescription } = await streams.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: from }),
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    from = StreamDescription?.LastEvaluatedShardId;
  } while (from);
  return shards;
}

export type Page = {
  records: readonly StreamRecord[];
  /** Without those that changed nothing. */
  changes: readonly StreamRecord[];
  /** Whether the shard is closed and this is the end of it. */
  isEnd: boolean;
};

/** Reads the records after a sequence number, or from the oldest. */
export type ShardReader = (position: Exclude<Position, "finished"> | undefined) => Promise<Page>;

/** Pages kept for those consumers that are a little behind. */
const KEPT_PAGES = 4;

/**
 * Reads a shard for all its consumers: a page that one of them was given serves the others that come
 * to the same position, since what follows a position never changes.
 */
export function shardReader(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
): ShardReader {
  const shard = { StreamArn: streamArn, ShardId: shardId };
  const pages = new Map<string, Promise<Page>>();
  /** Where the last page ended, and the iterator that goes on from there. */
  let end: { key: string; iterator: string } | undefined;

  const iteratorAt = async (position: Parameters<ShardReader>[0]) => {
    const oldest = { ...shard, ShardIteratorType: "TRIM_HORIZON" as const };
    const wanted = position
      ? {
          ...shard,
          ShardIteratorType: "AFTER_SEQUENCE_NUMBER" as const,
          SequenceNumber: position.sequenceNumber,
        }
      : oldest;
    try {
      return (await streams.send(new GetShardIteratorCommand(wanted))).ShardIterator;
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      return (await streams.send(new GetShardIteratorCommand(oldest))).ShardIterator;
    }
  };

  const fetchAt = async (key: string, position: Parameters<ShardReader>[0]): Promise<Page> => {
    const known = end?.key === key ? end.iterator : undefined;
    end = undefined;
    try {
      const iterator = known ?? (await iteratorAt(position));
      const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
      const records = (page.Records ?? []).map((record) => toStreamRecord(record, streamArn));
      const last = records.at(-1)?.dynamodb.SequenceNumber ?? key;
      if (page.NextShardIterator) end = { key: last, iterator: page.NextShardIterator };
      const changes = records.filter((record) => !changesNothing(record));
      return { records, changes, isEnd: page.NextShardIterator === undefined };
    } catch (error) {
      if (known && error instanceof ExpiredIteratorException) return fetchAt(key, position);
      throw error;
    }
  };

  return async (position) => {
    const key = position?.sequenceNumber ?? "";
    const kept = pages.get(key);
    if (kept !== undefined) return kept;
    const fetched = fetchAt(key, position);
    pages.set(key, fetched);
    try {
      const page = await fetched;
      // More records may follow an empty page at any time.
      if (page.records.length === 0) pages.delete(key);
      const [oldest] = pages.keys();
      if (oldest !== undefined && pages.size > KEPT_PAGES) pages.delete(oldest);
      return page;
    } catch (error) {
      pages.delete(key);
      throw error;
    }
  };
}
