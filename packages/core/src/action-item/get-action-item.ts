import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ActionItemId } from "../id/index.ts";
import type { ActionItemStore } from "./repository.ts";
import type { ActionItem } from "./schema.ts";

/** Another partner's item answers like a missing one. @throws DomainError action-item-not-found */
export async function getActionItem(
  ctx: RequestContext<ActionItemStore>,
  actionItemId: ActionItemId,
): Promise<ActionItem> {
  const by = requirePermission(ctx.actor, "action-item:read");
  const item = await ctx.store.actionItems.get(actionItemId);
  if (!item || (by.kind === "partner-user" && by.partnerId !== item.partnerId)) {
    raise("action-item-not-found");
  }
  return item;
}
