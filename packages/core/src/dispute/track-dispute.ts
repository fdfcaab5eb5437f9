import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { DomainError, raise } from "../error/index.ts";
import { CycleId, DisputeId, PartnerId } from "../id/index.ts";
import type { Timer } from "../timer/index.ts";
import { nextTimer, track } from "./dispute.ts";
import type { DisputeStore } from "./repository.ts";

/**
 * Reminds whoever can decide, or flags a dispute that nobody decided in time. Safe to repeat.
 * @param subject of its timer
 * @returns its next timer, "waiting" where somebody changed it at the same moment
 * @throws DomainError permission-denied | dispute-not-found
 */
export async function trackDispute(
  ctx: RequestContext<DisputeStore>,
  subject: string,
): Promise<Timer | "done" | "waiting"> {
  const by = requirePermission(ctx.actor, "dispute:track");
  const [cycleId, partnerId, disputeId] = subject.split(".");
  const key = { cycleId: CycleId.parse(cycleId), partnerId: PartnerId.parse(partnerId) };
  const dispute =
    (await ctx.store.disputes.get(key, DisputeId.parse(disputeId))) ?? raise("dispute-not-found");
  const change = track(dispute, by, ctx.now);
  if (!change) return nextTimer(dispute) ?? "done";
  try {
    await ctx.store.disputes.save(change.next, change.event);
  } catch (error) {
    if (error instanceof DomainError && error.code === "version-stale") return "waiting";
    throw error;
  }
  return nextTimer(change.next) ?? "done";
}
