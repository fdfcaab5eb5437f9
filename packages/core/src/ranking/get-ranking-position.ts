import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { Period } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import type { RankingStore } from "./repository.ts";
import type { RankingPosition } from "./schema.ts";

/**
 * A partner's place among those of its segment and region. A partner user sees their own partner's;
 * any other answers like a missing one.
 * @throws DomainError permission-denied | ranking-entry-not-found
 */
export async function getRankingPosition(
  ctx: RequestContext<RankingStore>,
  { partnerId, period }: { readonly partnerId: PartnerId; readonly period: Period },
): Promise<RankingPosition> {
  const by = requirePermission(ctx.actor, "ranking-position:read");
  if (isOtherPartner(by, partnerId)) raise("ranking-entry-not-found");
  const { rankings } = ctx.store;
  const entry = (await rankings.entry(partnerId, period)) ?? raise("ranking-entry-not-found");
  const { rating, score } = entry;
  const [parts, above] = await Promise.all([
    rankings.summaryParts(period, [entry]),
    rating === null || score === null ? null : rankings.countAbove(period, entry, score),
  ]);
  return {
    period,
    partnerId,
    segment: entry.segment,
    region: entry.region,
    state: entry.state,
    rank: above === null ? null : above + 1,
    peers: parts[0]?.rated ?? 0,
    shownScore: entry.shownScore,
    rating,
    unratedReasons: entry.unratedReasons,
  };
}
