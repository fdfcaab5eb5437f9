import { type ActionItemStore, type OpenActionItem, requireOwner } from "../action-item/index.ts";
import { type RosterStore, requireDuty } from "../assignment/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { AgendaItemId } from "../id/index.ts";
import { getReview } from "./get-review.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import { requireOpen } from "./review.ts";
import type { AddAgendaItem, Session, UpdateAgendaItem } from "./schema.ts";
import {
  addAgendaItem as add,
  closeSession as close,
  planSession as plan,
  updateAgendaItem as update,
} from "./session.ts";

type Context = RequestContext<ReviewStore & ActionItemStore & RosterStore>;
type Target = ReviewKey & { readonly ifVersion: number };

/** The partner's unfinished commitments become the first items of the agenda. */
export async function planSession(ctx: Context, key: ReviewKey, heldOn: string): Promise<Session> {
  const review = await getReview(ctx, key);
  const by = await requireDuty(ctx, "moderator", "review:conduct", review);
  const { items } = await ctx.store.actionItems.ofPartner(key.partnerId, { limit: 100 });
  const openItems = items.filter((item): item is OpenActionItem => item.status === "open");
  const { next, event } = plan(review, heldOn, openItems, ctx.mint, by, ctx.now);
  await ctx.store.sessions.save(next, event);
  return next;
}

/** Of whoever leads it. @throws DomainError review-not-found | permission-denied | duty-of-others | review-closed | session-not-found | version-stale */
async function sessionToChange(ctx: Context, target: Target) {
  const review = await getReview(ctx, target);
  const by = await requireDuty(ctx, "moderator", "review:conduct", review);
  requireOpen(review);
  const session = (await ctx.store.sessions.get(target)) ?? raise("session-not-found");
  if (session.version !== target.ifVersion) raise("version-stale");
  return { by, session };
}

export async function addAgendaItem(
  ctx: Context,
  target: Target,
  input: AddAgendaItem,
): Promise<Session> {
  const { by, session } = await sessionToChange(ctx, target);
  const { next, event } = add(session, ctx.mint(AgendaItemId), input, by, ctx.now);
  await ctx.store.sessions.save(next, event);
  return next;
}

/** @throws DomainError agenda-item-not-found | action-owner-unknown | session-closed | version-stale */
export async function updateAgendaItem(
  ctx: Context,
  target: Target,
  agendaItemId: AgendaItemId,
  changes: UpdateAgendaItem,
): Promise<Session> {
  const { by, session } = await sessionToChange(ctx, target);
  const owner = changes.action?.owner;
  if (owner) await requireOwner(ctx, owner, target.partnerId, "/action/owner");
  const { next, event } = update(session, agendaItemId, changes, by, ctx.now);
  await ctx.store.sessions.save(next, event);
  return next;
}

/** Somebody may have left since the action was agreed. @throws DomainError action-owner-unknown */
async function requireOwners(ctx: Context, { agenda, partnerId }: Session): Promise<void> {
  const owners = new Map<string, Parameters<typeof requireOwner>[1]>();
  for (const [position, { action }] of agenda.entries()) {
    if (!action?.owner) continue;
    const person = JSON.stringify(action.owner);
    if (owners.has(person)) continue;
    owners.set(person, action.owner);
    await requireOwner(ctx, action.owner, partnerId, `/agenda/${position}/action/owner`);
  }
}

/** @throws DomainError session-incomplete | action-owner-unknown | session-closed | version-stale */
export async function closeSession(ctx: Context, target: Target): Promise<Session> {
  const { by, session } = await sessionToChange(ctx, target);
  const carried = await Promise.all(
    session.agenda.flatMap(({ carriesOver }) =>
      carriesOver === null ? [] : [ctx.store.actionItems.get(carriesOver)],
    ),
  );
  const openItems = carried.flatMap((item) => (item?.status === "open" ? [item] : []));
  const { next, event, items } = close(session, openItems, ctx.mint, by, ctx.now);
  await requireOwners(ctx, session);
  await ctx.store.sessions.close(next, event, items);
  return next;
}
