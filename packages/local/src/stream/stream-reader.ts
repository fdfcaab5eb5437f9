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
import { clientSettings } from "../engine/index.ts";
import { type StreamRecord, toStreamRecord } from "./stream-record.ts";
import type { Position } from "./stream-state.ts";

/** For the streams of the engine behind the endpoint; the service has an endpoint of its own for them. */
export function connectStreams(endpoint: string): DynamoDBStreamsClient {
  const settings = clientSettings(endpoint);
  return new DynamoDBStreamsClient("region" in settings ? settings : {});
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

export type Page = { records: StreamRecord[]; next: string | undefined };

export type ShardReader = {
  /** The records after the last page, or after `position` when there was none; undefined `next` is the end of it. */
  read: (position: { sequenceNumber: string } | undefined) => Promise<Page>;
  /** Forgets the last page, so that the next one follows the given position. */
  restart: () => void;
};

export function shardReader(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
): ShardReader {
  let iterator: string | undefined;

  const from = async (position: Exclude<Position, "finished"> | undefined) => {
    const shard = { StreamArn: streamArn, ShardId: shardId };
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

  const read: ShardReader["read"] = async (position) => {
    const isFresh = iterator === undefined;
    iterator ??= await from(position);
    try {
      const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
      iterator = page.NextShardIterator;
      const records = (page.Records ?? []).map((record) => toStreamRecord(record, streamArn));
      return { records, next: page.NextShardIterator };
    } catch (error) {
      iterator = undefined;
      if (!isFresh && error instanceof ExpiredIteratorException) return read(position);
      throw error;
    }
  };
  return {
    read,
    restart: () => {
      iterator = undefined;
    },
  };
}
