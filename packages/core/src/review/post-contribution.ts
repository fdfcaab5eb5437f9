import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { ContributionId } from "../id/index.ts";
import { getReview } from "./get-review.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import { contribute } from "./review.ts";
import type { Contribution, CreateContribution } from "./schema.ts";

/** @throws DomainError permission-denied | review-not-found | review-closed */
export async function postContribution(
  ctx: RequestContext<ReviewStore>,
  key: ReviewKey,
  input: CreateContribution,
): Promise<Contribution> {
  const by = requirePermission(ctx.actor, "review:contribute");
  const review = await getReview(ctx, key, "review:contribute");
  const { next, event } = contribute(review, ctx.mint(ContributionId), input, by, ctx.now);
  await ctx.store.contributions.save(next, event);
  return next;
}
