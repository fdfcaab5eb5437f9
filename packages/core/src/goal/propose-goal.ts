import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { GoalId, MilestoneId, type PartnerId } from "../id/index.ts";
import type { MemberStore } from "../member/index.ts";
import type { PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { TenantProfileStore } from "../tenant/index.ts";
import { agree, decline, propose, proposeAgain } from "./goal.ts";
import { type GoalTarget, seenGoal } from "./read-goals.ts";
import type { GoalStore } from "./repository.ts";
import type { Goal, ProposeGoal } from "./schema.ts";

type Context = RequestContext<
  GoalStore &
    Pick<MemberStore, "members" | "partnerUsers"> &
    PartnerStore &
    ProgramStore &
    TenantProfileStore
>;

/** @throws DomainError goal-owner-unknown */
async function requireOwners(
  { store }: Context,
  partnerId: PartnerId,
  { owners }: ProposeGoal,
): Promise<void> {
  const [member, user] = await Promise.all([
    store.members.get(owners.vendor),
    store.partnerUsers.get(owners.partner),
  ]);
  const isOfPartner = user?.status === "active" && user.partnerId === partnerId;
  const places = [
    ...(member?.status === "active"
      ? []
      : [{ pointer: "/owners/vendor", detail: "is no member of the tenant" }]),
    ...(isOfPartner ? [] : [{ pointer: "/owners/partner", detail: "is no user of this partner" }]),
  ];
  if (places.length > 0) raise("goal-owner-unknown", undefined, places);
}

/** Of the version published last. @throws DomainError goal-objective-unknown */
async function requireObjective({ store }: Context, { objective }: ProposeGoal): Promise<void> {
  if (!objective) return;
  const { programId, objectiveId } = objective;
  const program = await store.programs.get(programId);
  const latest =
    program?.published && (await store.programs.version(programId, program.published.version));
  if (latest?.definition.objectives.some((one) => one.objectiveId === objectiveId)) return;
  const detail = "is no objective of a published program";
  raise("goal-objective-unknown", undefined, [{ pointer: "/objective", detail }]);
}

/**
 * Either side proposes; whoever may agree for their side does so with it.
 * @throws DomainError permission-denied | partner-not-found | goal-invalid | goal-owner-unknown | goal-objective-unknown
 */
export async function proposeGoal(
  ctx: Context,
  partnerId: PartnerId,
  input: ProposeGoal,
): Promise<Goal> {
  const by = requirePermission(ctx.actor, "goal:propose");
  if (isOtherPartner(ctx.actor, partnerId)) raise("partner-not-found");
  if (!(await ctx.store.partners.get(partnerId))) raise("partner-not-found");
  const key = { goalId: ctx.mint(GoalId), partnerId };
  const change = propose(key, input, () => ctx.mint(MilestoneId), by, ctx.now);
  await Promise.all([requireOwners(ctx, partnerId, input), requireObjective(ctx, input)]);
  await ctx.store.goals.save(change);
  return change.next;
}

/**
 * Other terms for a goal: both sides are asked again.
 * @throws DomainError permission-denied | goal-not-found | version-stale | goal-not-open | goal-invalid |
 *   goal-owner-unknown | goal-objective-unknown
 */
export async function proposeGoalAgain(
  ctx: Context,
  target: GoalTarget,
  input: ProposeGoal,
): Promise<Goal> {
  const by = requirePermission(ctx.actor, "goal:propose");
  const goal = await seenGoal(ctx, target);
  const change = proposeAgain(goal, input, () => ctx.mint(MilestoneId), by, ctx.now);
  await Promise.all([requireOwners(ctx, goal.partnerId, input), requireObjective(ctx, input)]);
  await ctx.store.goals.save(change);
  return change.next;
}

/** @throws DomainError permission-denied | goal-not-found | version-stale | goal-nothing-proposed | goal-agreed-already */
export async function agreeGoal(ctx: Context, target: GoalTarget): Promise<Goal> {
  const by = requirePermission(ctx.actor, "goal:agree");
  const change = agree(await seenGoal(ctx, target), by, ctx.now);
  await ctx.store.goals.save(change);
  return change.next;
}

/** @throws DomainError permission-denied | goal-not-found | version-stale | goal-nothing-proposed */
export async function declineGoal(ctx: Context, target: GoalTarget, reason: string): Promise<Goal> {
  const by = requirePermission(ctx.actor, "goal:propose");
  const goal = await seenGoal(ctx, target);
  const change = decline(goal, reason, by, ctx.now);
  await ctx.store.goals.save(change);
  return change.next;
}
