import type { Period } from "../calendar/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
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

/** The whole ranking of a period, in its order. @throws DomainError permission-denied */
export async function exportRanking(
  ctx: RequestContext<RankingStore>,
  asked: RankingFilter & { readonly period: Period },
): Promise<readonly RankedPartner[]> {
  const rows: RankedPartner[] = [];
  for await (const row of everyItem((page) => listRanking(ctx, asked, page))) rows.push(row);
  return rows;
}

type ShownPartner = Omit<RankedPartner, "revenue"> & Partial<Pick<RankedPartner, "revenue">>;

/** As CSV; a revenue that is withheld says so. */
export const rankingCsv = (rows: readonly ShownPartner[]): string =>
  csvOf(
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
      one.revenue ? Number(one.revenue.amount) : "withheld",
      one.revenue?.currency ?? null,
      one.unratedReasons.join("; "),
    ]),
  );
