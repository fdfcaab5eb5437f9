import { cycleIdOf } from "@concord/core/cycle";
import type { PartnerId, ProgramId, TenantId } from "@concord/core/id";
import { toMoney } from "@concord/core/money";
import { updatePartner } from "@concord/core/partner";
import {
  exportedCardsCsv,
  exportRanking,
  exportScorecards,
  getRankingPosition,
  getRankingSummary,
  listRanking,
  type RankedPartner,
  rankingCsv,
} from "@concord/core/ranking";
import { getScorecard } from "@concord/core/scorecard";
import { createMeter, openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, GLOBEX } from "../cycle/cycle.fixture.ts";
import { seeded } from "../cycle/faulty-table.fixture.ts";
import { runTick } from "../timer/run-tick.ts";
import { timerHandlers } from "../timer/timer-handlers.ts";
import { projectRankingChanges } from "./project-ranking.ts";
import {
  type ChangeRecord,
  countingOvertaken,
  monthOfDeals,
  rankingDependencies,
  recordOf,
} from "./ranking.fixture.ts";

const FEBRUARY = new Date("2027-02-15T12:00:00Z");
const PERIOD = "2027-Q1";
const REGIONS = ["Central", "East", "West"];

describe("the ranking", () => {
  let world: CycleWorld;
  let acme: { programId: ProgramId; partnerIds: PartnerId[] };
  let globex: { programId: ProgramId; partnerIds: PartnerId[] };
  const viewerOf = (tenantId: TenantId, now = FEBRUARY) => ({
    ...world.test.asMember(tenantId, "viewer"),
    now,
  });
  const project = (records: readonly ChangeRecord[], now = FEBRUARY) =>
    projectRankingChanges(rankingDependencies(world, now), { Records: records });

  /** Every partner of a tenant as the ranking should show it, from the cards alone. */
  async function expectedOf(tenantId: TenantId, partnerIds: readonly PartnerId[]) {
    const ctx = viewerOf(tenantId);
    const rows = await Promise.all(
      partnerIds.map(async (partnerId) => {
        const partner = await ctx.store.partners.get(partnerId);
        const { card } = await getScorecard(ctx, { partnerId, period: PERIOD });
        const isRated = card.rating.status === "rated";
        return {
          partnerId,
          name: partner?.name ?? "",
          region: partner?.region ?? "",
          score: card.score ?? 0,
          isRated,
          rating: card.rating.status === "rated" ? card.rating.ratingId : null,
          revenueMinor: card.sums.inPeriod.wonAmount,
        };
      }),
    );
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    const rated = rows
      .filter(({ isRated }) => isRated)
      .sort((a, b) => b.score - a.score || byName(a, b));
    const unrated = rows.filter(({ isRated }) => !isRated).sort(byName);
    const ranking = [
      ...rated.map((row) => ({
        partnerId: row.partnerId,
        rank: 1 + rated.filter(({ score }) => score > row.score).length,
      })),
      ...unrated.map(({ partnerId }) => ({ partnerId, rank: null })),
    ];
    return { rows, rated, unrated, ranking };
  }

  const all = async (tenantId: TenantId, filter = {}, limit = 100): Promise<RankedPartner[]> => {
    const items: RankedPartner[] = [];
    let position: string | undefined;
    do {
      const page = await listRanking(
        viewerOf(tenantId),
        { period: PERIOD, ...filter },
        { limit, position },
      );
      items.push(...page.items);
      position = page.position;
    } while (position !== undefined);
    return items;
  };

  beforeAll(async () => {
    world = await cycleWorld();
    acme = await world.addTenant(ACME, 14);
    globex = await world.addTenant(GLOBEX, 3);
    await world.settle(new Date("2027-01-01T12:00:00Z"));
  });

  it("equals the cards after changes in any order, repeated, beside each other and in any batches", async () => {
    const random = seeded(2027);
    const draw = (below: number) => Math.floor(random() * below);
    const versions = new Map<string, number>();
    const records: ChangeRecord[] = [];
    const { rollups } = world.test.openTenant(ACME);
    const admin = world.test.asMember(ACME, "admin");

    const changeDeals = async (partnerId: PartnerId) => {
      const month = ["2026-12", "2027-01", "2027-02"][draw(3)] ?? "2027-01";
      const version = (versions.get(partnerId + month) ?? 0) + 1;
      versions.set(partnerId + month, version);
      const deals = { won: draw(40), lost: draw(40), amountMinor: 100_000 + draw(5) * 50_000 };
      await rollups.replace([monthOfDeals(partnerId, month, deals, version)]);
      records.push(recordOf(ACME, { entity: "RollupMonth", partnerId, month }));
    };
    const movePartner = async (partnerId: PartnerId) => {
      const partner = await admin.store.partners.get(partnerId);
      await updatePartner(admin, {
        partnerId,
        ifVersion: partner?.version ?? 0,
        changes: { region: REGIONS[draw(3)] ?? "West", name: `Renamed ${draw(1_000_000)}` },
      });
      records.push(recordOf(ACME, { entity: "Partner", partnerId }, "MODIFY"));
    };
    const deliver = async () => {
      const batch = () => Array.from({ length: 1 + draw(4) }, () => records[draw(records.length)]);
      const some = (list: (ChangeRecord | undefined)[]) => list.filter((one) => one !== undefined);
      const answers = await Promise.all([project(some(batch())), project(some(batch()))]);
      for (const { batchItemFailures } of answers) expect(batchItemFailures).toEqual([]);
    };

    for (const partnerId of acme.partnerIds) {
      records.push(recordOf(ACME, { entity: "Review", partnerId, period: PERIOD }));
    }
    for (let step = 0; step < 60; step += 1) {
      const partnerId = acme.partnerIds[draw(acme.partnerIds.length - 2)];
      if (!partnerId) continue;
      await (random() < 0.8 ? changeDeals(partnerId) : movePartner(partnerId));
      if (random() < 0.4) await deliver();
    }
    // Each record comes at least once after its change, the newest first.
    for (let end = records.length; end > 0; end -= 7) {
      await project(records.slice(Math.max(0, end - 7), end).reverse());
    }

    const expected = await expectedOf(ACME, acme.partnerIds);
    expect(expected.rated.length).toBeGreaterThan(5);
    expect(expected.unrated.length).toBeGreaterThan(1);
    const listed = await all(ACME);
    expect(listed.map(({ partnerId, rank }) => ({ partnerId, rank }))).toEqual(expected.ranking);

    const summary = await getRankingSummary(viewerOf(ACME), PERIOD);
    expect(summary).toMatchObject({
      partners: 14,
      rated: expected.rated.length,
      unrated: expected.unrated.length,
      revenue: toMoney(
        expected.rows.reduce((sum, { revenueMinor }) => sum + revenueMinor, 0),
        "USD",
      ),
    });
    for (const { ratingId, partners } of summary.distribution) {
      expect(expected.rated.filter(({ rating }) => rating === ratingId)).toHaveLength(partners);
    }
    expect(summary.distribution.reduce((sum, { partners }) => sum + partners, 0)).toBe(
      expected.rated.length,
    );
    for (const { region, rated, unrated } of summary.groups) {
      const peers = expected.rows.filter((row) => row.region === region);
      expect([rated, unrated]).toEqual([
        peers.filter(({ isRated }) => isRated).length,
        peers.filter(({ isRated }) => !isRated).length,
      ]);
    }
  });

  it("shows one tenant nothing of another", async () => {
    expect(await all(GLOBEX)).toEqual([]);
    const [partnerId] = globex.partnerIds;
    await project([recordOf(GLOBEX, { entity: "Review", partnerId, period: PERIOD })]);
    expect((await all(GLOBEX)).map((one) => one.partnerId)).toEqual([partnerId]);
    expect((await all(ACME)).map((one) => one.partnerId)).not.toContain(partnerId);
  });

  it("keeps partners without enough data apart, with the reason", async () => {
    const listed = await all(ACME);
    const unrated = listed.filter(({ status }) => status === "unrated");
    expect(unrated.length).toBeGreaterThan(1);
    expect(listed.slice(-unrated.length)).toEqual(unrated);
    for (const { rank, rating, unratedReasons } of unrated) {
      expect({ rank, rating }).toEqual({ rank: null, rating: null });
      expect(unratedReasons.length).toBeGreaterThan(0);
    }
  });

  it("is the same in pages of any size, and ranks anew among the peers of a region", async () => {
    const whole = await all(ACME);
    for (const limit of [1, 2, 5]) expect(await all(ACME, {}, limit)).toEqual(whole);
    for (const region of REGIONS) {
      const peers = await all(ACME, { region }, 2);
      const scores = peers.flatMap(({ rank, score }) => (rank === null ? [] : [score ?? 0]));
      expect(peers.map(({ partnerId }) => partnerId)).toEqual(
        whole.filter((one) => one.region === region).map(({ partnerId }) => partnerId),
      );
      expect(peers.flatMap(({ rank }) => rank ?? [])).toEqual(
        scores.map((score) => 1 + scores.filter((other) => other > score).length),
      );
    }
    expect(await all(ACME, { segment: "reseller.strategic" })).toEqual([]);
  });

  it("tells a partner its own place and the number of its peers, and answers for others like for none", async () => {
    const listed = await all(ACME);
    const [best] = listed;
    if (!best) throw new Error("nobody is ranked");
    const partner = world.test.asPartner(ACME, best.partnerId, "partner-user");
    const peers = listed.filter(({ rank, region }) => rank !== null && region === best.region);
    const position = await getRankingPosition(partner, {
      partnerId: best.partnerId,
      period: PERIOD,
    });
    expect(position).toMatchObject({ rank: 1, peers: peers.length, region: best.region });
    for (const other of listed.slice(1)) {
      expect(JSON.stringify(position)).not.toContain(other.partnerId);
      expect(JSON.stringify(position)).not.toContain(other.partnerName);
    }
    for (const partnerId of [listed[1]?.partnerId, globex.partnerIds[0]]) {
      if (!partnerId) continue;
      await expect(
        getRankingPosition(partner, { partnerId, period: PERIOD }),
      ).rejects.toMatchObject({
        code: "ranking-entry-not-found",
      });
    }
    await expect(listRanking(partner, { period: PERIOD }, { limit: 10 })).rejects.toMatchObject({
      code: "permission-denied",
    });
  });

  it("tells everybody the place they have in the list, also where the sums know nothing of points", async () => {
    const { store } = world.contextOf(ACME, FEBRUARY);
    const listed = await all(ACME);
    const peersOf = ({ segment, region }: Pick<RankedPartner, "segment" | "region">) =>
      listed.filter((one) => one.segment === segment && one.region === region);
    const ratedOf = (group: Pick<RankedPartner, "segment" | "region">) =>
      peersOf(group).filter(({ rank }) => rank !== null);
    const expected = listed.map(({ rank, score, ...group }) =>
      rank === null
        ? null
        : 1 + ratedOf(group).filter((one) => Number(one.score) > Number(score)).length,
    );
    const ranks = async () => {
      const places = listed.map(({ partnerId }) =>
        getRankingPosition(world.test.asPartner(ACME, partnerId, "partner-user"), {
          ...{ partnerId, period: PERIOD },
        }),
      );
      return (await Promise.all(places)).map(({ rank }) => rank);
    };
    const parts = await store.rankings.summary(PERIOD);
    for (const part of parts) {
      const points = ratedOf(part).map(({ score }) => String(Math.floor(Number(score))));
      const counted = points.map((of) => [of, points.filter((one) => one === of).length]);
      expect(part.points).toEqual(Object.fromEntries(counted));
    }
    expect(await ranks()).toEqual(expected);
    for (const { points: _, ...part } of parts) {
      const [peer] = peersOf(part);
      const entry = peer && (await store.rankings.entry(peer.partnerId, PERIOD));
      if (!entry) throw new Error("a group has somebody");
      const older = { ...part, version: part.version + 1 };
      expect(await store.rankings.save({ ...entry, version: entry.version + 1 }, [older])).toBe(
        true,
      );
    }
    expect(await ranks()).toEqual(expected);
  });

  it("writes nothing for what it has counted, and reads a partner once however many records a batch has", async () => {
    const [partnerId] = acme.partnerIds;
    const records = ["2026-12", "2027-01", "2027-02"].map((month) =>
      recordOf(ACME, { entity: "RollupMonth", partnerId, month }),
    );
    const meter = createMeter();
    const table = world.test.table.metered(meter);
    const contextOf = (tenantId: TenantId) => world.contextOf(tenantId, FEBRUARY, table);
    await projectRankingChanges(rankingDependencies(world, FEBRUARY, { contextOf }), {
      Records: [...records, ...records],
    });
    expect(meter.usage().writeUnits).toBe(0);
    // The partner, its months, and the entries of the two quarters.
    expect(meter.usage().requests).toBeLessThanOrEqual(4 + 2);
  });

  it("writes nothing in vain where all partners of a few groups change at once", async () => {
    const { rollups } = world.test.openTenant(ACME);
    for (const [index, partnerId] of acme.partnerIds.entries()) {
      const deals = { won: 20 + index, lost: 4, amountMinor: 420_000 };
      const months = await rollups.months(partnerId, "2027-03");
      const last = months.find(({ month }) => month === "2027-02")?.version ?? 0;
      await rollups.replace([monthOfDeals(partnerId, "2027-02", deals, last + 1)]);
    }
    const counting = countingOvertaken(world);
    const contextOf = (tenantId: TenantId) => counting.contextOf(tenantId, FEBRUARY);
    const Records = acme.partnerIds.map((partnerId) =>
      recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2027-02" }),
    );
    const answer = await projectRankingChanges(
      rankingDependencies(world, FEBRUARY, { contextOf }),
      { Records },
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(counting.overtaken()).toBe(0);
    const { ranking } = await expectedOf(ACME, acme.partnerIds);
    const listed = await all(ACME);
    expect(listed.map(({ partnerId, rank }) => ({ partnerId, rank }))).toEqual(ranking);
  });

  it("ignores a record whose row did not change", async () => {
    const [partnerId] = acme.partnerIds;
    const record = recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2027-01" }, "MODIFY");
    const { NewImage } = record.dynamodb;
    const untouchable = {
      contextOf: () => {
        throw new Error("must not be opened");
      },
    };
    const same = { ...record, dynamodb: { ...record.dynamodb, OldImage: NewImage } };
    expect(
      await projectRankingChanges(rankingDependencies(world, FEBRUARY, untouchable), {
        Records: [same],
      }),
    ).toEqual({ batchItemFailures: [] });
  });

  it("reports a partner that fails, goes on with the others, and counts it again by a later tick", async () => {
    const [broken, sound] = [acme.partnerIds[0], acme.partnerIds[1]];
    if (!broken || !sound) throw new Error("two partners are needed");
    const { rollups } = world.test.openTenant(ACME);
    for (const partnerId of [broken, sound]) {
      const deals = { won: 30, lost: 3, amountMinor: 777_700 };
      const months = await rollups.months(partnerId, "2027-03");
      const last = months.find(({ month }) => month === "2027-02")?.version ?? 0;
      await rollups.replace([monthOfDeals(partnerId, "2027-02", deals, last + 1)]);
    }
    const contextOf = (tenantId: TenantId) => {
      const ctx = world.contextOf(tenantId, FEBRUARY);
      const partners = {
        ...ctx.store.partners,
        get: (partnerId: PartnerId) =>
          partnerId === broken
            ? Promise.reject(new Error("lost"))
            : ctx.store.partners.get(partnerId),
      };
      return { ...ctx, store: { ...ctx.store, partners } };
    };
    const records = [broken, sound].map((partnerId) =>
      recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2027-02" }),
    );
    const answer = await projectRankingChanges(
      rankingDependencies(world, FEBRUARY, { contextOf }),
      {
        Records: records,
      },
    );
    expect(answer.batchItemFailures).toEqual([
      { itemIdentifier: records[0]?.dynamodb.SequenceNumber },
    ]);
    const revenueOf = async (partnerId: PartnerId) =>
      (await world.test.openTenant(ACME).rankings.entry(partnerId, PERIOD))?.revenueMinor;
    const cardOf = async (partnerId: PartnerId) =>
      (await getScorecard(viewerOf(ACME), { partnerId, period: PERIOD })).card.sums.inPeriod
        .wonAmount;
    expect(await revenueOf(sound)).toBe(await cardOf(sound));
    expect(await revenueOf(broken)).not.toBe(await cardOf(broken));

    const later = new Date(FEBRUARY.getTime() + 11 * 60_000);
    const handlers = timerHandlers({
      contextOf: world.contextOf,
      queue: { send: () => Promise.resolve() },
      sign: () => expect.unreachable(),
      log: () => undefined,
      ...openSystemStore(world.test.table),
      files: { put: () => Promise.resolve() },
      wallNow: Date.now,
    });
    await runTick({ ...world.tickDependencies(), handlers }, later);
    expect(await revenueOf(broken)).toBe(await cardOf(broken));
  });

  it("keeps frozen figures when live ones come later, and exports what it shows", async () => {
    const [partnerId] = acme.partnerIds;
    if (!partnerId) throw new Error("a partner is needed");
    const frozenAt = new Date("2027-04-07T11:00:00Z");
    await world.settle(frozenAt);
    const { programId } = acme;
    const cycleId = cycleIdOf(programId, PERIOD);
    const version = { programVersion: 1, revision: 1 };
    const card = {
      entity: "FrozenCard",
      partnerId,
      period: PERIOD,
      cycleId,
      programId,
      ...version,
    };
    await project([recordOf(ACME, card)], frozenAt);
    const { rankings, rollups } = world.test.openTenant(ACME);
    const frozen = await rankings.entry(partnerId, PERIOD);
    expect(frozen?.state).toBe("frozen");

    const months = await rollups.months(partnerId, "2027-03");
    const last = months.find(({ month }) => month === "2027-02")?.version ?? 0;
    const deals = { won: 39, lost: 0, amountMinor: 999_900 };
    await rollups.replace([monthOfDeals(partnerId, "2027-02", deals, last + 1)]);
    const changed = recordOf(ACME, { entity: "RollupMonth", partnerId, month: "2027-02" });
    await project([changed], frozenAt);
    // A projection that began before the freeze and comes in last.
    await project([changed], FEBRUARY);
    expect(await rankings.entry(partnerId, PERIOD)).toEqual(frozen);

    const ctx = viewerOf(ACME, frozenAt);
    const lines = rankingCsv(await exportRanking(ctx, { period: PERIOD }))
      .trimEnd()
      .split("\r\n");
    expect(lines).toHaveLength(1 + 14);
    expect(lines[0]).toMatch(/^rank,status,partner_id,partner,segment,region,state,score,rating/);
    const cards = exportedCardsCsv(await exportScorecards(ctx, cycleId))
      .trimEnd()
      .split("\r\n");
    expect(cards).toHaveLength(1 + 14);
    expect(cards.slice(1).every((line) => line.includes(",frozen,1,"))).toBe(true);
    await expect(exportScorecards(viewerOf(GLOBEX), cycleId)).rejects.toMatchObject({
      code: "cycle-not-found",
    });
  });
});
