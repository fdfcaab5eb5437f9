import { isOtherPartner, onlyPartnerOf, requirePermission } from "../actor/index.ts";
import {
  type CadenceStore,
  comingPeriods,
  courseOf,
  type ReviewedPeriods,
  wantedCadence,
} from "../cadence/index.ts";
import {
  cadenceOf,
  dateAt,
  nextPeriod,
  type Period,
  periodSpan,
  periodUpTo,
  previousPeriod,
} from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { cycleIdOf, type PartnerId, type ProgramId } from "../id/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import {
  cadenceIn,
  cadencesEver,
  definitionFor,
  isByQuarters,
  type ProgramStore,
  type PublishedProgram,
  placeIn,
  programFor,
  type ScoringRules,
  timesOf,
  windowsOf,
} from "../program/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { periodAhead } from "../timer/index.ts";
import type { CalendarCycle, CalendarFilter, ProgramCalendar, ReviewCalendar } from "./schema.ts";

type Context = RequestContext<
  CadenceStore & PartnerStore & ProgramStore & ReviewedPeriods & TenantProfileStore
>;

/** One period of a program as it stands in a calendar; undefined once its review has closed, or without a version. */
function cycleOf(
  rules: ScoringRules,
  programId: ProgramId,
  period: Period,
  segmentOf: (version: PublishedProgram) => string | null | undefined,
  now: Date,
): CalendarCycle | undefined {
  const { calendar } = rules;
  const version = programFor(rules, { programId, period });
  if (!version) return undefined;
  const times = timesOf(version.definition, period, calendar);
  if (new Date(times.closesAt) <= now) return undefined;
  const segmentId = segmentOf(version);
  const isKnown = version.definition.segments.some((one) => one.segmentId === segmentId);
  const { metrics } = definitionFor(version.definition, isKnown ? segmentId : null);
  return {
    period,
    span: periodSpan(period, calendar),
    state: new Date(times.opensAt) <= now ? "under-way" : "coming",
    programVersion: version.version,
    opensAt: times.opensAt,
    windows: windowsOf(times),
    released: { scorecardAt: times.freezesAt, outcomeAt: times.closesAt },
    measured: metrics.map(({ metricId, name, measure, weightPercent }) => ({
      ...{ metricId, name, measure, weightPercent },
    })),
  };
}

/** The period of a partner that ended where another begins; its review may be open still. */
async function periodBefore(
  { reviews }: ReviewedPeriods,
  rules: ScoringRules,
  programId: ProgramId,
  partnerId: PartnerId,
  period: Period,
): Promise<Period | undefined> {
  if (isByQuarters(rules, programId)) return previousPeriod(period);
  const ended = cadencesEver(rules, programId).flatMap((cadence) => {
    const last = periodUpTo(period, cadence);
    return last.isOver ? [cycleIdOf(programId, last.period)] : [];
  });
  return (await reviews.ofPartner(partnerId, ended))[0]?.period;
}

const versionsOf = ({ versions }: ScoringRules) => [
  ...Map.groupBy(versions, ({ programId }) => programId).values(),
];

async function ofPartner(
  ctx: Context,
  rules: ScoringRules,
  partner: Partner,
  own: readonly PublishedProgram[],
  count: number,
): Promise<ProgramCalendar | undefined> {
  const newest = own.at(-1);
  if (!newest) return undefined;
  const { programId } = newest;
  const { partnerId } = partner;
  const override = rules.overridden?.has(programId)
    ? await ctx.store.cadences.get({ partnerId, programId })
    : undefined;
  const placed = { rules, programId, partner, decisions: override?.decisions ?? [] };
  const course = await courseOf(ctx.store, placed, ctx.now);
  const { running } = course;
  const before = running && (await periodBefore(ctx.store, rules, programId, partnerId, running));
  const coming: Period[] = [];
  for (const period of comingPeriods(placed, course)) {
    if (coming.length === count) break;
    coming.push(period);
  }
  const [first] = coming;
  const segmentOf = ({ definition }: PublishedProgram) => placeIn(definition, partner)?.segmentId;
  const at = programFor(rules, { programId, period: running ?? first ?? "" }) ?? newest;
  const today = dateAt(ctx.now, rules.calendar);
  const { cadence } = wantedCadence(at.definition, partner, placed.decisions, today);
  return {
    programId,
    programName: at.definition.name,
    segmentId: segmentOf(at) ?? null,
    cadence: running === undefined ? cadence : cadenceOf(running),
    cycles: [before, running, ...coming].flatMap((period) =>
      period === undefined ? [] : (cycleOf(rules, programId, period, segmentOf, ctx.now) ?? []),
    ),
  };
}

/** What a program says to everybody, or to everybody of a segment. */
function ofEverybody(
  rules: ScoringRules,
  own: readonly PublishedProgram[],
  count: number,
  now: Date,
): ProgramCalendar[] {
  const [oldest] = own;
  if (!oldest) return [];
  const { programId } = oldest;
  const openAt = oldest.definition.windows.openAtLocalTime;
  const ahead = periodAhead("quarterly", openAt, rules.calendar, now);
  const at =
    programFor(rules, { programId, period: previousPeriod(ahead) }) ??
    programFor(rules, { programId, period: ahead }) ??
    oldest;
  const { definition } = at;
  return [null, ...definition.segments.map(({ segmentId }) => segmentId)].map((segmentId) => {
    const cadence = cadenceIn(definition, segmentId);
    const next = periodAhead(cadence, definition.windows.openAtLocalTime, rules.calendar, now);
    const periods = [previousPeriod(previousPeriod(next)), previousPeriod(next), next];
    while (periods.length < 2 + count) periods.push(nextPeriod(periods.at(-1) ?? next));
    return {
      programId,
      programName: definition.name,
      segmentId,
      cadence,
      cycles: periods.flatMap(
        (period) => cycleOf(rules, programId, period, () => segmentId, now) ?? [],
      ),
    };
  });
}

/**
 * The cycles under way and the next ones: of one partner by its own cadence, else as the programs say to each segment.
 * Partner users read that of their own partner. Published versions count from the period on that they are for.
 * @throws DomainError permission-denied | partner-not-found | tenant-not-found
 */
export async function getCalendar(
  ctx: Context,
  { partnerId: asked, cycles: count }: CalendarFilter,
): Promise<ReviewCalendar> {
  const by = requirePermission(ctx.actor, "cycle:read");
  const { partners, programs, tenant } = ctx.store;
  if (asked !== undefined && isOtherPartner(by, asked)) raise("partner-not-found");
  const partnerId = onlyPartnerOf(by) ?? asked;
  const { timeZone } = (await tenant.get()) ?? raise("tenant-not-found");
  const partner = partnerId && ((await partners.get(partnerId)) ?? raise("partner-not-found"));
  const rules = await programs.scoringRules(ctx.now);
  const all = versionsOf(rules);
  const calendars = partner
    ? await Promise.all(all.map((own) => ofPartner(ctx, rules, partner, own, count)))
    : all.flatMap((own) => ofEverybody(rules, own, count, ctx.now));
  return {
    partnerId: partnerId ?? null,
    timeZone,
    programs: calendars.filter((one) => one !== undefined),
  };
}
