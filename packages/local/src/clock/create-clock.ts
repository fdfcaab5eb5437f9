import type { DatabaseSync } from "node:sqlite";

export type BusinessClock = {
  /** Never earlier than an instant it has returned before. */
  now: () => Date;
  /**
   * Moves the clock on; from there it goes on with the time of day.
   *
   * @throws RangeError when the instant lies before now.
   */
  set: (to: Date) => void;
};

/**
 * The clock of the business rules: the wall clock, moved by an offset that a restart keeps. `startAt` is where it is
 * put at the start.
 *
 * @throws RangeError when `startAt` lies before the instant the clock of this data folder has reached.
 */
export function createClock({
  startAt,
  database,
  wallClock = () => new Date(),
}: {
  startAt?: Date | undefined;
  /** Of the data folder; without one the offset ends with the process. */
  database?: DatabaseSync | undefined;
  wallClock?: () => Date;
} = {}): BusinessClock {
  database?.exec(
    "CREATE TABLE IF NOT EXISTS business_clock (id INTEGER PRIMARY KEY CHECK (id = 1), offset_ms INTEGER NOT NULL, reached_ms INTEGER NOT NULL)",
  );
  const stored = database?.prepare("SELECT offset_ms, reached_ms FROM business_clock").get();
  // Nothing in an untouched folder has a time yet, so its first clock may start in the past.
  let offset = stored
    ? Number(stored["offset_ms"])
    : (startAt ?? wallClock()).getTime() - wallClock().getTime();
  let reached = stored ? Number(stored["reached_ms"]) : wallClock().getTime() + offset;

  const keep = () =>
    database
      ?.prepare(
        "INSERT OR REPLACE INTO business_clock (id, offset_ms, reached_ms) VALUES (1, ?, ?)",
      )
      .run(offset, reached);
  const now = () => {
    reached = Math.max(reached, wallClock().getTime() + offset);
    return new Date(reached);
  };
  const set = (to: Date) => {
    if (Number.isNaN(to.getTime())) throw new RangeError("The business clock needs a date.");
    if (to < now()) {
      throw new RangeError(
        `The business clock stands at ${now().toISOString()} and cannot go back to ${to.toISOString()}.`,
      );
    }
    offset = to.getTime() - wallClock().getTime();
    reached = to.getTime();
    keep();
  };

  if (!stored) keep();
  else if (startAt) set(startAt);
  return { now, set };
}
