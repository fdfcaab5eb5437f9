import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { type Cell, csvOf } from "../csv/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import type { CycleId } from "../id/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import type { RollupStore } from "../rollup/index.ts";
import { getScorecard, type Scorecard, type ScorecardStore } from "../scorecard/index.ts";

type Context = RequestContext<
  CycleStore &
    PartnerStore &
    ProgramStore &
    ScorecardStore & { readonly rollups: Pick<RollupStore["rollups"], "months"> }
>;

const CARDS_AT_ONCE = 10;
const COLUMNS = [
  "partner_id",
  "partner",
  "region",
  "state",
  "revision",
  "score",
  "rating",
  "coverage_percent",
] as const;

/**
 * The cards of a cycle as CSV, one line a partner with each metric's figure and score; live ones where the
 * cycle is not frozen yet. Figures of money are in whole units of the program's currency.
 * @throws DomainError permission-denied | cycle-not-found | program-version-not-found
 */
export async function exportScorecards(ctx: Context, cycleId: CycleId): Promise<string> {
  requirePermission(ctx.actor, "ranking:read");
  const { cycles, partners, programs } = ctx.store;
  const cycle = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
  const { programId, programVersion, period } = cycle;
  const program =
    (await programs.version(programId, programVersion)) ?? raise("program-version-not-found");
  const metricIds = program.definition.metrics.map(({ metricId }) => metricId);

  const rows: Cell[][] = [];
  for await (const { partnerIds } of cycles.chunks(cycleId)) {
    const known = new Map(
      (await partners.getMany(partnerIds)).map((partner) => [partner.partnerId, partner]),
    );
    const listed = partnerIds.flatMap((partnerId) => known.get(partnerId) ?? []);
    for (let start = 0; start < listed.length; start += CARDS_AT_ONCE) {
      const some = listed.slice(start, start + CARDS_AT_ONCE);
      const cards = await Promise.all(
        some.map(({ partnerId }) => getScorecard(ctx, { partnerId, period, programId })),
      );
      some.forEach((partner, index) => {
        const scorecard = cards[index];
        if (scorecard) rows.push(rowOf(partner, scorecard, metricIds));
      });
    }
  }
  const header = [...COLUMNS, ...metricIds.flatMap((metricId) => [metricId, `${metricId}_score`])];
  return csvOf(header, rows);
}

function rowOf(partner: Partner, scorecard: Scorecard, metricIds: readonly string[]): Cell[] {
  const { card } = scorecard;
  const metrics = new Map(card.metrics.map((metric) => [metric.metricId, metric]));
  return [
    partner.partnerId,
    partner.name,
    partner.region,
    scorecard.status,
    scorecard.status === "frozen" ? scorecard.card.revision : null,
    card.score,
    card.rating.status === "rated" ? card.rating.name : "insufficient data",
    card.coveragePercent,
    ...metricIds.flatMap((metricId): Cell[] => {
      const metric = metrics.get(metricId);
      const value = metric?.value ?? null;
      return [value === null ? null : Number(value), metric?.score ?? null];
    }),
  ];
}
