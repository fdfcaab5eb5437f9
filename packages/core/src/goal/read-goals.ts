import { isOtherPartner, requirePermission } from "../actor/index.ts";
import { type CalendarDate, dateAt } from "../calendar/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { GoalId, PartnerId } from "../id/index.ts";
import { getPartner, type PartnerStore } from "../partner/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { shownOn } from "./goal.ts";
import type { GoalStore } from "./repository.ts";
import type { Goal, GoalNote, GoalStatus, ShownGoal } from "./schema.ts";

type Context = RequestContext<GoalStore & TenantProfileStore>;

interface GoalKey {
  readonly partnerId: PartnerId;
  readonly goalId: GoalId;
}
export type GoalTarget = GoalKey & { readonly ifVersion: number };

/** The tenant's calendar says what day it is. */
export async function todayOf({
  store,
  now,
}: RequestContext<TenantProfileStore>): Promise<CalendarDate> {
  return dateAt(now, (await store.tenant.get()) ?? raise("tenant-not-found"));
}

/** Another partner's goal answers like a missing one. @throws DomainError goal-not-found */
async function goalOf(
  ctx: RequestContext<GoalStore>,
  { partnerId, goalId }: GoalKey,
): Promise<Goal> {
  if (isOtherPartner(ctx.actor, partnerId)) raise("goal-not-found");
  const goal = await ctx.store.goals.get(goalId);
  return goal?.partnerId === partnerId ? goal : raise("goal-not-found");
}

/** @throws DomainError goal-not-found | version-stale */
export async function seenGoal(
  ctx: RequestContext<GoalStore>,
  { ifVersion, ...key }: GoalTarget,
): Promise<Goal> {
  const goal = await goalOf(ctx, key);
  return goal.version === ifVersion ? goal : raise("version-stale");
}

/** @throws DomainError permission-denied | goal-not-found */
export async function getGoal(ctx: Context, key: GoalKey): Promise<ShownGoal> {
  requirePermission(ctx.actor, "goal:read");
  const goal = await goalOf(ctx, key);
  return shownOn(goal, await todayOf(ctx));
}

/** Open ones first, then what is proposed, then those that ended; each by last day. @throws DomainError partner-not-found */
export async function listGoals(
  ctx: Context & RequestContext<PartnerStore>,
  {
    partnerId,
    status,
  }: { readonly partnerId: PartnerId; readonly status?: GoalStatus | undefined },
  page: PageRequest,
): Promise<Page<ShownGoal>> {
  requirePermission(ctx.actor, "goal:read");
  await getPartner(ctx, partnerId);
  const [today, { items, ...rest }] = await Promise.all([
    todayOf(ctx),
    ctx.store.goals.ofPartner(partnerId, status, page),
  ]);
  return { ...rest, items: items.map((goal) => shownOn(goal, today)) };
}

/** The newest first. @throws DomainError permission-denied | goal-not-found */
export async function listGoalNotes(
  ctx: RequestContext<GoalStore>,
  key: GoalKey,
  page: PageRequest,
): Promise<Page<GoalNote>> {
  requirePermission(ctx.actor, "goal:read");
  const { goalId } = await goalOf(ctx, key);
  return ctx.store.goals.notes(goalId, page);
}
