import { type ActorWith, refOf, requirePermission } from "../actor/index.ts";
import { addDays, cadenceOf, dateAt, periodSpan } from "../calendar/index.ts";
import { raise } from "../error/index.ts";
import { eventOf } from "../event/index.ts";
import { programFor } from "../program/index.ts";
import { cycleOpenTimer } from "../timer/index.ts";
import { wantedCadence } from "./cadence.ts";
import { type Course, comingPeriods, courseOf, type Placed } from "./course.ts";
import { type CadenceContext, placedFor, viewOf } from "./get-cadence.ts";
import type { CadenceKey } from "./repository.ts";
import {
  type CadenceDecision,
  type CadenceOverride,
  type ChangeCadence,
  MOST_DECISIONS,
  type PartnerCadence,
} from "./schema.ts";

/** What ended so long ago that no list of a cycle is still to be fixed by it. */
const FORGOTTEN_DAYS = 400;

type Wish = Pick<CadenceDecision, "cadence" | "endsOn" | "reason">;

/**
 * Those that stay beside a new one, which takes the place of whatever has not acted yet.
 * @param from the first boundary that is still ahead
 */
function standing(decisions: readonly CadenceDecision[], from: string, today: string) {
  const cutoff = addDays(today, -FORGOTTEN_DAYS);
  const acted = decisions.filter((one) => one.from < from);
  const settled = acted.findLastIndex((one) => one.endsOn === null && one.from < cutoff);
  return acted
    .slice(Math.max(settled, 0))
    .filter(({ endsOn }) => endsOn === null || endsOn >= cutoff)
    .slice(-(MOST_DECISIONS - 1));
}

/**
 * When a wish acts: at the first boundary at which the partner's period has ended and one of that length begins.
 * @throws DomainError cadence-never-acts
 */
function decided(
  placed: Placed,
  course: Course,
  wish: Wish,
  by: ActorWith<"cadence:manage">,
  now: Date,
): readonly CadenceDecision[] {
  const { rules, programId, partner } = placed;
  const soonest = periodSpan(course.boundary, rules.calendar).from;
  const before = standing(placed.decisions, soonest, dateAt(now, rules.calendar));
  const at = now.toISOString();
  const candidate: CadenceDecision = { ...wish, from: soonest, by: refOf(by), at };
  const decisions = [...before, candidate];
  for (const period of comingPeriods({ ...placed, decisions }, course)) {
    const { from } = periodSpan(period, rules.calendar);
    const version = programFor(rules, { programId, period });
    if (!version || (wish.endsOn !== null && from > wish.endsOn)) continue;
    const { cadence } = wantedCadence(version.definition, partner, decisions, from);
    if (cadenceOf(period) === cadence) return [...before, { ...candidate, from }];
  }
  return raise("cadence-never-acts");
}

async function change(
  ctx: CadenceContext,
  key: CadenceKey & { readonly ifVersion: number },
  wish: Wish,
): Promise<PartnerCadence> {
  const by = requirePermission(ctx.actor, "cadence:manage");
  const placed = await placedFor(ctx, key);
  const { current, rules, programId } = placed;
  if ((current?.version ?? 0) !== key.ifVersion) raise("version-stale");
  const course = await courseOf(ctx.store, placed, ctx.now);
  if (wish.cadence === null && viewOf(placed, course, ctx.now).decided === null) {
    raise("cadence-not-decided");
  }
  const decisions = decided(placed, course, wish, by, ctx.now);
  const next: CadenceOverride = {
    partnerId: key.partnerId,
    programId,
    decisions: [...decisions],
    updatedAt: ctx.now.toISOString(),
    version: key.ifVersion + 1,
  };
  const [newest] = decisions.slice(-1);
  if (!newest) throw new Error("a decision was made");
  const type = newest.cadence === null ? "cadence.ended" : "cadence.set";
  const { cadence, from: notBefore } = newest;
  const openAt = rules.versions.at(-1)?.definition.windows.openAtLocalTime ?? "06:00";
  await ctx.store.cadences.save(next, eventOf(type, by, ctx.now, newest), {
    given: cadence,
    timers:
      cadence === null
        ? []
        : [cycleOpenTimer({ programId, notBefore, cadence }, openAt, rules.calendar)],
  });
  return viewOf({ ...placed, decisions, current: next }, course, ctx.now);
}

/**
 * Gives one partner a cadence of its own, for good or up to a day. It acts at the first boundary at which no period
 * of the partner is cut: none of its months is scored twice and none is left out.
 * @param key.ifVersion 0 where nothing was decided yet
 * @throws DomainError permission-denied | partner-not-found | program-version-not-found | version-stale |
 *   cadence-never-acts
 */
export const changeCadence = (
  ctx: CadenceContext,
  key: CadenceKey & { readonly ifVersion: number },
  { cadence, reason, endsOn }: ChangeCadence,
): Promise<PartnerCadence> => change(ctx, key, { cadence, reason, endsOn });

/**
 * Ends the partner's own cadence, from the first boundary on at which no period is cut.
 * @throws DomainError permission-denied | partner-not-found | program-version-not-found | version-stale |
 *   cadence-not-decided
 */
export const endCadence = (
  ctx: CadenceContext,
  key: CadenceKey & { readonly ifVersion: number },
): Promise<PartnerCadence> => change(ctx, key, { cadence: null, reason: null, endsOn: null });
