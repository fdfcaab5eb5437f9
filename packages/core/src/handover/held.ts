import { type ActionItemStore, type ActionOwner, updateActionItem } from "../action-item/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
import type { Duty, LeftReason } from "./schema.ts";

/** Moved; gone where it is no longer this person's, since lists may be a moment old; or why it stays. */
export type Outcome = "moved" | "gone" | LeftReason;

/** A duty as it stands on somebody's list. */
export interface Held<Receiver> {
  readonly duty: Duty;
  /**
   * Through the feature's own decision: its new state and the event in one transaction.
   * @throws DomainError version-stale and what else says that it was changed meanwhile
   */
  giveTo(receiver: Receiver): Promise<Outcome>;
}

/** The open action items of a person on either side, by due date. */
export async function* actionItemsOf<Receiver>(
  ctx: RequestContext<ActionItemStore>,
  owner: ActionOwner,
  ownerOf: (receiver: Receiver) => ActionOwner,
): AsyncGenerator<Held<Receiver>> {
  const all = everyItem((page) => ctx.store.actionItems.workOf(owner, page));
  for await (const { actionItemId, partnerId, text, dueOn, version } of all) {
    yield {
      duty: { kind: "action-item", id: actionItemId, partnerId, text, due: dueOn },
      async giveTo(receiver) {
        const target = { actionItemId, ifVersion: version };
        await updateActionItem(ctx, target, { owner: ownerOf(receiver) });
        return "moved";
      },
    };
  }
}
