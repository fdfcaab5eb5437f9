import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import { endWindow } from "./review.ts";
import type { ClosedReview } from "./schema.ts";

/** Safe to repeat: a review that is closed already stays as it is. @throws DomainError review-not-found */
export async function closeReviewWindow(
  ctx: RequestContext<Pick<ReviewStore, "reviews">>,
  key: ReviewKey,
): Promise<ClosedReview> {
  const by = requirePermission(ctx.actor, "review:close");
  const review = (await ctx.store.reviews.get(key)) ?? raise("review-not-found");
  if (review.status === "closed") return review;
  const { next, event } = endWindow(review, by, ctx.now);
  await ctx.store.reviews.save(next, event);
  return next;
}
