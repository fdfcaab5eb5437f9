import { PartnerId } from "@concord/core/id";
import {
  getRankingPosition,
  getRankingSummary,
  listRanking,
  type RankingEntry,
} from "@concord/core/ranking";
import { getScorecard } from "@concord/core/scorecard";
import { ACME, figure } from "@concord/local/testing";
import { createMeter, openPinnedStore } from "@concord/storage";
import { type CycleWorld, cycleWorld } from "../../packages/workers/src/cycle/cycle.fixture.ts";
import { projectRankingChanges } from "../../packages/workers/src/ranking/project-ranking.ts";
import {
  monthOfDeals,
  rankingDependencies,
  recordOf,
} from "../../packages/workers/src/ranking/ranking.fixture.ts";
import type { Ratio } from "./ratio.ts";

const FEW = 50;
const MANY = figure(5_000, 50_000);
const NOW = new Date("2026-12-20T12:00:00.000Z");
const PERIOD = "2026-Q4";
const PAGE = { limit: 20 };
const WRITES_AT_ONCE = 50;

interface Tenant {
  readonly world: CycleWorld;
  readonly partnerIds: readonly PartnerId[];
}

/** Partners with a year of months behind them that add up to so many facts, all of them ranked. */
async function ranked(facts: number): Promise<Tenant> {
  const world = await cycleWorld();
  const { partnerIds } = await world.addTenant(ACME, FEW);
  const { rollups } = world.test.openTenant(ACME);
  for (const [n, partnerId] of partnerIds.entries()) {
    const won = Math.ceil((facts * (40 + (n % 20))) / 1200);
    const lost = Math.ceil(facts / 12) - won + 10;
    const months = Array.from({ length: 12 }, (_, month) =>
      monthOfDeals(partnerId, `2026-${String(month + 1).padStart(2, "0")}`, {
        ...{ won, lost: Math.max(1, lost), amountMinor: 250_000 },
      }),
    );
    await rollups.replace(months);
  }
  const Records = partnerIds.map((partnerId) =>
    recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2026-11" }),
  );
  await projectRankingChanges(rankingDependencies(world, NOW), { Records });
  return { world, partnerIds };
}

const groupOf = ({ segment, region }: Pick<RankingEntry, "segment" | "region">): string =>
  `${segment} ${region}`;

/** Puts others beside them: entries as the ranked ones have, under other names and with other scores. */
async function joinedBy(others: number, { world, partnerIds }: Tenant): Promise<void> {
  const { store } = world.contextOf(ACME, NOW);
  const known: RankingEntry[] = await store.rankings.entries(partnerIds, PERIOD);
  const scores = new Map<string, number[]>();
  for (let at = 0; at < others; at += WRITES_AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(WRITES_AT_ONCE, others - at) }, (_, n) => {
        const like = known[(at + n) % known.length];
        if (!like) throw new Error("nobody is ranked");
        const score = like.score === null ? null : ((like.score * 7 + at + n) % 1000) / 10;
        const partnerName = `Other ${String(at + n).padStart(5, "0")}`;
        const partnerId = world.test.mint(PartnerId);
        const ofGroup = scores.get(groupOf(like)) ?? [];
        if (like.rating !== null && score !== null) ofGroup.push(score);
        scores.set(groupOf(like), ofGroup);
        return store.rankings.save({ ...like, score, partnerName, partnerId, version: 1 }, []);
      }),
    );
  }
  for (const part of await store.rankings.summary(PERIOD)) {
    const grown = (value: number) => Math.round((value * (others + FEW)) / FEW);
    const ratings = Object.fromEntries(
      Object.entries(part.ratings).map(([id, rating]) => [
        id,
        { ...rating, partners: grown(rating.partners) },
      ]),
    );
    const points: Record<string, number> = { ...part.points };
    for (const score of scores.get(groupOf(part)) ?? []) {
      points[Math.floor(score)] = (points[Math.floor(score)] ?? 0) + 1;
    }
    const next = {
      ...{ ...part, ratings, points },
      ...{ rated: grown(part.rated), unrated: grown(part.unrated) },
    };
    const [entry] = known;
    if (!entry) throw new Error("nobody is ranked");
    const version = part.version + 1;
    await store.rankings.save({ ...entry, version: entry.version + 1 }, [{ ...next, version }]);
  }
}

/** Read and write units, requests and bytes of what each of the two sides looks at first. */
async function costs({ world, partnerIds: [partnerId] }: Tenant) {
  if (!partnerId) throw new Error("there are partners");
  const cost = async (read: (ctx: ReturnType<typeof viewer>) => Promise<unknown>) => {
    const meter = createMeter();
    const body = await read(viewer(world, meter));
    const { requests, readUnits } = meter.usage();
    return { requests, units: readUnits, bytes: Buffer.byteLength(JSON.stringify(body)) };
  };
  return {
    "the vendor's: spread of ratings and the first 20 partners": await cost(async (ctx) => [
      await getRankingSummary(ctx, PERIOD),
      await listRanking(ctx, { period: PERIOD }, PAGE),
    ]),
    "the partner's: its live scorecard": await cost((ctx) =>
      getScorecard(ctx, { partnerId, period: PERIOD }),
    ),
    "the partner's place among its peers": await cost((ctx) =>
      getRankingPosition(ctx, { partnerId, period: PERIOD }),
    ),
  };
}

const viewer = ({ test }: CycleWorld, meter: ReturnType<typeof createMeter>) => ({
  ...test.asMember(ACME, "viewer"),
  store: openPinnedStore(test.table.metered(meter), ACME),
  now: NOW,
});

/** B11 of the targets. */
export async function dashboardRatios(): Promise<readonly Ratio[]> {
  const small = await costs(await ranked(10));
  const tenant = await ranked(5_000);
  await joinedBy(MANY - FEW, tenant);
  const large = await costs(tenant);
  return Object.entries(large).flatMap(([what, own]) => {
    const reference = small[what as keyof typeof small];
    return (["requests", "units", "bytes"] as const).map(
      (unit): Ratio => ({
        ...{ id: "B11", what, unit, ours: own[unit], reference: reference[unit] },
        ...{ ratio: own[unit] / reference[unit], gate: 1.05, isCeiling: true },
      }),
    );
  });
}
