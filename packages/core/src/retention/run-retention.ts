import { requirePermission } from "../actor/index.ts";
import { type Calendar, dateAt } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { DomainError } from "../error/index.ts";
import { isHeld } from "../legal-hold/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import type { Timer } from "../timer/index.ts";
import { dueRecords, type Found, type RecordStore } from "./due-records.ts";
import {
  type DueRecord,
  MOST_ROWS,
  type Removable,
  type RetentionBasis,
  type RetentionStore,
} from "./repository.ts";
import {
  beginRun,
  counted,
  finishRun,
  followRules,
  remove,
  runsAt,
  runTimer,
  type UpTo,
} from "./retention.ts";
import { RetentionKind, type RetentionRun } from "./schema.ts";

type Context = RequestContext<RetentionStore & RecordStore & TenantProfileStore>;

export interface RetentionPorts {
  /** Whether to stop for now; what is left is gone on with at the next call. */
  readonly shouldPause: () => boolean;
  /** Milliseconds of the wall clock, by which rows expire. */
  readonly wallNow: () => number;
}

export type RetentionProgress =
  /** There is nothing to remove by any rule. */
  | { readonly outcome: "off" }
  | { readonly outcome: "paused"; readonly run: RetentionRun }
  /** Of this day; the timer is of the next. */
  | { readonly outcome: "finished"; readonly run: RetentionRun; readonly timer: Timer };

/**
 * Removes what is past its time, as far as it comes. Safe to repeat, to break off anywhere and to run
 * beside another: each removal is one transaction with the run that it is counted in, and none happens
 * where rules or holds have changed since they were read.
 * @throws DomainError permission-denied
 */
export async function runRetention(
  ctx: Context,
  ports: RetentionPorts,
): Promise<RetentionProgress> {
  requirePermission(ctx.actor, "retention:run");
  const { retention, tenant } = ctx.store;
  const calendar = await tenant.get();
  const { rules } = await retention.basis();
  if (!calendar || !rules || Object.keys(rules.days).length === 0) return { outcome: "off" };
  const day = dateAt(ctx.now, calendar);
  const latest = await retention.latestRun();
  const timer = runTimer(calendar, ctx.now);
  // A timer that is fired again, or late, after midnight is not yet that of the new day.
  const isDone = latest !== undefined && latest.finishedAt !== null;
  if (isDone && (latest.day >= day || ctx.now < runsAt(day, calendar))) {
    return { outcome: "finished", run: latest, timer };
  }
  const isUnderWay = latest !== undefined && latest.finishedAt === null;
  let run = isUnderWay ? latest : beginRun(rules, day, latest, ctx.now);
  if (!isUnderWay && !(await retention.saveProgress(run))) return { outcome: "paused", run };
  run = followRules(run, rules);
  const search = { store: ctx.store, calendar, now: ctx.now, upTo: upToIn(run) };
  for await (const found of dueRecords({ ...search, clearedUpTo: run.clearedUpTo }, run.position)) {
    const after = await removeFound(ctx, run, found);
    if (!after) return { outcome: "paused", run };
    run = after;
    if (ports.shouldPause() && found.position !== undefined) return { outcome: "paused", run };
  }
  const progress = await finished(ctx, run, calendar, ports);
  const isFollowed = run.day < day && ctx.now >= runsAt(day, calendar);
  if (progress.outcome !== "finished" || !isFollowed) return progress;
  // It took until the next one was due, which would be left out otherwise.
  return ports.shouldPause() ? { ...progress, outcome: "paused" } : runRetention(ctx, ports);
}

const upToIn = ({ outcomes }: RetentionRun): UpTo =>
  Object.fromEntries(outcomes.map(({ kind, upTo }) => [kind, upTo]));

/** @returns undefined where something was overtaken: it is looked at again with the next call */
async function removeFound(
  ctx: Context,
  before: RetentionRun,
  { records, position }: Found,
): Promise<RetentionRun | undefined> {
  const { retention } = ctx.store;
  let run = before;
  const basis = await retention.basis();
  if (basis.rules?.version !== run.rulesVersion) return undefined;
  const held = records.filter(({ partnerId }) => isHeld(basis.holds, partnerId));
  const due = records.filter((record) => !held.includes(record));
  for (const kind of RetentionKind.options) {
    const removables = await retention.removables(due.filter((record) => record.kind === kind));
    for (const some of packed(removables)) {
      const next = await removeSome(ctx, run, kind, some, basis);
      if (!next) return undefined;
      run = next;
    }
    run = counted(run, kind, { held: held.filter((record) => record.kind === kind).length });
  }
  const isSame = records.length === 0 && position !== undefined;
  // What found nothing is looked through again where it is broken off, and costs no write.
  if (isSame) return { ...run, position: position ?? null };
  const next = { ...run, position: position ?? null, version: run.version + 1 };
  return (await retention.saveProgress(next)) ? next : undefined;
}

async function removeSome(
  { store, actor, now }: Context,
  run: RetentionRun,
  kind: DueRecord["kind"],
  some: readonly Removable[],
  basis: RetentionBasis,
): Promise<RetentionRun | undefined> {
  const objects = some.map(({ object, record }) => ({ ...object, partnerId: record.partnerId }));
  const { next, event } = remove(run, kind, objects, actor, now);
  return (await store.retention.remove(next, event, some, basis)) ? next : undefined;
}

/** As many as fit a transaction; one with more rows than that alone. */
function packed(removables: readonly Removable[]): Removable[][] {
  const packs: Removable[][] = [];
  let rows = MOST_ROWS;
  for (const one of removables) {
    if (rows + one.rows.length > MOST_ROWS) {
      packs.push([]);
      rows = 0;
    }
    packs.at(-1)?.push(one);
    rows += one.rows.length;
  }
  return packs;
}

async function finished(
  { store: { retention }, actor, now }: Context,
  run: RetentionRun,
  calendar: Calendar,
  { wallNow }: RetentionPorts,
): Promise<RetentionProgress> {
  const expiredRows = await retention.removeExpired(Math.floor(wallNow() / 1000));
  const { next, event } = finishRun({ ...run, expiredRows }, actor, now);
  try {
    await retention.saveRun(next, event);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "version-stale") throw error;
    return { outcome: "paused", run };
  }
  return { outcome: "finished", run: next, timer: runTimer(calendar, now) };
}
