import { requirePermission } from "../actor/index.ts";
import type { Period } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { toMoney } from "../money/index.ts";
import type { RankingStore } from "./repository.ts";
import type { RankingSummary, RankingSummaryPart } from "./schema.ts";

/** How the partners of a period are spread over the ratings, in all and by group of peers; one read. @throws DomainError permission-denied */
export async function getRankingSummary(
  ctx: RequestContext<RankingStore>,
  period: Period,
): Promise<RankingSummary> {
  requirePermission(ctx.actor, "ranking:read");
  const parts = (await ctx.store.rankings.summary(period)).filter(
    ({ rated, unrated }) => rated + unrated > 0,
  );
  const sum = (of: (part: RankingSummaryPart) => number) =>
    parts.reduce((total, part) => total + of(part), 0);
  const rated = sum((part) => part.rated);
  const unrated = sum((part) => part.unrated);
  const [first] = parts;
  return {
    period,
    partners: rated + unrated,
    rated,
    unrated,
    revenue: first
      ? toMoney(
          sum((part) => part.revenueMinor),
          first.currency,
        )
      : null,
    distribution: distributionOf(parts),
    groups: parts.map((part) => ({
      segment: part.segment,
      region: part.region,
      rated: part.rated,
      unrated: part.unrated,
      revenue: toMoney(part.revenueMinor, part.currency),
      distribution: distributionOf([part]),
    })),
  };
}

function distributionOf(parts: readonly RankingSummaryPart[]): RankingSummary["distribution"] {
  const counted = new Map<string, { ratingId: string; name: string; partners: number }>();
  for (const { ratings } of parts) {
    for (const [ratingId, { name, partners }] of Object.entries(ratings)) {
      const before = counted.get(ratingId)?.partners ?? 0;
      counted.set(ratingId, { ratingId, name, partners: before + partners });
    }
  }
  return [...counted.values()].sort((a, b) => (a.ratingId < b.ratingId ? -1 : 1));
}
