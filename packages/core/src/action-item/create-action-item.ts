import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { ActionItemId, type PartnerId } from "../id/index.ts";
import { getPartner, type PartnerStore } from "../partner/index.ts";
import { create } from "./action-item.ts";
import type { ActionItemStore } from "./repository.ts";
import type { ActionItem, ActionOwner, CreateActionItem } from "./schema.ts";

/** @throws DomainError action-owner-unknown */
export async function requireOwner(
  ctx: RequestContext<ActionItemStore>,
  owner: ActionOwner,
  partnerId: PartnerId,
  pointer = "/owner",
): Promise<void> {
  if (await ctx.store.partnershipPeople.isOfPartnership(owner, partnerId)) return;
  raise("action-owner-unknown", undefined, [
    { pointer, detail: "is neither a member of the tenant nor a user of this partner" },
  ]);
}

/** @throws DomainError permission-denied | partner-not-found | action-owner-unknown */
export async function createActionItem(
  ctx: RequestContext<ActionItemStore & PartnerStore>,
  partnerId: PartnerId,
  input: CreateActionItem,
): Promise<ActionItem> {
  const by = requirePermission(ctx.actor, "action-item:create");
  await getPartner(ctx, partnerId);
  await requireOwner(ctx, input.owner, partnerId);
  const ids = { actionItemId: ctx.mint(ActionItemId), partnerId, cycleId: null };
  const { next, event } = create(ids, input, by, ctx.now);
  await ctx.store.actionItems.save(next, event);
  return next;
}
