import { cycleIdOf } from "@concord/core/cycle";
import type { PartnerId, ProgramId, TenantId } from "@concord/core/id";
import { publishProgram, updateProgramDraft } from "@concord/core/program";
import { getReScoring, reScore } from "@concord/core/re-scoring";
import { freezeScorecard, getScorecard } from "@concord/core/scorecard";
import { reScoreTimer } from "@concord/core/timer";
import { createMeter } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, GLOBEX } from "../cycle/cycle.fixture.ts";
import { projectRankingChanges } from "../ranking/project-ranking.ts";
import {
  countingOvertaken,
  monthOfDeals,
  rankingDependencies,
  recordOf,
} from "../ranking/ranking.fixture.ts";
import { reScoringTimer } from "./re-scoring-timer.ts";

/** The program is published within the quarter, so that no cycle has pinned a version of it. */
const PUBLISHED = new Date("2027-02-10T12:00:00Z");
const LATER = new Date("2027-02-15T12:00:00Z");
const PERIOD = "2027-Q1";
const BEFORE = "2026-Q4";
const PARTNERS = 60;

interface Tenant {
  readonly programId: ProgramId;
  readonly partnerIds: PartnerId[];
}

describe("live scores after a new version", () => {
  let world: CycleWorld;
  let acme: Tenant;
  let globex: Tenant;
  const system = (tenantId: TenantId, now = LATER) => world.contextOf(tenantId, now);
  const manager = (now: Date) => ({ ...world.test.asMember(ACME, "program-manager"), now });

  async function rank(tenantId: TenantId, { partnerIds }: Tenant): Promise<void> {
    const { rollups } = world.test.openTenant(tenantId);
    for (const [index, partnerId] of partnerIds.entries()) {
      const deals = { won: 12 + (index % 30), lost: 10, amountMinor: 250_000 };
      await rollups.replace([monthOfDeals(partnerId, "2027-01", deals)]);
    }
    const Records = partnerIds.map((partnerId) =>
      recordOf(tenantId, { entity: "RollupMonth", partnerId, month: "2027-01" }),
    );
    const done = await projectRankingChanges(rankingDependencies(world, LATER), { Records });
    expect(done).toEqual({ batchItemFailures: [] });
  }

  /** What the ranking says of each partner, and what its live card does. */
  async function placesOf(tenantId: TenantId, { partnerIds }: Tenant) {
    const ctx = { ...world.test.asMember(tenantId, "viewer"), now: LATER };
    return Promise.all(
      partnerIds.map(async (partnerId) => {
        const entry = await ctx.store.rankings.entry(partnerId, PERIOD);
        const { card } = await getScorecard(ctx, { partnerId, period: PERIOD });
        return { ranked: entry?.score, version: entry?.programVersion, live: card.score };
      }),
    );
  }

  async function publishNext(
    now: Date,
    coverage: number,
    effectiveFrom = "2026-Q1",
  ): Promise<void> {
    const ctx = manager(now);
    const head = await ctx.store.programs.get(acme.programId);
    if (!head) throw new Error("there is a program");
    const [first, second, ...others] = head.draft.metrics;
    if (!first || !second) throw new Error("the template has metrics");
    const metrics = [
      { ...first, weightPercent: first.weightPercent + 5 },
      { ...second, weightPercent: second.weightPercent - 5 },
      ...others,
    ];
    const changed = await updateProgramDraft(ctx, {
      programId: acme.programId,
      ifVersion: head.version,
      changes: { metrics, minimumCoveragePercent: coverage },
    });
    await publishProgram(ctx, {
      programId: acme.programId,
      ifVersion: changed.version,
      effectiveFrom,
    });
  }

  beforeAll(async () => {
    world = await cycleWorld();
    acme = await world.addTenant(ACME, PARTNERS, { publishedAt: PUBLISHED });
    globex = await world.addTenant(GLOBEX, 2, { publishedAt: PUBLISHED });
    await rank(ACME, acme);
    await rank(GLOBEX, globex);
  });

  it("are behind it when the timer that publishing set has run, page by page, the frozen ones apart", async () => {
    const [frozenId] = acme.partnerIds;
    if (!frozenId) throw new Error("there are partners");
    const program = await system(ACME).store.programs.version(acme.programId, 1);
    if (!program) throw new Error("version 1 was published");
    const key = { cycleId: cycleIdOf(acme.programId, BEFORE), partnerId: frozenId };
    const span = { from: "2026-10-01", to: "2026-12-31" };
    await freezeScorecard(system(ACME), { ...key, program, period: BEFORE, span });
    const record = recordOf(ACME, {
      ...{ entity: "FrozenCard", ...key, programId: acme.programId },
      ...{ programVersion: 1, revision: 1, period: BEFORE },
    });
    await projectRankingChanges(rankingDependencies(world, LATER), { Records: [record] });
    const frozenEntry = await system(ACME).store.rankings.entry(frozenId, BEFORE);
    expect(frozenEntry).toMatchObject({ state: "frozen", programVersion: 1 });
    const others = await placesOf(GLOBEX, globex);

    await publishNext(LATER, 55);
    // Without it the ranking tells of weights that count no more.
    const stale = await placesOf(ACME, acme);
    expect(stale.filter(({ ranked, live }) => ranked !== live).length).toBeGreaterThan(50);
    const subject = { programId: acme.programId, version: 2 };
    expect(await getReScoring(manager(LATER), subject)).toMatchObject({ status: "waiting" });

    let wall = 0;
    const { contextOf, overtaken } = countingOvertaken(world);
    const handler = reScoringTimer({
      contextOf,
      // Each look at the clock is later than the slice is long: one page a run.
      wallNow: () => (wall += 20_000),
    });
    const timer = { tenantId: ACME, ...reScoreTimer(subject, LATER) };
    const now = new Date(timer.dueAt);
    expect(await handler(timer, now)).toMatchObject({ again: { kind: "re-score" } });
    const half = await getReScoring(manager(now), subject);
    expect(half).toMatchObject({
      status: "running",
      partners: 50,
      periods: expect.arrayContaining([BEFORE, PERIOD]),
    });
    expect(await handler(timer, now)).toBe("done");
    // Partners of a group change the same sum: beside each other they would write in vain.
    expect(overtaken()).toBe(0);

    const places = await placesOf(ACME, acme);
    expect(places.map(({ ranked }) => ranked)).toEqual(places.map(({ live }) => live));
    expect(new Set(places.map(({ version }) => version))).toEqual(new Set([2]));
    expect(await getReScoring(manager(now), subject)).toMatchObject({
      status: "done",
      partners: PARTNERS,
      changed: PARTNERS,
      finishedAt: now.toISOString(),
    });
    expect(await system(ACME).store.rankings.entry(frozenId, BEFORE)).toEqual(frozenEntry);
    expect(await placesOf(GLOBEX, globex)).toEqual(others);
  });

  it("are not touched by a repeat, which reads that it is done", async () => {
    const subject = { programId: acme.programId, version: 2 };
    const before = await placesOf(ACME, acme);
    const meter = createMeter();
    const ctx = world.contextOf(ACME, LATER, world.test.table.metered(meter));
    const job = await reScore(ctx, subject, { shouldPause: () => false });
    expect(job).toMatchObject({ status: "done", partners: PARTNERS });
    expect(meter.usage().requests).toBeLessThanOrEqual(3);
    expect(await placesOf(ACME, acme)).toEqual(before);
  });

  it("cost no read of a partner where the version leaves every live period alone", async () => {
    const inApril = new Date("2027-04-20T12:00:00Z");
    await world.settle(new Date("2027-04-01T12:00:00Z"));
    await publishNext(inApril, 50, "2027-Q3");
    const meter = createMeter();
    const ctx = world.contextOf(
      ACME,
      new Date(inApril.getTime() + 60_000),
      world.test.table.metered(meter),
    );
    const job = await reScore(
      ctx,
      { programId: acme.programId, version: 3 },
      { shouldPause: () => false },
    );
    expect(job).toMatchObject({ status: "done", partners: 0, periods: [] });
    expect(meter.usage().requests).toBeLessThanOrEqual(4);
  });

  it("are nobody's to bring about but the system's, and of another tenant there is nothing to see", async () => {
    const subject = { programId: acme.programId, version: 2 };
    const pause = { shouldPause: () => false };
    await expect(reScore(manager(LATER), subject, pause)).rejects.toMatchObject({
      code: "permission-denied",
    });
    const foreign = { ...world.test.asMember(GLOBEX, "admin"), now: LATER };
    await expect(getReScoring(foreign, subject)).rejects.toMatchObject({
      code: "program-version-not-found",
    });
    const partner = world.test.asPartner(ACME, acme.partnerIds[0] as PartnerId, "partner-exec");
    await expect(getReScoring(partner, subject)).rejects.toMatchObject({
      code: "permission-denied",
    });
  });
});
