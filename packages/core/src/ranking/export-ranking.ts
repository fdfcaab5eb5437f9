import type { Quarter } from "../calendar/index.ts";
import type { RequestContext } from "../context/index.ts";
import { csvOf } from "../csv/index.ts";
import { listRanking } from "./list-ranking.ts";
import type { RankingStore } from "./repository.ts";
import type { RankedPartner, RankingFilter } from "./schema.ts";

const HEADER = [
  "rank",
  "status",
  "partner_id",
  "partner",
  "segment",
  "region",
  "state",
  "score",
  "rating",
  "coverage_percent",
  "previous_score",
  "trend",
  "revenue",
  "currency",
  "unrated_reasons",
] as const;
const PAGE = 100;

/** The whole ranking of a period as CSV, in its order. @throws DomainError permission-denied */
export async function exportRanking(
  ctx: RequestContext<RankingStore>,
  asked: RankingFilter & { readonly period: Quarter },
): Promise<string> {
  const rows: RankedPartner[] = [];
  let position: string | undefined;
  do {
    const page = await listRanking(ctx, asked, { limit: PAGE, position });
    rows.push(...page.items);
    position = page.position;
  } while (position !== undefined);
  return csvOf(
    HEADER,
    rows.map((one) => [
      one.rank,
      one.status,
      one.partnerId,
      one.partnerName,
      one.segment,
      one.region,
      one.state,
      one.score,
      one.rating?.name ?? null,
      one.coveragePercent,
      one.previousScore,
      one.trend,
      Number(one.revenue.amount),
      one.revenue.currency,
      one.unratedReasons.join("; "),
    ]),
  );
}
