import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ActionItemId } from "../id/index.ts";
import { cancel, complete, update } from "./action-item.ts";
import { requireOwner } from "./create-action-item.ts";
import { getActionItem } from "./get-action-item.ts";
import type { ActionItemStore } from "./repository.ts";
import type { ActionItem, UpdateActionItem } from "./schema.ts";

interface Target {
  readonly actionItemId: ActionItemId;
  readonly ifVersion: number;
}

async function current(ctx: RequestContext<ActionItemStore>, target: Target): Promise<ActionItem> {
  const item = await getActionItem(ctx, target.actionItemId);
  return item.version === target.ifVersion ? item : raise("version-stale");
}

/** @throws DomainError action-item-not-found | action-item-ended | action-owner-unknown | version-stale */
export async function updateActionItem(
  ctx: RequestContext<ActionItemStore>,
  target: Target,
  changes: UpdateActionItem,
): Promise<ActionItem> {
  const by = requirePermission(ctx.actor, "action-item:update");
  const item = await current(ctx, target);
  if (changes.owner) await requireOwner(ctx, changes.owner, item.partnerId);
  const { next, event } = update(item, changes, by, ctx.now);
  await ctx.store.actionItems.save(next, event);
  return next;
}

/** @throws DomainError action-item-not-found | action-item-ended | version-stale */
export async function completeActionItem(
  ctx: RequestContext<ActionItemStore>,
  target: Target,
  doneOn: string,
): Promise<ActionItem> {
  const by = requirePermission(ctx.actor, "action-item:update");
  const { next, event } = complete(await current(ctx, target), doneOn, by, ctx.now);
  await ctx.store.actionItems.save(next, event);
  return next;
}

/** @throws DomainError action-item-not-found | action-item-ended | version-stale */
export async function cancelActionItem(
  ctx: RequestContext<ActionItemStore>,
  target: Target,
  reason: string,
): Promise<ActionItem> {
  const by = requirePermission(ctx.actor, "action-item:update");
  const { next, event } = cancel(await current(ctx, target), reason, by, ctx.now);
  await ctx.store.actionItems.save(next, event);
  return next;
}
