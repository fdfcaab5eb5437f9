import { requirePermission } from "../actor/index.ts";
import { type CadenceStore, wantedCadence } from "../cadence/index.ts";
import {
  dateAt,
  monthOf,
  type Period,
  periodOf,
  periodSpan,
  quarterOf,
} from "../calendar/index.ts";
import { type ContentionStore, type Turns, turns, untilFree } from "../contention/index.ts";
import type { RequestContext } from "../context/index.ts";
import { cycleIdOf } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import {
  cadencesEver,
  isByQuarters,
  type ProgramStore,
  programFor,
  type ScoringRules,
} from "../program/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import {
  groundsOfMonths,
  type LiveNumbers,
  type ScorecardStore,
  scoreCard,
  segmentOf,
  targetTerms,
} from "../scorecard/index.ts";
import { freezingAt } from "../timer/index.ts";
import { entryOf, recounted, replaced } from "./ranking.ts";
import type { RankingStore } from "./repository.ts";
import type { ProjectedEntry } from "./schema.ts";

export type ProjectionStore = CadenceStore &
  ContentionStore &
  PartnerStore &
  ProgramStore &
  RankingStore &
  RollupStore &
  ScorecardStore;
type Context = RequestContext<ProjectionStore>;

/**
 * Brings the entries of a partner for these periods up to what its rollups and frozen cards say now.
 * What set it off does not matter, nor how often or in which order: everything is read anew, and only
 * what was read later replaces an entry.
 * @returns how many entries changed
 * @throws DomainError permission-denied | partner-not-found
 */
export async function projectRanking(
  ctx: Context,
  {
    partnerId,
    periods: given,
    live,
    liveIfRanked,
    ifRanked: alsoIfRanked = [],
    inTurn = turns(),
  }: {
    readonly partnerId: PartnerId;
    readonly periods: readonly Period[];
    /** Those that its own cadence makes of the current period: live rankings are kept by it alone. */
    readonly live?: OfCurrent;
    /** The same for every cadence, where the partner has an entry already. */
    readonly liveIfRanked?: OfCurrent;
    /** Periods that matter only where the partner has an entry already. */
    readonly ifRanked?: readonly Period[];
    /** Shared by those who bring several partners up to date at once: partners of a group change the same sum. */
    readonly inTurn?: Turns;
  },
): Promise<number> {
  requirePermission(ctx.actor, "ranking:project");
  const rules = await ctx.store.programs.scoringRules(ctx.now);
  const own = live ? await livePeriodsOf(ctx, rules, partnerId, { live, liveIfRanked }) : none;
  const periods = [...new Set([...given, ...own.periods])];
  const ifRanked = [...new Set([...alsoIfRanked, ...own.ifRanked])];
  const known = await Promise.all(
    ifRanked
      .filter((period) => !periods.includes(period))
      .map((period) => ctx.store.rankings.entry(partnerId, period)),
  );
  const wanted = [...periods, ...known.flatMap((entry) => entry?.period ?? [])].sort();
  const scored = wanted.filter((period) => programFor(rules, { period }) !== undefined);
  const lastMonth = scored
    .map((period) => monthOf(periodSpan(period, rules.calendar).to))
    .reduce((last, month) => (month > last ? month : last), "");
  if (lastMonth === "") return 0;
  const [partner, numbers] = await Promise.all([
    ctx.store.partners.get(partnerId),
    ctx.store.liveNumbers.of(partnerId, lastMonth),
  ]);
  if (!partner) raise("partner-not-found");
  let changed = 0;
  for (const period of scored) {
    const next = await projected(ctx, { partner, live: numbers, period, rules });
    if (!next) continue;
    const group = [next.period, next.segment, next.region].join();
    if (await inTurn(group, () => place(ctx.store, next))) changed += 1;
  }
  return changed;
}

/** Periods that follow from the current one of some cadence. */
type OfCurrent = (current: Period) => readonly Period[];

interface LivePeriods {
  readonly periods: readonly Period[];
  readonly ifRanked: readonly Period[];
}
const none: LivePeriods = { periods: [], ifRanked: [] };

/**
 * The live periods of a partner's own cadence, and those of others that it may have had before. Where everybody is
 * scored by the quarter, nothing is read for it.
 */
async function livePeriodsOf(
  ctx: Context,
  rules: ScoringRules,
  partnerId: PartnerId,
  { live, liveIfRanked = () => [] }: { live: OfCurrent; liveIfRanked?: OfCurrent | undefined },
): Promise<LivePeriods> {
  const { calendar } = rules;
  const today = dateAt(ctx.now, calendar);
  const program = programFor(rules, { period: quarterOf(today, calendar) });
  if (!program || isByQuarters(rules, program.programId)) {
    const quarter = quarterOf(today, calendar);
    return { periods: live(quarter), ifRanked: liveIfRanked(quarter) };
  }
  const { programId, definition } = program;
  const [partner, override] = await Promise.all([
    ctx.store.partners.get(partnerId),
    rules.overridden?.has(programId) ? ctx.store.cadences.get({ partnerId, programId }) : undefined,
  ]);
  if (!partner) return none;
  const { cadence } = wantedCadence(definition, partner, override?.decisions ?? [], today);
  const every = cadencesEver(rules, programId).map((one) => periodOf(today, one, calendar));
  return {
    periods: live(periodOf(today, cadence, calendar)),
    ifRanked: every.flatMap((current) => [...live(current), ...liveIfRanked(current)]),
  };
}

async function projected(
  ctx: Context,
  read: {
    readonly partner: Partner;
    readonly live: LiveNumbers;
    readonly period: Period;
    readonly rules: ScoringRules;
  },
): Promise<ProjectedEntry | undefined> {
  const { partner, period } = read;
  const { calendar } = read.rules;
  const program = programFor(read.rules, { period });
  if (!program) return undefined;
  const { partnerId } = partner;
  const span = periodSpan(period, calendar);
  if (ctx.now >= freezingAt(period, program.definition.windows, calendar)) {
    const cycleId = cycleIdOf(program.programId, period);
    const frozen = await ctx.store.scorecards.latest({ cycleId, partnerId });
    if (frozen) return entryOf(partner, frozen, "frozen", frozen.revision + partner.version);
  }
  const { targets } = read.live;
  const months = read.live.months.filter(({ month }) => month <= monthOf(span.to));
  const segment = await segmentOf(ctx, program, { partnerId, period });
  const card = scoreCard({
    program,
    partnerId,
    period,
    span,
    grounds: {
      ...groundsOfMonths(months, span),
      ...segment,
      ...targetTerms(targets, program, period, segment),
    },
  });
  // Each term only ever grows, so that whoever read more of it read later.
  const source = [...months, ...targets].reduce((sum, { version }) => sum + version, 0);
  return entryOf(partner, card, "live", source + partner.version + program.version);
}

/** @returns whether the entry changed */
function place(
  { contention, rankings }: ContentionStore & RankingStore,
  next: ProjectedEntry,
): Promise<boolean> {
  return untilFree({ contention }, async () => {
    const current = await rankings.entry(next.partnerId, next.period);
    const entry = replaced(current, next);
    if (!entry) return false;
    const groups = current ? [current, entry] : [entry];
    const parts = await rankings.summaryParts(entry.period, groups);
    return (await rankings.save(entry, recounted(parts, current, entry))) ? true : undefined;
  });
}
