import { DomainError } from "@concord/core/error";
import {
  type SetTimer,
  TIMER_SHARDS,
  type TickReport,
  type Timer,
  type TimerKind,
  type TimerRepository,
} from "@concord/core/timer";
import { inParallel } from "../in-parallel.ts";

/**
 * What a timer sets off; must be safe to repeat. `waiting` where it is not possible yet: it stays due.
 * With `again` another timer takes its place.
 */
export type TimerHandler = (
  timer: SetTimer,
  now: Date,
) => Promise<"done" | "waiting" | { readonly again: Timer }>;

export interface TickDependencies {
  readonly timers: TimerRepository;
  readonly handlers: Readonly<Record<TimerKind, TimerHandler>>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const TENANTS_AT_ONCE = 16;

const nameOf = ({ tenantId, kind, subject, dueAt }: SetTimer): string =>
  JSON.stringify([tenantId, kind, subject, dueAt]);

/**
 * Fires what is due at `now`, each tenant's timers by the instant they were due, until nothing new is.
 * Correct when it runs twice, at the same time as another, or late: a timer is removed only after its
 * effect, and the effect is safe to repeat. One that fails stays, and keeps nobody else waiting.
 */
export async function runTick(deps: TickDependencies, now: Date): Promise<TickReport> {
  const { timers, log } = deps;
  const seen = new Set<string>();
  const counts = { fired: 0, waiting: 0, failed: 0 };
  const left: DueTimer[] = [];

  for (let fired = -1; fired < counts.fired; ) {
    fired = counts.fired;
    const due = (await dueTimers(timers, now)).filter(({ timer }) => !seen.has(nameOf(timer)));
    const byTenant = Map.groupBy(due, ({ timer }) => timer.tenantId);
    await inParallel([...byTenant.values()], TENANTS_AT_ONCE, async (ofTenant) => {
      for (const one of ofTenant) {
        seen.add(nameOf(one.timer));
        const outcome = await fire(deps, one.timer, now);
        counts[outcome] += 1;
        if (outcome !== "fired") left.push(one);
      }
    });
  }
  const lags = Array.from({ length: TIMER_SHARDS }, (_, shard) =>
    Math.max(0, ...left.filter((one) => one.shard === shard).map((one) => secondsDue(one, now))),
  );
  const oldest = left.map(({ timer }) => timer.dueAt).sort()[0] ?? null;
  const report = {
    at: now.toISOString(),
    ...counts,
    oldestOverdueAt: oldest,
    lagSeconds: lags,
  };
  await timers.saveTick(report);
  log({ level: counts.failed > 0 ? "error" : "info", message: "tick", ...report });
  return report;
}

interface DueTimer {
  readonly timer: SetTimer;
  readonly shard: number;
}

const secondsDue = ({ timer }: DueTimer, now: Date): number =>
  Math.round((now.getTime() - Date.parse(timer.dueAt)) / 1000);

async function dueTimers(timers: TimerRepository, now: Date): Promise<DueTimer[]> {
  const ofShard = async (shard: number): Promise<DueTimer[]> => {
    const due: DueTimer[] = [];
    for await (const timer of timers.due(shard, now)) due.push({ timer, shard });
    return due;
  };
  const shards = await Promise.all(Array.from({ length: TIMER_SHARDS }, (_, n) => ofShard(n)));
  return shards.flat();
}

async function fire(
  { timers, handlers, log }: TickDependencies,
  timer: SetTimer,
  now: Date,
): Promise<"fired" | "waiting" | "failed"> {
  try {
    const outcome = await handlers[timer.kind](timer, now);
    if (outcome === "waiting") return "waiting";
    if (outcome !== "done") {
      const again = { ...outcome.again, tenantId: timer.tenantId };
      if (nameOf(again) === nameOf(timer)) return "waiting";
      await timers.set(again);
    }
    await timers.remove(timer);
    return "fired";
  } catch (error) {
    const { tenantId, kind, subject, dueAt } = timer;
    log({
      level: "error",
      message: "timer failed",
      ...{ tenantId, kind, subject, dueAt, error: String(error) },
    });
    // What is gone will not come back: trying again would never end.
    if (error instanceof DomainError && error.kind === "not-found") await timers.remove(timer);
    return "failed";
  }
}
