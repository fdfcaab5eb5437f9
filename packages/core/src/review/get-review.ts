import {
  isOtherPartner,
  onlyPartnerOf,
  type Permission,
  requirePermission,
} from "../actor/index.ts";
import { everyItem, type Page, type PageRequest, type RequestContext } from "../context/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import { linksOfVersion, type PlaybookLinks, type PlaybookStore } from "../playbook/index.ts";
import { pageOf, windowsOf } from "../program/index.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import type { Contribution, Review, ReviewWithPlaybook, SessionWithPlaybook } from "./schema.ts";

/** Another partner's review answers like a missing one. @throws DomainError review-not-found */
export async function getReview(
  ctx: RequestContext<ReviewStore>,
  key: ReviewKey,
  permission: Permission = "review:read",
): Promise<Review> {
  requirePermission(ctx.actor, permission);
  if (isOtherPartner(ctx.actor, key.partnerId)) raise("review-not-found");
  return (await ctx.store.reviews.get(key)) ?? raise("review-not-found");
}

/** What the playbook says of the steps; costs a request only where the cycle opened with one. */
async function linksOf(
  ctx: RequestContext<PlaybookStore>,
  { playbookVersion }: Review,
): Promise<{ playbook?: PlaybookLinks }> {
  const playbook = playbookVersion && (await linksOfVersion(ctx, playbookVersion));
  return playbook ? { playbook } : {};
}

/** With the pages of the playbook for its steps. @throws DomainError review-not-found */
export async function readReview(
  ctx: RequestContext<ReviewStore & PlaybookStore>,
  key: ReviewKey,
): Promise<ReviewWithPlaybook> {
  const review = await getReview(ctx, key);
  const windows = windowsOf({ ...review, opensAt: review.openedAt });
  return { ...review, windows, ...(await linksOf(ctx, review)) };
}

/** A partner user's list holds their own review alone. @throws DomainError cycle-not-found */
export async function listReviews(
  ctx: RequestContext<ReviewStore & CycleStore>,
  cycleId: CycleId,
  page: PageRequest,
): Promise<Page<Review>> {
  const by = requirePermission(ctx.actor, "review:read");
  const only = onlyPartnerOf(by);
  const reviews =
    only !== undefined
      ? ownAlone(await ctx.store.reviews.get({ cycleId, partnerId: only }))
      : await ctx.store.reviews.ofCycle(cycleId, page);
  if (reviews.items.length === 0 && !(await ctx.store.cycles.get(cycleId))) {
    raise("cycle-not-found");
  }
  return reviews;
}

const ownAlone = (own: Review | undefined): Page<Review> => ({ items: own ? [own] : [] });

/** @throws DomainError review-not-found | session-not-found */
export async function getSession(
  ctx: RequestContext<ReviewStore & PlaybookStore>,
  key: ReviewKey,
): Promise<SessionWithPlaybook> {
  const review = await getReview(ctx, key);
  const session = (await ctx.store.sessions.get(key)) ?? raise("session-not-found");
  return { ...session, ...(await linksOf(ctx, review)) };
}

/** Oldest first; with a metric, the notes on it alone. @throws DomainError review-not-found | cursor-invalid */
export async function listContributions(
  ctx: RequestContext<ReviewStore>,
  { metricId, ...key }: ReviewKey & { readonly metricId?: string | undefined },
  page: PageRequest,
): Promise<Page<Contribution>> {
  await getReview(ctx, key);
  if (metricId === undefined) return ctx.store.contributions.ofReview(key, page);
  const notes: Contribution[] = [];
  const all = everyItem((request) => ctx.store.contributions.ofReview(key, request));
  for await (const one of all) if (one.metricId === metricId) notes.push(one);
  return pageOf(notes, page);
}
