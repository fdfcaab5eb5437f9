import { DatabaseSync } from "node:sqlite";
import type { Consumed } from "../engine/index.ts";
import type { StreamRecord } from "./stream-record.ts";

/** Where one consumer stands in one shard of one stream. */
export type Place = { consumer: string; streamArn: string; shardId: string };

/** Everything up to a sequence number is done, or the shard is closed and all of it is. */
export type Position = { sequenceNumber: string } | "finished";

/** A record that a consumer could not process, with the reason of its last attempt. */
export type DeadLetter = {
  consumer: string;
  attempts: number;
  reason: string;
  record: StreamRecord;
};

/** What the poller must remember over a restart. Every method has taken effect durably when it returns. */
export type StreamState = {
  /** Says who reads this stream from now on; positions of others are forgotten. */
  register: (streamArn: string, consumers: readonly string[]) => void;
  position: (place: Place) => Position | undefined;
  advance: (place: Place, to: Position) => void;
  /** Keeps the letter and advances past its record, both or neither. */
  bury: (place: Place, letter: Omit<DeadLetter, "consumer">) => void;
  /** Oldest first. */
  deadLetters: () => DeadLetter[];
  /** What every registered consumer has behind it. */
  consumed: () => Consumed[];
};

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream_consumer (name TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS stream_position (
    consumer TEXT NOT NULL, stream_arn TEXT NOT NULL, shard_id TEXT NOT NULL, sequence_number TEXT,
    PRIMARY KEY (consumer, stream_arn, shard_id)
  );
  CREATE TABLE IF NOT EXISTS stream_dead_letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT, consumer TEXT NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
    record TEXT NOT NULL
  );
`;

/** Keeps the state in the database of the data folder; without one, in memory. */
export function sqliteStreamState(database = new DatabaseSync(":memory:")): StreamState {
  database.exec(SCHEMA);

  const atomically = (work: () => void) => {
    database.exec("BEGIN IMMEDIATE");
    try {
      work();
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  const find = database.prepare(
    "SELECT sequence_number FROM stream_position WHERE consumer = :consumer AND stream_arn = :streamArn AND shard_id = :shardId",
  );
  const store = database.prepare(
    "INSERT OR REPLACE INTO stream_position VALUES (:consumer, :streamArn, :shardId, :sequenceNumber)",
  );
  const advance = (place: Place, to: Position) => {
    store.run({ ...place, sequenceNumber: to === "finished" ? null : to.sequenceNumber });
  };

  return {
    register: (streamArn, consumers) =>
      atomically(() => {
        database.exec("DELETE FROM stream_consumer");
        const add = database.prepare("INSERT INTO stream_consumer VALUES (?)");
        for (const consumer of consumers) add.run(consumer);
        database
          .prepare(
            "DELETE FROM stream_position WHERE stream_arn <> ? OR consumer NOT IN (SELECT name FROM stream_consumer)",
          )
          .run(streamArn);
      }),
    position: (place) => {
      const row = find.get(place);
      if (!row) return undefined;
      const sequenceNumber = row["sequence_number"];
      return sequenceNumber === null ? "finished" : { sequenceNumber: String(sequenceNumber) };
    },
    advance,
    bury: (place, { attempts, reason, record }) =>
      atomically(() => {
        database
          .prepare(
            "INSERT INTO stream_dead_letter (consumer, attempts, reason, record) VALUES (?, ?, ?, ?)",
          )
          .run(place.consumer, attempts, reason, JSON.stringify(record));
        advance(place, { sequenceNumber: record.dynamodb.SequenceNumber });
      }),
    deadLetters: () =>
      database
        .prepare("SELECT consumer, attempts, reason, record FROM stream_dead_letter ORDER BY id")
        .all()
        .map(({ consumer, attempts, reason, record }) => ({
          consumer: String(consumer),
          attempts: Number(attempts),
          reason: String(reason),
          record: JSON.parse(String(record)),
        })),
    consumed: () =>
      database
        .prepare(
          `SELECT stream_arn, shard_id, MIN(CAST(sequence_number AS INTEGER)) AS sequence_number
             FROM stream_position WHERE sequence_number IS NOT NULL GROUP BY stream_arn, shard_id
             HAVING COUNT(*) = (SELECT COUNT(*) FROM stream_consumer)`,
        )
        .all()
        .map((row) => ({
          streamArn: String(row["stream_arn"]),
          shardId: String(row["shard_id"]),
          sequenceNumber: String(row["sequence_number"]),
        })),
  };
}
