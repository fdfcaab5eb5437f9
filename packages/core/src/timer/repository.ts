import type { SetTimer, TickReport } from "./schema.ts";

/** All timers of a tenant lie in one of so many partitions. */
export const TIMER_SHARDS = 16;

/** The timers of all tenants; for system actors alone. A tenant sets its own with the state that wants them. */
export interface TimerRepository {
  /** The timers of a shard due at `now` or before, the longest due first; read consistently. */
  due(shard: number, now: Date): AsyncIterable<SetTimer>;
  /** The timer of a shard that is due first, whether or not its time has come. */
  first(shard: number): Promise<SetTimer | undefined>;
  /** Setting a timer that is set changes nothing. */
  set(timer: SetTimer): Promise<void>;
  /** Removing a timer that is gone changes nothing. */
  remove(timer: SetTimer): Promise<void>;
  lastTick(): Promise<TickReport | undefined>;
  /** Keeps the report of the latest instant. */
  saveTick(report: TickReport): Promise<void>;
}

export interface TimerStore {
  readonly timers: TimerRepository;
}
