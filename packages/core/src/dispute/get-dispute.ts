import { isOtherPartner, onlyPartnerOf, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId, DisputeId } from "../id/index.ts";
import type { ScorecardKey, ScorecardStore } from "../scorecard/index.ts";
import type { DisputeStore } from "./repository.ts";
import type { Dispute } from "./schema.ts";

/** Another partner's dispute answers like a missing one. @throws DomainError permission-denied | dispute-not-found */
export async function getDispute(
  ctx: RequestContext<DisputeStore>,
  { disputeId, ...key }: ScorecardKey & { readonly disputeId: DisputeId },
): Promise<Dispute> {
  requirePermission(ctx.actor, "dispute:read");
  if (isOtherPartner(ctx.actor, key.partnerId)) raise("dispute-not-found");
  return (await ctx.store.disputes.get(key, disputeId)) ?? raise("dispute-not-found");
}

/** Oldest first. @throws DomainError permission-denied | scorecard-not-found */
export async function listDisputes(
  ctx: RequestContext<DisputeStore & ScorecardStore>,
  key: ScorecardKey,
  page: PageRequest,
): Promise<Page<Dispute>> {
  requirePermission(ctx.actor, "dispute:read");
  if (isOtherPartner(ctx.actor, key.partnerId)) raise("scorecard-not-found");
  const found = await ctx.store.disputes.ofCard(key, page);
  if (found.items.length === 0 && !(await ctx.store.scorecards.latestRevision(key))) {
    raise("scorecard-not-found");
  }
  return found;
}

/** A partner user's list holds their own alone. @throws DomainError permission-denied | cycle-not-found */
export async function listCycleDisputes(
  ctx: RequestContext<DisputeStore & CycleStore>,
  cycleId: CycleId,
  page: PageRequest,
): Promise<Page<Dispute>> {
  requirePermission(ctx.actor, "dispute:read");
  const only = onlyPartnerOf(ctx.actor);
  const found =
    only === undefined
      ? await ctx.store.disputes.ofCycle(cycleId, page)
      : await ctx.store.disputes.ofCard({ cycleId, partnerId: only }, page);
  if (found.items.length === 0 && !(await ctx.store.cycles.get(cycleId))) raise("cycle-not-found");
  return found;
}

/** What waits for a decision, by the last day to decide. @throws DomainError permission-denied */
export async function listOpenDisputes(
  ctx: RequestContext<DisputeStore>,
  page: PageRequest,
): Promise<Page<Dispute>> {
  requirePermission(ctx.actor, "dispute:decide");
  return ctx.store.disputes.open(page);
}
