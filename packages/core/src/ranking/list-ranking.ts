import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import { Cadence, cadenceOf, type Period, periodUpTo, previousPeriod } from "../calendar/index.ts";
import type { Page, PageRequest, RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import type { PartnerId } from "../id/index.ts";
import { toMoney } from "../money/index.ts";
import type { PlacedEntry, RankingRepository, RankingStore } from "./repository.ts";
import type { RankedPartner, RankingEntry, RankingFilter } from "./schema.ts";

/** Where a page ended: the place, and what the next rank depends on. */
const Position = z.object({
  after: z.string(),
  ranked: z.number().int(),
  rank: z.number().int(),
  score: z.number().nullable(),
});
type Position = z.infer<typeof Position>;

const encode = (position: Position): string =>
  Buffer.from(JSON.stringify(position)).toString("base64url");

/** @throws DomainError cursor-invalid */
function decode(position: string): Position {
  try {
    return Position.parse(JSON.parse(Buffer.from(position, "base64url").toString("utf8")));
  } catch {
    return raise("cursor-invalid");
  }
}

/**
 * The partners of a period from the best score down; equal scores share a rank and stand by name. After
 * them, by name, those whose data allows no rating. Ranked among the peers that the filter leaves.
 * @throws DomainError permission-denied | cursor-invalid
 */
export async function listRanking(
  ctx: RequestContext<RankingStore>,
  { period, segment, region }: RankingFilter & { readonly period: Period },
  { limit, position }: PageRequest,
): Promise<Page<RankedPartner>> {
  requirePermission(ctx.actor, "ranking:read");
  const { rankings } = ctx.store;
  const start: Position | undefined = position === undefined ? undefined : decode(position);
  const groups = (await rankings.summary(period)).filter(
    (part) =>
      (segment === undefined || part.segment === segment) &&
      (region === undefined || part.region === region),
  );
  const lists = await Promise.all(
    groups.map((group) =>
      rankings.ofGroup(period, group, { after: start?.after, limit: limit + 1 }),
    ),
  );
  const merged = lists.flat().sort((a, b) => (a.place < b.place ? -1 : 1));
  const page = merged.slice(0, limit);
  const before = await entriesBefore(
    rankings,
    page.map(({ entry }) => entry.partnerId),
    period,
  );

  const place = { ranked: start?.ranked ?? 0, rank: start?.rank ?? 0, score: start?.score ?? null };
  const items = page.map(({ entry }) => {
    if (entry.rating !== null) {
      place.ranked += 1;
      if (entry.score !== place.score) place.rank = place.ranked;
      place.score = entry.score;
    }
    return ranked(entry, entry.rating === null ? null : place.rank, before.get(entry.partnerId));
  });
  const last: PlacedEntry | undefined = page.at(-1);
  return merged.length > page.length && last
    ? { items, position: encode({ ...place, after: last.place }) }
    : { items };
}

/**
 * Of each partner the entry of the period before. Who had another cadence then has one of another length: in a list of
 * months or halves that is looked up too.
 */
async function entriesBefore(
  rankings: RankingRepository,
  partnerIds: readonly PartnerId[],
  period: Period,
): Promise<ReadonlyMap<PartnerId, RankingEntry>> {
  const found = new Map<PartnerId, RankingEntry>();
  const own = cadenceOf(period);
  const others = own === "quarterly" ? [] : Cadence.options.filter((one) => one !== own);
  const ended = others.flatMap((one) => {
    const last = periodUpTo(period, one);
    return last.isOver ? [last.period] : [];
  });
  for (const one of [previousPeriod(period), ...ended]) {
    const missing = partnerIds.filter((partnerId) => !found.has(partnerId));
    if (missing.length === 0 && found.size > 0) break;
    for (const entry of await rankings.entries(missing, one)) found.set(entry.partnerId, entry);
  }
  return found;
}

function ranked(
  entry: RankingEntry,
  rank: number | null,
  previous: RankingEntry | undefined,
): RankedPartner {
  const { score, currency, revenueMinor } = entry;
  const previousScore = previous?.score ?? null;
  return {
    rank,
    status: rank === null ? "unrated" : "ranked",
    partnerId: entry.partnerId,
    partnerName: entry.partnerName,
    segment: entry.segment,
    region: entry.region,
    state: entry.state,
    score,
    shownScore: entry.shownScore,
    rating: entry.rating,
    unratedReasons: entry.unratedReasons,
    coveragePercent: entry.coveragePercent,
    revenue: toMoney(revenueMinor, currency),
    previousScore,
    previousShownScore: previous?.shownScore ?? null,
    trend: score === null || previousScore === null ? null : trendOf(previousScore, score),
  };
}

const trendOf = (before: number, now: number): "up" | "down" | "same" =>
  now > before ? "up" : now < before ? "down" : "same";
