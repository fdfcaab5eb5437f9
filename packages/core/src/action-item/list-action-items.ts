import { requirePermission } from "../actor/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import type { PartnerId } from "../id/index.ts";
import { getPartner, type PartnerStore } from "../partner/index.ts";
import type { ActionItemStore } from "./repository.ts";
import type { ActionItem } from "./schema.ts";

/** Open ones first by due date, then the ended ones. @throws DomainError partner-not-found */
export async function listActionItems(
  ctx: RequestContext<ActionItemStore & PartnerStore>,
  partnerId: PartnerId,
  page: PageRequest,
): Promise<Page<ActionItem>> {
  requirePermission(ctx.actor, "action-item:read");
  await getPartner(ctx, partnerId);
  return ctx.store.actionItems.ofPartner(partnerId, page);
}

/** What the caller has to do, by due date. */
export async function listOwnActionItems(
  ctx: RequestContext<ActionItemStore>,
  page: PageRequest,
): Promise<Page<ActionItem>> {
  const by = requirePermission(ctx.actor, "action-item:read");
  return ctx.store.actionItems.workOf(
    by.kind === "member"
      ? { kind: "member", memberId: by.memberId }
      : { kind: "partner-user", partnerUserId: by.partnerUserId },
    page,
  );
}
