import { type Permission, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId, PlanId } from "../id/index.ts";
import { getPartner, type PartnerStore } from "../partner/index.ts";
import type { DevelopmentPlanStore } from "./repository.ts";
import type { DevelopmentPlan, WaitingPlan } from "./schema.ts";

type Context = RequestContext<Pick<DevelopmentPlanStore, "developmentPlans">>;

/** Another partner's plan answers like a missing one. @throws DomainError plan-not-found */
export async function getPlan(
  ctx: Context,
  planId: PlanId,
  permission: Permission = "development-plan:read",
): Promise<DevelopmentPlan> {
  requirePermission(ctx.actor, permission);
  const plan = await ctx.store.developmentPlans.get(planId);
  const isForeign = ctx.actor.kind === "partner-user" && ctx.actor.partnerId !== plan?.partnerId;
  return plan && !isForeign ? plan : raise("plan-not-found");
}

/** The plan as the caller saw it. @throws DomainError plan-not-found | version-stale */
export async function planToChange(
  ctx: Context,
  { planId, ifVersion }: { readonly planId: PlanId; readonly ifVersion: number },
  permission: Permission,
): Promise<DevelopmentPlan> {
  const plan = await getPlan(ctx, planId, permission);
  return plan.version === ifVersion ? plan : raise("version-stale");
}

/** Newest first. @throws DomainError partner-not-found */
export async function listPlans(
  ctx: RequestContext<DevelopmentPlanStore & PartnerStore>,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<DevelopmentPlan>> {
  requirePermission(ctx.actor, "development-plan:read");
  await getPartner(ctx, partnerId);
  return ctx.store.developmentPlans.ofPartner(partnerId, page);
}

/** What waits for the caller's decision, first what expires first. */
export async function listWaitingPlans(
  ctx: RequestContext<Pick<DevelopmentPlanStore, "developmentPlans">>,
  page: PageRequest,
): Promise<Page<WaitingPlan>> {
  const by = requirePermission(ctx.actor, "development-plan:approve");
  return ctx.store.developmentPlans.waitingFor(by.memberId, page);
}
