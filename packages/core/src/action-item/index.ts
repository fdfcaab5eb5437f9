export { type ActionItemEvent, carryOver, create as createItem } from "./action-item.ts";
export { cancelActionItem, completeActionItem, updateActionItem } from "./change-action-item.ts";
export { createActionItem, requireOwner } from "./create-action-item.ts";
export { getActionItem } from "./get-action-item.ts";
export { listActionItems, listOwnActionItems } from "./list-action-items.ts";
export type { ActionItemRepository, ActionItemStore, PartnershipPeople } from "./repository.ts";
export {
  ActionItem,
  ActionOwner,
  CancelActionItem,
  CompleteActionItem,
  CreateActionItem,
  type OpenActionItem,
  UpdateActionItem,
} from "./schema.ts";
