import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How long the engine or this process waits for the other's short write. */
const BUSY_MILLISECONDS = 5000;

/** The one file of a dynoxide database inside the engine's folder. */
export const databaseFile = (folder: string): string => join(folder, "table.sqlite");

function withDatabase<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/**
 * dynoxide finds the next sequence number of every write by reading the table's whole stream history; this index on
 * the same expression makes that one step. May run beside the engine: it reads its schema anew by itself.
 */
export function indexStreamHistory(file: string): void {
  withDatabase(file, (database) =>
    database.exec(
      "CREATE INDEX IF NOT EXISTS concord_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
    ),
  );
}

/** The shard's records before this sequence number have been consumed by everybody. */
export type Consumed = { streamArn: string; shardId: string; sequenceNumber: string };

/**
 * Deletes consumed stream records; only with the engine stopped. A shard's newest record always stays, because the
 * engine counts on from it.
 *
 * @returns the number of records deleted.
 */
export function trimStreamHistory(file: string, consumed: readonly Consumed[]): number {
  return withDatabase(file, (database) => {
    const remove = database.prepare(
      `DELETE FROM _stream_records WHERE shard_id = :shardId
         AND CAST(sequence_number AS INTEGER) < CAST(:sequenceNumber AS INTEGER)
         AND id < (SELECT MAX(id) FROM _stream_records WHERE shard_id = :shardId)
         AND :label = (SELECT stream_label FROM _tables WHERE _tables.table_name = _stream_records.table_name)`,
    );
    return consumed.reduce((sum, { streamArn, shardId, sequenceNumber }) => {
      const label = streamArn.split("/stream/")[1] ?? "";
      return sum + Number(remove.run({ shardId, sequenceNumber, label }).changes);
    }, 0);
  });
}

/**
 * @throws when the file is no sound database.
 */
export function checkDatabase(file: string): void {
  const verdict = withDatabase(file, (database) => database.prepare("PRAGMA quick_check(1)").get());
  if (verdict?.["quick_check"] !== "ok") throw new Error(`${verdict?.["quick_check"]}`);
}
