import type { Partner } from "@concord/core/partner";
import type { RankedPartner, RankingSummary } from "@concord/core/ranking";
import type { DemoRun } from "./demo-run.ts";
import { QUARTERS } from "./local-time.ts";
import type { Band, PeriodDistribution, Ranking, RankedPartner as Row } from "./report/model.ts";

/** The ranking of the last quarter with the scores of the year, as the API answers. */
export async function collectRanking(run: DemoRun): Promise<Ranking> {
  const { api } = run.vendor.programManager;
  const rankings = await Promise.all(
    QUARTERS.map((quarter) => api.list<RankedPartner>(`/v1/rankings/${quarter}`)),
  );
  const last = rankings.at(-1) ?? [];
  const peersOf = await peerRanks(run, last);
  const row = ({ partnerId, partnerName, region, coveragePercent }: RankedPartner): Row => ({
    partner: partnerName,
    region,
    partnerManager: managerOf(run, partnerId),
    coveragePercent,
  });
  return {
    period: QUARTERS[3],
    trendPeriods: QUARTERS,
    entries: last.flatMap((entry) => {
      const { rank, score, rating, partnerId } = entry;
      if (rank === null || score === null || rating === null) return [];
      const trend = rankings.map((ranking) => {
        const then = ranking.find((one) => one.partnerId === partnerId);
        return then?.status === "ranked" ? then.score : null;
      });
      const peers = peersOf(entry);
      return [{ ...row(entry), rank, peers, score, rating: rating.name, trend }];
    }),
    insufficient: last
      .filter(({ status }) => status === "unrated")
      .map((entry) => ({ ...row(entry), reason: entry.unratedReasons[0] ?? "no data" })),
  };
}

/** Ranked once more among the partners of each segment and region. */
async function peerRanks({ vendor }: DemoRun, entries: readonly RankedPartner[]) {
  const { api } = vendor.programManager;
  const groups = new Set(entries.map(({ segment, region }) => JSON.stringify({ segment, region })));
  const places = new Map<string, { rank: number; of: number }>();
  for (const group of groups) {
    const query = new URLSearchParams(JSON.parse(group));
    const peers = await api.list<RankedPartner>(`/v1/rankings/${QUARTERS[3]}?${query}`);
    const ranked = peers.filter(({ rank }) => rank !== null);
    for (const { partnerId, rank } of ranked) {
      places.set(partnerId, { rank: rank ?? 0, of: ranked.length });
    }
  }
  return ({ partnerId }: RankedPartner) => places.get(partnerId) ?? { rank: 0, of: 0 };
}

const managerOf = ({ vendor }: DemoRun, partnerId: Partner["partnerId"]): string =>
  vendor.partners.find(({ partner }) => partner.partnerId === partnerId)?.manager.name ?? "";

/** How the partners are spread over the ratings, quarter by quarter. */
export async function collectDistribution(
  { vendor }: DemoRun,
  bands: readonly Band[],
): Promise<PeriodDistribution[]> {
  const { api } = vendor.programManager;
  return Promise.all(
    QUARTERS.map(async (period) => {
      const { body } = await api.call<RankingSummary>(`/v1/rankings/${period}/summary`);
      const partners = bands.map(
        ({ label }) => body.distribution.find(({ name }) => name === label)?.partners ?? 0,
      );
      return { period, partners, insufficient: body.unrated };
    }),
  );
}

/** The place of a partner among those of its segment and region, in words. */
export async function peerPlace(
  { vendor }: DemoRun,
  partner: Partner,
  quarter: string,
): Promise<string> {
  const { body } = await vendor.programManager.api.call<{
    rank: number | null;
    peers: number;
    segment: string;
    region: string;
  }>(`/v1/partners/${partner.partnerId}/ranking/${quarter}`);
  const place = body.rank === null ? "not ranked" : `${body.rank} of ${body.peers}`;
  return `${place} among ${body.segment} partners of ${body.region}`;
}
