import type { Page, PageRequest } from "../context/index.ts";
import type { ActionItemId, PartnerId } from "../id/index.ts";
import type { ActionItemEvent } from "./action-item.ts";
import type { ActionItem, ActionOwner } from "./schema.ts";

export interface ActionItemRepository {
  get(actionItemId: ActionItemId): Promise<ActionItem | undefined>;
  /** Of one partner: open ones first by due date, then ended ones. An index read. */
  ofPartner(partnerId: PartnerId, page: PageRequest): Promise<Page<ActionItem>>;
  /** What one person still has to do, by due date. An index read. */
  workOf(owner: ActionOwner, page: PageRequest): Promise<Page<ActionItem>>;
  /** @throws DomainError version-stale */
  save(next: ActionItem, event: ActionItemEvent): Promise<void>;
}

/** Whether an owner is somebody of the tenant, or of this partner, today. */
export interface PartnershipPeople {
  isOfPartnership(owner: ActionOwner, partnerId: PartnerId): Promise<boolean>;
}

export interface ActionItemStore {
  readonly actionItems: ActionItemRepository;
  readonly partnershipPeople: PartnershipPeople;
}
