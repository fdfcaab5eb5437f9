import {
  ActionItem,
  type ActionItemStore,
  CancelActionItem,
  CompleteActionItem,
  CreateActionItem,
  cancelActionItem,
  completeActionItem,
  createActionItem,
  getActionItem,
  listActionItems,
  listOwnActionItems,
  UpdateActionItem,
  updateActionItem,
} from "@concord/core/action-item";
import { ActionItemId, PartnerId } from "@concord/core/id";
import type { PartnerStore } from "@concord/core/partner";
import { z } from "zod";
import { on, type Route, type RouteAnswer, route } from "../http/route.ts";

const ItemPath = z.object({ actionItemId: ActionItemId });
const PartnerPath = z.object({ partnerId: PartnerId });

const common = { tag: "action items" } as const;
const change = {
  ...common,
  method: "post",
  permission: "action-item:update",
  retry: "conditional",
  rate: "write",
  response: { status: 200, body: ActionItem },
} as const;
const changeErrors = ["action-item-not-found", "action-item-ended", "version-stale"] as const;

const create = route({
  ...common,
  operationId: "createActionItem",
  summary: "Add a commitment between sessions",
  method: "post",
  path: "/partners/{partnerId}/action-items",
  permission: "action-item:create",
  retry: "conditional",
  rate: "write",
  request: { params: PartnerPath, body: CreateActionItem },
  response: { status: 201, body: ActionItem },
  errors: ["partner-not-found", "action-owner-unknown"],
});

const list = route({
  ...common,
  operationId: "listActionItems",
  summary: "List a partner's commitments: open ones by due date, then the ended ones",
  method: "get",
  path: "/partners/{partnerId}/action-items",
  permission: "action-item:read",
  retry: "safe",
  rate: "read",
  request: { params: PartnerPath },
  response: { status: 200, body: ActionItem, isList: true },
  errors: ["partner-not-found"],
});

const listOwn = route({
  ...common,
  operationId: "listOwnActionItems",
  summary: "List what you have to do, by due date",
  method: "get",
  path: "/me/action-items",
  permission: "action-item:read",
  retry: "safe",
  rate: "read",
  request: {},
  response: { status: 200, body: ActionItem, isList: true },
  errors: [],
});

const get = route({
  ...common,
  operationId: "getActionItem",
  summary: "Read one commitment",
  method: "get",
  path: "/action-items/{actionItemId}",
  permission: "action-item:read",
  retry: "safe",
  rate: "read",
  request: { params: ItemPath },
  response: { status: 200, body: ActionItem },
  errors: ["action-item-not-found"],
});

const update = route({
  ...change,
  operationId: "updateActionItem",
  summary: "Change text, owner or due date; what you leave out stays",
  method: "patch",
  path: "/action-items/{actionItemId}",
  request: { params: ItemPath, body: UpdateActionItem, ifMatch: "required" },
  errors: [...changeErrors, "action-owner-unknown"],
});

const complete = route({
  ...change,
  operationId: "completeActionItem",
  summary: "Say that it is done, and since when",
  path: "/action-items/{actionItemId}/complete",
  request: { params: ItemPath, body: CompleteActionItem, ifMatch: "required" },
  errors: changeErrors,
});

const cancel = route({
  ...change,
  operationId: "cancelActionItem",
  summary: "Cancel a commitment with a reason",
  path: "/action-items/{actionItemId}/cancel",
  request: { params: ItemPath, body: CancelActionItem, ifMatch: "required" },
  errors: changeErrors,
});

const shown = (item: ActionItem): RouteAnswer => ({ body: item, version: item.version });

export const actionItemRoutes: readonly Route<ActionItemStore & PartnerStore>[] = [
  on(create, {
    run: (ctx, { params, body }) => createActionItem(ctx, params.partnerId, body),
    answer: (item) => ({ ...shown(item), location: `/action-items/${item.actionItemId}` }),
  }),
  on(list, {
    run: (ctx, { params, page }) => listActionItems(ctx, params.partnerId, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(listOwn, {
    run: (ctx, { page }) => listOwnActionItems(ctx, page),
    answer: ({ items, position }) => ({ body: items, position }),
  }),
  on(get, {
    run: (ctx, { params }) => getActionItem(ctx, params.actionItemId),
    answer: shown,
  }),
  on(update, {
    run: (ctx, { params, body, ifVersion }) =>
      updateActionItem(ctx, { ...params, ifVersion }, body),
    answer: shown,
  }),
  on(complete, {
    run: (ctx, { params, body, ifVersion }) =>
      completeActionItem(ctx, { ...params, ifVersion }, body.doneOn),
    answer: shown,
  }),
  on(cancel, {
    run: (ctx, { params, body, ifVersion }) =>
      cancelActionItem(ctx, { ...params, ifVersion }, body.reason),
    answer: shown,
  }),
];
