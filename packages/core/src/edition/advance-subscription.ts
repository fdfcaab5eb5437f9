import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { elapse, remindOfTrial } from "./edition.ts";
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

/**
 * Calls the end of the trial to mind, by an event that is mailed; a repeat changes nothing.
 * @param due when it was to be done
 * @throws DomainError permission-denied | version-stale where a person was faster
 */
export async function remindTrial(
  ctx: RequestContext<SubscriptionStore>,
  due: Date,
): Promise<void> {
  const by = requirePermission(ctx.actor, "subscription:run");
  const current = await ctx.store.subscriptions.get();
  const change = current && remindOfTrial(current, due, by, ctx.now);
  if (change) await ctx.store.subscriptions.save(change);
}
