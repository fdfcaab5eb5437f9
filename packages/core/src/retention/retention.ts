import type { Actor, ActorWith } from "../actor/index.ts";
import { addDays, type Calendar, type CalendarDate, dateAt, instantAt } from "../calendar/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import {
  type RemovedObject,
  type RetentionDays,
  RetentionKind,
  type RetentionOutcome,
  type RetentionRules,
  type RetentionRun,
} from "./schema.ts";

export type RetentionRulesEvent = DomainEvent<
  "retention.rules-set",
  { readonly days: RetentionDays; readonly before: RetentionDays }
>;
export type RetentionRunEvent =
  | DomainEvent<
      "retention.removed",
      {
        readonly kind: RetentionKind;
        readonly days: number;
        readonly rulesVersion: number;
        readonly upTo: CalendarDate;
        /** They and their events are gone with this event. */
        readonly objects: readonly (RemovedObject & { readonly partnerId: PartnerId | null })[];
      }
    >
  | DomainEvent<"retention.run-finished", { readonly outcomes: readonly RetentionOutcome[] }>;

export const usualRules: RetentionRules = { days: {}, version: 0, updatedAt: null };

const inOrder = (days: RetentionDays): RetentionDays =>
  Object.fromEntries(
    RetentionKind.options.flatMap((kind) => (days[kind] ? [[kind, days[kind]]] : [])),
  );

export function setRules(
  current: RetentionRules,
  days: RetentionDays,
  by: ActorWith<"retention:manage">,
  now: Date,
): { readonly next: RetentionRules; readonly event: RetentionRulesEvent } {
  const next = {
    days: inOrder(days),
    version: current.version + 1,
    updatedAt: now.toISOString(),
  };
  const data = { days: next.days, before: current.days };
  return { next, event: eventOf("retention.rules-set", by, now, data) };
}

/** Wall time of the tenant at which a day's run begins. */
const RUNS_AT = "05:00";

/** When the run of a day begins. */
export const runsAt = (day: CalendarDate, calendar: Calendar): Date =>
  instantAt(day, RUNS_AT, calendar);

/** The next run; the same for everybody who asks within a day. */
export function runTimer(calendar: Calendar, now: Date): Timer {
  const today = dateAt(now, calendar);
  const at = runsAt(today, calendar);
  const due = at > now ? at : runsAt(addDays(today, 1), calendar);
  return { kind: "retention", subject: "daily", dueAt: due.toISOString() };
}

export type UpTo = Partial<Record<RetentionKind, CalendarDate>>;

/** Until which day something has to have been over to be past its time on `day`. */
export const upToOf = (days: RetentionDays, day: CalendarDate): UpTo =>
  Object.fromEntries(
    RetentionKind.options.flatMap((kind) => {
      const kept = days[kind];
      return kept === undefined ? [] : [[kind, addDays(day, -kept)]];
    }),
  );

const outcomesOf = (days: RetentionDays, upTo: UpTo): RetentionOutcome[] =>
  RetentionKind.options.flatMap((kind) => {
    const [kept, until] = [days[kind], upTo[kind]];
    if (kept === undefined || until === undefined) return [];
    return [{ kind, days: kept, upTo: until, removed: 0, held: 0 }];
  });

/** @param before the run of an earlier day, which is finished */
export function beginRun(
  { days, version: rulesVersion }: RetentionRules,
  day: CalendarDate,
  before: RetentionRun | undefined,
  now: Date,
): RetentionRun {
  return {
    ...{ day, rulesVersion, startedAt: now.toISOString(), finishedAt: null },
    outcomes: outcomesOf(days, upToOf(days, day)),
    expiredRows: 0,
    position: null,
    clearedUpTo: before?.clearedUpTo ?? {},
    version: 1,
  };
}

/** Rules that were changed while a run is under way count from then on, and for all of it. */
export function followRules(run: RetentionRun, rules: RetentionRules): RetentionRun {
  if (run.rulesVersion === rules.version) return run;
  const outcomes = outcomesOf(rules.days, upToOf(rules.days, run.day)).map((fresh) => {
    const known = run.outcomes.find(({ kind }) => kind === fresh.kind);
    return known ? { ...fresh, removed: known.removed, held: known.held } : fresh;
  });
  const kept = run.outcomes.filter(
    (one) => one.removed > 0 && !outcomes.some(({ kind }) => kind === one.kind),
  );
  const rulesVersion = rules.version;
  return { ...run, rulesVersion, outcomes: [...outcomes, ...kept], position: null };
}

export const counted = (
  run: RetentionRun,
  kind: RetentionKind,
  change: Partial<Pick<RetentionOutcome, "removed" | "held">>,
): RetentionRun => ({
  ...run,
  outcomes: run.outcomes.map((one) =>
    one.kind === kind
      ? {
          ...one,
          removed: one.removed + (change.removed ?? 0),
          held: one.held + (change.held ?? 0),
        }
      : one,
  ),
});

/** Some objects of one kind go. */
export function remove(
  run: RetentionRun,
  kind: RetentionKind,
  objects: readonly (RemovedObject & { readonly partnerId: PartnerId | null })[],
  by: Actor,
  now: Date,
): { readonly next: RetentionRun; readonly event: RetentionRunEvent } {
  const outcome = run.outcomes.find((one) => one.kind === kind);
  if (!outcome) throw new Error(`the run removes nothing of ${kind}`);
  const { days, upTo } = outcome;
  const { rulesVersion } = run;
  const data = { kind, days, rulesVersion, upTo, objects };
  return {
    next: { ...counted(run, kind, { removed: objects.length }), version: run.version + 1 },
    event: eventOf("retention.removed", by, now, data),
  };
}

export function finishRun(
  run: RetentionRun,
  by: Actor,
  now: Date,
): { readonly next: RetentionRun; readonly event: RetentionRunEvent } {
  const cleared = run.outcomes.flatMap(({ kind, upTo, held }) =>
    held === 0 ? [[kind, upTo] as const] : [],
  );
  return {
    next: {
      ...run,
      finishedAt: now.toISOString(),
      position: null,
      clearedUpTo: { ...run.clearedUpTo, ...Object.fromEntries(cleared) },
      version: run.version + 1,
    },
    event: eventOf("retention.run-finished", by, now, { outcomes: run.outcomes }),
  };
}
