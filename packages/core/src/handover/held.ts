import { type ActionItemStore, type ActionOwner, updateActionItem } from "../action-item/index.ts";
import { type HeldDuty, requirePermission } from "../actor/index.ts";
import {
  type DutyHolder,
  isSameHolder,
  moveAssignment,
  type RosterStore,
} from "../assignment/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
import { type GoalStore, termsOf, withOwner } from "../goal/index.ts";
import { AssignmentId } from "../id/index.ts";
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

/** The goals of a person on either side that have not ended, by last day. */
export async function* goalsOf<Receiver>(
  ctx: RequestContext<GoalStore>,
  owner: ActionOwner,
  ownerOf: (receiver: Receiver) => Parameters<typeof withOwner>[1],
): AsyncGenerator<Held<Receiver>> {
  const id = owner.kind === "member" ? owner.memberId : owner.partnerUserId;
  for await (const one of everyItem((page) => ctx.store.goals.workOf(owner, page))) {
    const { goalId, partnerId, title, dueOn, side } = one;
    yield {
      duty: { kind: "goal", id: goalId, partnerId, text: title, due: dueOn },
      async giveTo(receiver) {
        const goal = await ctx.store.goals.get(goalId);
        if (!goal || goal.closed || termsOf(goal).owners[side] !== id) return "gone";
        await ctx.store.goals.save(withOwner(goal, ownerOf(receiver), ctx.actor, ctx.now));
        return "moved";
      },
    };
  }
}

/** What is assigned to a person on either side, at partners and in programs. */
export async function* assignmentsOf<Receiver>(
  ctx: RequestContext<RosterStore>,
  holder: DutyHolder,
  holderOf: (receiver: Receiver) => DutyHolder,
): AsyncGenerator<Held<Receiver>> {
  const { duties = [] } = (await ctx.store.rosters.holder(holder)) ?? {};
  for (const held of duties) {
    const id = held.partnerId ?? held.programId;
    if (id === null) continue;
    yield {
      duty: { kind: held.duty, id, partnerId: held.partnerId, text: held.duty, due: null },
      giveTo: (receiver) => giveAssignment(ctx, held, holder, holderOf(receiver)),
    };
  }
}

async function giveAssignment(
  ctx: RequestContext<RosterStore>,
  held: HeldDuty,
  holder: DutyHolder,
  receiver: DutyHolder,
): Promise<Outcome> {
  const by = requirePermission(ctx.actor, "assignment:manage");
  const { rosters } = ctx.store;
  const [[roster], from, to] = await Promise.all([
    rosters.of([held]),
    rosters.holder(holder),
    rosters.holder(receiver),
  ]);
  const assignment = roster?.current.find(
    (one) => one.duty === held.duty && isSameHolder(one.holder, holder),
  );
  if (!roster || !assignment || !from || !to) return "gone";
  const next = { assignment, assignmentId: ctx.mint(AssignmentId) };
  const change = moveAssignment(roster, next, { from, to }, by, ctx.now);
  if (typeof change === "string") return change;
  await rosters.save(change);
  return "moved";
}
