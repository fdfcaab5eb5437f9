import { type Actor, requirePermission } from "../actor/index.ts";
import { TIMER_SHARDS, type TimerStore } from "./repository.ts";
import type { TickReport } from "./schema.ts";

/** Whether what is due happens: when the tick ran last, and what has been due for how long. */
export interface TickHealth {
  readonly lastTick: TickReport | null;
  /** The instant since which the longest overdue timer has been due. */
  readonly oldestOverdueAt: string | null;
  /** Per shard, how long its first timer has been due; 0 where nothing is. */
  readonly lagSeconds: readonly number[];
}

/** @throws DomainError permission-denied */
export async function tickHealth(ctx: {
  readonly actor: Actor;
  readonly store: TimerStore;
  readonly now: Date;
}): Promise<TickHealth> {
  requirePermission(ctx.actor, "timer:run");
  const { timers } = ctx.store;
  const firsts = await Promise.all(
    Array.from({ length: TIMER_SHARDS }, (_, shard) => timers.first(shard)),
  );
  const overdue = firsts.map((timer) =>
    timer !== undefined && Date.parse(timer.dueAt) <= ctx.now.getTime() ? timer.dueAt : undefined,
  );
  return {
    lastTick: (await timers.lastTick()) ?? null,
    oldestOverdueAt: overdue.filter((at) => at !== undefined).sort()[0] ?? null,
    lagSeconds: overdue.map((at) =>
      at === undefined ? 0 : Math.round((ctx.now.getTime() - Date.parse(at)) / 1000),
    ),
  };
}
