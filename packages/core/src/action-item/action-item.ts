import { type Actor, type ActorWith, refOf } from "../actor/index.ts";
import { raise } from "../error/index.ts";
import { type DomainEvent, eventOf } from "../event/index.ts";
import type { ActionItemId, CycleId, PartnerId } from "../id/index.ts";
import {
  type ActionItem,
  CARRY_OVER_LIMIT,
  type CreateActionItem,
  type OpenActionItem,
  type UpdateActionItem,
} from "./schema.ts";

export type ActionItemEvent = DomainEvent<
  | "action-item.created"
  | "action-item.updated"
  | "action-item.completed"
  | "action-item.cancelled"
  | "action-item.carried-over"
>;

interface Change {
  readonly next: ActionItem;
  readonly event: ActionItemEvent;
}

/** @throws DomainError action-item-ended */
function requireOpen(item: ActionItem): OpenActionItem {
  return item.status === "open" ? item : raise("action-item-ended");
}

export function create(
  ids: {
    readonly actionItemId: ActionItemId;
    readonly partnerId: PartnerId;
    readonly cycleId: CycleId | null;
  },
  input: CreateActionItem,
  by: Actor,
  now: Date,
): { next: OpenActionItem; event: ActionItemEvent } {
  const at = now.toISOString();
  return {
    next: {
      ...ids,
      ...input,
      status: "open",
      carriedOver: [],
      createdBy: refOf(by),
      createdAt: at,
      updatedAt: at,
      version: 1,
    },
    event: eventOf("action-item.created", by, now, { ...ids, ...input }),
  };
}

export function update(item: ActionItem, changes: UpdateActionItem, by: Actor, now: Date): Change {
  const open = requireOpen(item);
  return {
    next: {
      ...open,
      text: changes.text ?? open.text,
      owner: changes.owner ?? open.owner,
      dueOn: changes.dueOn ?? open.dueOn,
      updatedAt: now.toISOString(),
      version: open.version + 1,
    },
    event: eventOf("action-item.updated", by, now, changes),
  };
}

export function complete(
  item: ActionItem,
  doneOn: string,
  by: ActorWith<"action-item:update">,
  now: Date,
): Change {
  const open = requireOpen(item);
  const isOnTime = doneOn <= open.dueOn;
  return {
    next: {
      ...open,
      status: "done",
      doneOn,
      doneBy: refOf(by),
      isOnTime,
      updatedAt: now.toISOString(),
      version: open.version + 1,
    },
    event: eventOf("action-item.completed", by, now, { doneOn, isOnTime }),
  };
}

export function cancel(item: ActionItem, reason: string, by: Actor, now: Date): Change {
  const open = requireOpen(item);
  return {
    next: {
      ...open,
      status: "cancelled",
      reason,
      updatedAt: now.toISOString(),
      version: open.version + 1,
    },
    event: eventOf("action-item.cancelled", by, now, { reason }),
  };
}

/** An unfinished item goes into the next session, with the owner and the date agreed there. */
export function carryOver(
  item: OpenActionItem,
  agreed: CreateActionItem,
  cycleId: CycleId,
  by: Actor,
  now: Date,
): { next: OpenActionItem; event: ActionItemEvent } {
  const at = now.toISOString();
  return {
    next: {
      ...item,
      ...agreed,
      carriedOver: [...item.carriedOver, { cycleId, at, dueOnBefore: item.dueOn }].slice(
        -CARRY_OVER_LIMIT,
      ),
      updatedAt: at,
      version: item.version + 1,
    },
    event: eventOf("action-item.carried-over", by, now, { cycleId, ...agreed }),
  };
}
