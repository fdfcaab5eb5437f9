import { type ActorWith, requirePermission } from "../actor/index.ts";
import type { CadenceStore } from "../cadence/index.ts";
import {
  Cadence,
  type Calendar,
  cadenceOf,
  type Period,
  periodSpan,
  periodStarting,
} from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { cycleIdOf } from "../id/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { currentLinks, type PlaybookStore } from "../playbook/index.ts";
import {
  cadencesFrom,
  isByQuarters,
  type OpeningRules,
  type ProgramStore,
  type PublishedProgram,
  programFor,
} from "../program/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import {
  cycleOpenTimer,
  dayAfter,
  type NextOpening,
  openingAt,
  periodFrom,
  type Timer,
} from "../timer/index.ts";
import { open } from "./cycle.ts";
import { fixPartnerList } from "./fix-partner-list.ts";
import { standingLists, turnsOf } from "./partners-due.ts";
import type { CycleStore } from "./repository.ts";
import { type Cycle, PARTNERS_PER_CHUNK } from "./schema.ts";

export type OpeningOutcome =
  | { readonly outcome: "open"; readonly cycle: Cycle }
  /** Zone, calendar or program have changed since the timer was set: this one is right. */
  | { readonly outcome: "too-early"; readonly timer: Timer }
  /** No version of the program is in effect for the period, so nothing is to be opened. */
  | { readonly outcome: "not-in-effect" }
  /** Nobody is scored by such periods; the timer looks again, where the program says that somebody might be. */
  | { readonly outcome: "nobody"; readonly timer: Timer | undefined };

type Context = RequestContext<
  CadenceStore & CycleStore & PartnerStore & PlaybookStore & ProgramStore & TenantProfileStore
>;

/** Where some cycles of a program begin. */
interface Boundary {
  /** The one that the timer is about. */
  readonly period: Period;
  readonly version: PublishedProgram;
  readonly rules: OpeningRules;
  readonly calendar: Calendar;
}

/**
 * Opens the cycle of the first period of a kind that starts on `notBefore` or later, with the program version in
 * effect for it. Safe to repeat and to be late: the period follows from the date, not from the clock.
 *
 * Where partners have several cadences, all cycles that begin at the boundary open in one transaction: which of
 * them there are is decided once, whichever timer comes first.
 * @throws DomainError permission-denied | tenant-not-found
 */
export async function openCycle(ctx: Context, input: NextOpening): Promise<OpeningOutcome> {
  const by = requirePermission(ctx.actor, "cycle:run");
  const { cycles, programs, tenant } = ctx.store;
  const calendar = (await tenant.get()) ?? raise("tenant-not-found");
  const { programId, notBefore, cadence } = input;
  const period = periodFrom(notBefore, cadence, calendar);
  const rules = await programs.openingRules(programId);
  const version = programFor({ calendar, versions: rules.versions }, { period, programId });
  if (!version) return { outcome: "not-in-effect" };

  const { openAtLocalTime } = version.definition.windows;
  if (ctx.now < openingAt(period, openAtLocalTime, calendar)) {
    return { outcome: "too-early", timer: cycleOpenTimer(input, openAtLocalTime, calendar) };
  }
  const overridden = new Map([[programId, rules.overridden]]);
  if (!isByQuarters({ versions: rules.versions, overridden }, programId)) {
    return openByCadence(ctx, { period, version, rules, calendar }, by);
  }
  const playbook = await currentLinks(ctx);
  const { next: opened, event, timers } = open(version, period, calendar, by, ctx.now);
  const next: Cycle = playbook ? { ...opened, playbook } : opened;
  try {
    await cycles.save(next, event, timers);
    return { outcome: "open", cycle: next };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "cycle-exists") throw error;
    const cycle = (await cycles.get(cycleIdOf(programId, period))) ?? raise("cycle-not-found");
    return { outcome: "open", cycle };
  }
}

async function openByCadence(
  ctx: Context,
  boundary: Boundary,
  by: ActorWith<"cycle:run">,
): Promise<OpeningOutcome> {
  const { period, version, rules, calendar } = boundary;
  const { programId, definition } = version;
  const { cycles } = ctx.store;
  const idOf = (of: Period) => cycleIdOf(programId, of);
  const there = await cycles.get(idOf(period));
  if (there) return { outcome: "open", cycle: there };

  const begun = await periodsBegun(ctx, boundary);
  const beginning = Cadence.options.flatMap((cadence) => periodStarting(period, cadence) ?? []);
  const ahead = cadencesFrom({ calendar, versions: rules.versions }, programId, period);
  const lookAgain = (of: Period): Timer[] =>
    ahead.has(cadenceOf(of)) ? [nextTimer(boundary, of, definition.windows.openAtLocalTime)] : [];
  const playbook = begun.size === 0 ? undefined : await currentLinks(ctx);
  const openings = [...begun].map((of) => {
    const { next, ...opening } = open(version, of, calendar, by, ctx.now);
    const links = playbook ? { playbook } : {};
    return { ...opening, next: { ...next, ...links, isByCadence: true as const } };
  });
  const left = beginning.filter((of) => !begun.has(of));
  const isOpen =
    openings.length > 0 &&
    (await cycles.openTogether(openings, {
      absent: left.map(idOf),
      timers: left.flatMap(lookAgain),
    }));
  const own = isOpen ? openings.find(({ next }) => next.period === period)?.next : undefined;
  const cycle = own ?? (isOpen ? undefined : await cycles.get(idOf(period)));
  return cycle ? { outcome: "open", cycle } : { outcome: "nobody", timer: lookAgain(period)[0] };
}

const nextTimer = (
  { version, calendar }: Boundary,
  period: Period,
  openAtLocalTime: string,
): Timer =>
  cycleOpenTimer(
    {
      programId: version.programId,
      notBefore: dayAfter(periodSpan(period, calendar).to),
      cadence: cadenceOf(period),
    },
    openAtLocalTime,
    calendar,
  );

/** The periods that somebody of the program begins at a boundary. */
async function periodsBegun(
  ctx: Context,
  { period, version, rules, calendar }: Boundary,
): Promise<ReadonlySet<Period>> {
  const { programId, definition } = version;
  const { overridden } = rules;
  const on = periodSpan(period, calendar).from;
  const at = { programId, definition, overridden, period, on };
  const lists = await standingLists(ctx, programId, period, (one) => fixPartnerList(ctx, one));
  const begun = new Set<Period>();
  let position: string | undefined;
  do {
    const page = await ctx.store.partners.list({ limit: PARTNERS_PER_CHUNK, position });
    const turns = await turnsOf(ctx, page.items, at, lists);
    for (const turn of turns.values()) begun.add(turn);
    position = page.position;
  } while (position !== undefined);
  return begun;
}
