import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { elapse } from "./edition.ts";
import type { SubscriptionStore } from "./repository.ts";
import type { Subscription } from "./schema.ts";

/**
 * Moves the subscription on where the time of its state is over; a repeat changes nothing.
 * @throws DomainError permission-denied | version-stale where a person was faster
 */
export async function advanceSubscription(
  ctx: RequestContext<SubscriptionStore>,
): Promise<Subscription | undefined> {
  const by = requirePermission(ctx.actor, "subscription:run");
  const current = await ctx.store.subscriptions.get();
  const change = current && elapse(current, by, ctx.now);
  if (!change) return current;
  await ctx.store.subscriptions.save(change);
  return change.next;
}
