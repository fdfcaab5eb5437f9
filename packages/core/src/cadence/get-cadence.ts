import { isOtherPartner, requirePermission } from "../actor/index.ts";
import { cadenceOf, dateAt, type Period, periodOf, periodSpan } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import { type ProgramStore, programFor } from "../program/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { decisionOn, wantedCadence } from "./cadence.ts";
import { type Course, comingPeriods, courseOf, type Placed, periodsFrom } from "./course.ts";
import type { CadenceKey, CadenceStore, ReviewedPeriods } from "./repository.ts";
import type { CadenceDecision, CadenceOverride, PartnerCadence } from "./schema.ts";

export type CadenceContext = RequestContext<
  CadenceStore & PartnerStore & ProgramStore & ReviewedPeriods & TenantProfileStore
>;

const SHOWN_PERIODS = 6;

/** @throws DomainError partner-not-found | program-version-not-found | tenant-not-found */
export async function placedFor(
  ctx: CadenceContext,
  { partnerId, programId }: CadenceKey,
): Promise<Placed & { readonly current: CadenceOverride | undefined }> {
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  const { cadences, partners, programs, tenant } = ctx.store;
  const [partner, calendar, { versions, overridden }, current] = await Promise.all([
    partners.get(partnerId),
    tenant.get(),
    programs.openingRules(programId),
    cadences.get({ partnerId, programId }),
  ]);
  if (!partner) raise("partner-not-found");
  if (versions.length === 0) raise("program-version-not-found");
  const rules = {
    calendar: calendar ?? raise("tenant-not-found"),
    versions,
    overridden: new Map([[programId, overridden]]),
  };
  return { rules, programId, partner, decisions: current?.decisions ?? [], current };
}

const take = (periods: Generator<Period>, count: number): Period[] => {
  const taken: Period[] = [];
  for (const period of periods) {
    if (taken.length === count) break;
    taken.push(period);
  }
  return taken;
};

/** What was decided last, unless it was taken back or has ended; then what it uncovers. */
function decidedNow(
  decisions: readonly CadenceDecision[],
  today: string,
): ReturnType<typeof decisionOn> {
  const last = decisions.at(-1);
  const isToCome = last && last.from > today;
  return isToCome ? decisionOn(decisions, last.from) : decisionOn(decisions, today);
}

/** The first period after a temporary cadence has ended that is as long as what counts then. */
function returnOf(placed: Placed, decision: CadenceDecision, acts: Period): Period | null {
  const { rules, programId, partner, decisions } = placed;
  if (decision.endsOn === null) return null;
  const start = periodOf(decision.from, "monthly", rules.calendar);
  for (const period of periodsFrom(placed, start, acts)) {
    const { from } = periodSpan(period, rules.calendar);
    const version = programFor(rules, { programId, period });
    if (from <= decision.endsOn || !version) continue;
    const { cadence } = wantedCadence(version.definition, partner, decisions, from);
    if (cadence === cadenceOf(period)) return period;
  }
  return null;
}

export function viewOf(
  placed: Placed & { readonly current: CadenceOverride | undefined },
  course: Course,
  now: Date,
): PartnerCadence {
  const { rules, programId, partner, decisions, current } = placed;
  const { calendar } = rules;
  const today = dateAt(now, calendar);
  const coming = take(comingPeriods(placed, course), SHOWN_PERIODS);
  const inEffect =
    programFor(rules, { programId, period: periodOf(today, "monthly", calendar) }) ??
    rules.versions.find((one) => one.programId === programId) ??
    raise("program-version-not-found");
  const wanted = wantedCadence(inEffect.definition, partner, decisions, today);
  const decision = decidedNow(decisions, today);
  const acts = decision && periodOf(decision.from, decision.cadence, calendar);
  const { running } = course;
  return {
    partnerId: partner.partnerId,
    programId,
    cadence: running === undefined ? wanted.cadence : cadenceOf(running),
    says: wanted.source,
    running: running ?? null,
    coming,
    decided:
      decision && acts
        ? {
            cadence: decision.cadence,
            reason: decision.reason,
            endsOn: decision.endsOn,
            by: decision.by,
            at: decision.at,
            effectiveFrom: acts,
            returnsFrom: returnOf(placed, decision, acts),
          }
        : null,
    version: current?.version ?? 0,
    updatedAt: current?.updatedAt ?? null,
  };
}

/** @throws DomainError permission-denied | partner-not-found | program-version-not-found */
export async function getCadence(ctx: CadenceContext, key: CadenceKey): Promise<PartnerCadence> {
  requirePermission(ctx.actor, "cadence:read");
  const placed = await placedFor(ctx, key);
  return viewOf(placed, await courseOf(ctx.store, placed, ctx.now), ctx.now);
}
