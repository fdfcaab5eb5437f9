import { ActionItem, type ActionItemRepository, type ActionOwner } from "@concord/core/action-item";
import { type Aggregate, load, save, type TenantTable } from "../aggregate.ts";
import type { TenantKeys } from "../keys/index.ts";
import { page } from "../position.ts";

const personOf = (owner: ActionOwner) =>
  owner.kind === "member" ? owner.memberId : owner.partnerUserId;

export const actionItemAggregate = (keys: TenantKeys): Aggregate<ActionItem> => ({
  name: "ActionItem",
  schema: ActionItem,
  schemaVersion: 1,
  id: ({ actionItemId }) => actionItemId,
  key: ({ actionItemId }) => keys.actionItem(actionItemId),
  indexes: ({ actionItemId, partnerId, status, owner, dueOn }) => ({
    gsi2pk: keys.actionItemList(partnerId),
    gsi2sk: keys.actionItemListSort(status === "open", dueOn, actionItemId),
    ...(status === "open"
      ? {
          gsi1pk: keys.workList("ACTION", personOf(owner)),
          gsi1sk: keys.workListSort(dueOn, actionItemId),
        }
      : {}),
  }),
});

export function dynamoActionItemRepository(tenant: TenantTable): ActionItemRepository {
  const { table, keys } = tenant;
  const items = actionItemAggregate(keys);
  return {
    /** AP-120 */
    get: (actionItemId) => load(tenant, items, keys.actionItem(actionItemId)),

    /** AP-121 */
    ofPartner: (partnerId, request) =>
      page(
        table,
        items,
        { index: "gsi2", pk: keys.actionItemList(partnerId) },
        request,
        keys.prefix,
      ),

    /** AP-122 */
    workOf: (owner, request) =>
      page(
        table,
        items,
        { index: "gsi1", pk: keys.workList("ACTION", personOf(owner)) },
        request,
        keys.prefix,
      ),

    /** AP-123 */
    save: (next, event) => save(tenant, items, next, event),
  };
}
