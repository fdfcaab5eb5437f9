import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import { type Cell, csvOf } from "../csv/index.ts";
import type { CycleStore } from "../cycle/index.ts";
import { raise } from "../error/index.ts";
import { type CycleId, PartnerId } from "../id/index.ts";
import type { Partner, PartnerStore } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import {
  CardMetric,
  getScorecard,
  type Scorecard,
  type ScorecardStore,
} from "../scorecard/index.ts";

type Context = RequestContext<CycleStore & PartnerStore & ProgramStore & ScorecardStore>;

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
  "score_before_calibration",
] as const;

/** What an export of the cards of a cycle holds of one partner. */
export const ExportedCard = z.object({
  partnerId: PartnerId,
  name: z.string(),
  region: z.string(),
  state: z.enum(["live", "frozen"]),
  revision: z.number().int().nullable(),
  score: z.number().nullable(),
  rating: z.string(),
  coveragePercent: z.number(),
  /** Null where no calibration moved the score. */
  unadjustedScore: z.number().nullable(),
  metrics: z.array(CardMetric.pick({ metricId: true, unit: true, value: true, score: true })),
});
type ExportedCard = z.infer<typeof ExportedCard>;

export const ExportedCards = z.object({
  metricIds: z.array(z.string()),
  cards: z.array(ExportedCard),
});
type ExportedCards = z.infer<typeof ExportedCards>;

/**
 * The cards of a cycle, one a partner with each metric's figure and score; live ones where the
 * cycle is not frozen yet. Figures of money are in whole units of the program's currency.
 * @throws DomainError permission-denied | cycle-not-found | program-version-not-found
 */
export async function exportScorecards(ctx: Context, cycleId: CycleId): Promise<ExportedCards> {
  requirePermission(ctx.actor, "ranking:read");
  const { cycles, partners, programs } = ctx.store;
  const cycle = (await cycles.get(cycleId)) ?? raise("cycle-not-found");
  const { programId, programVersion, period } = cycle;
  const program =
    (await programs.version(programId, programVersion)) ?? raise("program-version-not-found");
  const metricIds = program.definition.metrics.map(({ metricId }) => metricId);

  const exported: ExportedCard[] = [];
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
        if (scorecard) exported.push(exportOf(partner, scorecard));
      });
    }
  }
  return { metricIds, cards: exported };
}

function exportOf({ partnerId, name, region }: Partner, scorecard: Scorecard): ExportedCard {
  const { score, rating, coveragePercent, metrics } = scorecard.card;
  return {
    ...{ partnerId, name, region, state: scorecard.status, score, coveragePercent },
    revision: scorecard.status === "frozen" ? scorecard.card.revision : null,
    rating: rating.status === "rated" ? rating.name : "insufficient data",
    unadjustedScore: scorecard.card.unadjusted?.score ?? null,
    metrics: metrics.map(({ metricId, unit, value, score: points }) => {
      return { metricId, unit, value, score: points };
    }),
  };
}

type ShownMetric = Omit<ExportedCard["metrics"][number], "value"> & {
  readonly value?: string | null;
};
type ShownCard = Omit<ExportedCard, "metrics"> & { readonly metrics: readonly ShownMetric[] };

/** As CSV, one line a partner; a figure that is withheld says so. */
export function exportedCardsCsv({
  metricIds,
  cards,
}: {
  readonly metricIds: readonly string[];
  readonly cards: readonly ShownCard[];
}): string {
  const header = [...COLUMNS, ...metricIds.flatMap((metricId) => [metricId, `${metricId}_score`])];
  return csvOf(
    header,
    cards.map((card) => rowOf(card, metricIds)),
  );
}

function rowOf(card: ShownCard, metricIds: readonly string[]): Cell[] {
  const metrics = new Map(card.metrics.map((metric) => [metric.metricId, metric]));
  return [
    ...[card.partnerId, card.name, card.region, card.state, card.revision, card.score],
    ...[card.rating, card.coveragePercent, card.unadjustedScore],
    ...metricIds.flatMap((metricId): Cell[] => {
      const metric = metrics.get(metricId);
      return [metric ? figureOf(metric) : null, metric?.score ?? null];
    }),
  ];
}

const figureOf = ({ value }: ShownMetric): Cell => {
  if (value === undefined) return "withheld";
  return value === null ? null : Number(value);
};
