import { isOtherPartner, requirePermission } from "../actor/index.ts";
import type { Period } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import { wholePoints } from "./ranking.ts";
import type { RankingRepository, RankingStore } from "./repository.ts";
import type { RankingEntry, RankingPosition, RankingSummaryPart } from "./schema.ts";

/** Beyond every score. */
const NO_LIMIT = 101;

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
  const [part] = await rankings.summaryParts(period, [entry]);
  const above =
    rating === null || score === null ? null : await placesAbove(rankings, entry, score, part);
  return {
    period,
    partnerId,
    segment: entry.segment,
    region: entry.region,
    state: entry.state,
    rank: above === null ? null : above + 1,
    peers: part?.rated ?? 0,
    shownScore: entry.shownScore,
    rating,
    unratedReasons: entry.unratedReasons,
  };
}

/** Those of better whole points are counted with the sums of the group; only those of the same points are looked at. */
async function placesAbove(
  rankings: RankingRepository,
  entry: RankingEntry,
  score: number,
  part: RankingSummaryPart | undefined,
): Promise<number> {
  const { period } = entry;
  const counts = part?.points;
  if (!counts) return rankings.countBetween(period, entry, { above: score, below: NO_LIMIT });
  const points = wholePoints(score);
  const better = Object.entries(counts)
    .filter(([of]) => Number(of) > points)
    .reduce((sum, [, partners]) => sum + partners, 0);
  const scores = { above: score, below: points + 1 };
  return better + (await rankings.countBetween(period, entry, scores));
}
