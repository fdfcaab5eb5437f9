import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { getReview } from "./get-review.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import { sign } from "./review.ts";
import type { Review, SignReview } from "./schema.ts";

/** @throws DomainError review-not-ready-to-sign | review-already-signed | review-closed | version-stale */
export async function signReview(
  ctx: RequestContext<ReviewStore>,
  target: ReviewKey & { readonly ifVersion: number },
  input: SignReview,
): Promise<Review> {
  const by = requirePermission(ctx.actor, "review:sign");
  const review = await getReview(ctx, target);
  if (review.version !== target.ifVersion) raise("version-stale");
  const [session, scorecardRevision] = await Promise.all([
    ctx.store.sessions.get(target),
    ctx.store.frozenScorecards.latestRevision(target),
  ]);
  const { next, event } = sign(review, { session, scorecardRevision }, input, by, ctx.now);
  await ctx.store.reviews.save(next, event);
  return next;
}
