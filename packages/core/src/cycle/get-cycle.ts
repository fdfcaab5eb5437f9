import { onlyPartnerOf, requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import { windowsOf } from "../program/index.ts";
import type { CycleStore } from "./repository.ts";
import type { Cycle, CycleProgress, CycleWithProgress } from "./schema.ts";

/** The cycle opened last first. @throws DomainError permission-denied */
export async function listCycles(
  ctx: RequestContext<CycleStore>,
  page: PageRequest,
): Promise<Page<Cycle>> {
  requirePermission(ctx.actor, "cycle:read");
  return ctx.store.cycles.list(page);
}

/** With how far its steps are, for who sees every partner. @throws DomainError permission-denied | cycle-not-found */
export async function getCycle(
  ctx: RequestContext<CycleStore>,
  cycleId: CycleId,
): Promise<CycleWithProgress> {
  const by = requirePermission(ctx.actor, "cycle:read");
  const cycle = (await ctx.store.cycles.get(cycleId)) ?? raise("cycle-not-found");
  const windows = windowsOf(cycle);
  if (onlyPartnerOf(by) !== undefined) return { ...cycle, windows, progress: null };
  const progress: CycleProgress = {
    partners: 0,
    reviewsOpened: 0,
    cardsFrozen: 0,
    reviewsClosed: 0,
    rollupsRepaired: 0,
  };
  for await (const { partnerIds, done } of ctx.store.cycles.chunks(cycleId)) {
    const partners = partnerIds.length;
    progress.partners += partners;
    if (done["kick-off"]) progress.reviewsOpened += partners;
    if (done.freeze) progress.cardsFrozen += partners;
    if (done.close) progress.reviewsClosed += partners;
    progress.rollupsRepaired += done.freeze?.repaired ?? 0;
  }
  return { ...cycle, windows, progress };
}
