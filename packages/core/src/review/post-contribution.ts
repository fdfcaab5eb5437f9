import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { ContributionId } from "../id/index.ts";
import { definitionFor, type ProgramStore } from "../program/index.ts";
import { getReview } from "./get-review.ts";
import type { ReviewKey, ReviewStore } from "./repository.ts";
import { contribute } from "./review.ts";
import type { Contribution, CreateContribution, Review } from "./schema.ts";

type Context = RequestContext<ReviewStore & ProgramStore>;

/** @throws DomainError contribution-metric-unknown */
async function requireMetric(
  { store }: Context,
  { programId, programVersion, segment }: Review,
  metricId: string,
): Promise<void> {
  const program = await store.programs.version(programId, programVersion);
  const metrics = program ? definitionFor(program.definition, segment?.segmentId).metrics : [];
  if (metrics.some((metric) => metric.metricId === metricId)) return;
  const detail = "is no metric of the partner's card";
  raise("contribution-metric-unknown", undefined, [{ pointer: "/metricId", detail }]);
}

/**
 * @throws DomainError permission-denied | review-not-found | review-closed | contribution-window-closed |
 *   contribution-metric-unknown
 */
export async function postContribution(
  ctx: Context,
  key: ReviewKey,
  input: CreateContribution,
): Promise<Contribution> {
  const by = requirePermission(ctx.actor, "review:contribute");
  const review = await getReview(ctx, key, "review:contribute");
  if (input.metricId !== undefined) await requireMetric(ctx, review, input.metricId);
  const { next, event } = contribute(review, ctx.mint(ContributionId), input, by, ctx.now);
  await ctx.store.contributions.save(next, event);
  return next;
}
