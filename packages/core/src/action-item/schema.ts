import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { ActionItemId, CycleId, MemberId, PartnerId, PartnerUserId } from "../id/index.ts";

/** Who answers for a commitment: a member of the tenant or a person of the partner. */
export const ActionOwner = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("member"), memberId: MemberId }),
    z.strictObject({ kind: z.literal("partner-user"), partnerUserId: PartnerUserId }),
  ])
  .meta({ id: "ActionOwner" });
export type ActionOwner = z.infer<typeof ActionOwner>;

/** One session that took an unfinished item over. */
export const CarryOver = z
  .object({ cycleId: CycleId, at: z.iso.datetime(), dueOnBefore: CalendarDate })
  .meta({ id: "CarryOver" });

/** Only the latest are kept on the row; every one is an event. */
export const CARRY_OVER_LIMIT = 40;

const Text = z.string().trim().min(1).max(1000);

const base = z.object({
  actionItemId: ActionItemId,
  partnerId: PartnerId,
  /** The cycle whose session made it; null where it was added between sessions. */
  cycleId: CycleId.nullable(),
  text: classified("action-item.text", Text),
  owner: ActionOwner,
  dueOn: CalendarDate,
  carriedOver: z.array(CarryOver).max(CARRY_OVER_LIMIT),
  createdBy: ActorRef,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.number().int().positive(),
});

/** One commitment: what, who, until when. */
export const ActionItem = z
  .discriminatedUnion("status", [
    base.extend({ status: z.literal("open") }),
    base.extend({
      status: z.literal("done"),
      doneOn: CalendarDate,
      doneBy: ActorRef,
      /** Done no later than its due date at that moment. */
      isOnTime: z.boolean(),
    }),
    base.extend({
      status: z.literal("cancelled"),
      reason: classified("action-item.text", z.string()),
    }),
  ])
  .meta({ id: "ActionItem" });
export type ActionItem = z.infer<typeof ActionItem>;
export type OpenActionItem = Extract<ActionItem, { status: "open" }>;

export const CreateActionItem = z
  .strictObject({ text: Text, owner: ActionOwner, dueOn: CalendarDate })
  .meta({ id: "CreateActionItem" });
export type CreateActionItem = z.infer<typeof CreateActionItem>;

export const UpdateActionItem = CreateActionItem.partial().meta({ id: "UpdateActionItem" });
export type UpdateActionItem = z.infer<typeof UpdateActionItem>;

export const CompleteActionItem = z
  .strictObject({ doneOn: CalendarDate })
  .meta({ id: "CompleteActionItem" });
export const CancelActionItem = z
  .strictObject({ reason: z.string().trim().min(1).max(500) })
  .meta({ id: "CancelActionItem" });
