import { type Cycle, cycleIdOf, getCycle, listCycles } from "@concord/core/cycle";
import type { PartnerId, ProgramId, TenantId } from "@concord/core/id";
import { createPartner } from "@concord/core/partner";
import { publishProgram } from "@concord/core/program";
import { listReviews } from "@concord/core/review";
import { emptyCounters } from "@concord/core/rollup";
import { tickHealth } from "@concord/core/timer";
import { openSystemStore } from "@concord/storage";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, GLOBEX } from "./cycle.fixture.ts";
import { runCycleMessage } from "./run-cycle-message.ts";

const at = (instant: string) => new Date(instant);

describe("a year of cycles", () => {
  let world: CycleWorld;
  let acme: { programId: ProgramId; partnerIds: PartnerId[] };
  let globex: { programId: ProgramId; partnerIds: PartnerId[] };
  beforeAll(async () => {
    world = await cycleWorld();
    acme = await world.addTenant(ACME, 12);
    globex = await world.addTenant(GLOBEX, 3, { timeZone: "Pacific/Auckland" });
  });

  const cyclesOf = async (tenantId: TenantId): Promise<readonly Cycle[]> =>
    (await listCycles(world.test.asMember(tenantId, "viewer"), { limit: 100 })).items;
  const reviewsOf = async (tenantId: TenantId, programId: ProgramId, period: string) => {
    const ctx = world.test.asMember(tenantId, "viewer");
    return (await listReviews(ctx, cycleIdOf(programId, period), { limit: 100 })).items;
  };

  it("opens nothing before 06:00 of the first day in the tenant's zone", async () => {
    await world.settle(at("2026-12-31T16:59:59Z"));
    expect(await cyclesOf(GLOBEX)).toEqual([]);
    await world.settle(at("2026-12-31T17:00:00Z"));
    expect((await cyclesOf(GLOBEX)).map(({ period }) => period)).toEqual(["2027-Q1"]);
    expect(await cyclesOf(ACME)).toEqual([]);
    await world.settle(at("2027-01-01T12:00:00Z"));
    expect((await cyclesOf(ACME)).map(({ period }) => period)).toEqual(["2027-Q1"]);
  });

  it("S-07 gives each partner one review with the windows of the program, each tenant its own", async () => {
    const reviews = await reviewsOf(ACME, acme.programId, "2027-Q1");
    expect(reviews.map(({ partnerId }) => partnerId).sort()).toEqual([...acme.partnerIds].sort());
    expect(await reviewsOf(GLOBEX, globex.programId, "2027-Q1")).toHaveLength(3);
    const [cycle] = await cyclesOf(ACME);
    expect(cycle).toMatchObject({
      period: "2027-Q1",
      span: { from: "2027-01-01", to: "2027-03-31" },
      programVersion: 1,
      status: "open",
      opensAt: "2027-01-01T12:00:00.000Z",
      freezesAt: "2027-04-07T11:00:00.000Z",
      closesAt: "2027-04-28T11:00:00.000Z",
      partnerCount: 12,
      kickedOffAt: "2027-01-01T12:00:00.000Z",
    });
  });

  it("counts progress for members, and answers a partner user without it", async () => {
    const cycleId = cycleIdOf(acme.programId, "2027-Q1");
    const [partnerId] = acme.partnerIds;
    const { progress } = await getCycle(world.test.asMember(ACME, "viewer"), cycleId);
    expect(progress).toEqual({
      partners: 12,
      reviewsOpened: 12,
      cardsFrozen: 0,
      reviewsClosed: 0,
      rollupsRepaired: 0,
    });
    const partner = world.test.asPartner(ACME, partnerId as PartnerId, "partner-user");
    expect((await getCycle(partner, cycleId)).progress).toBeNull();
    await expect(getCycle(world.test.asMember(GLOBEX, "admin"), cycleId)).rejects.toMatchObject({
      code: "cycle-not-found",
    });
  });

  it("writes nothing when a tick and every message come again", async () => {
    const now = at("2027-01-01T12:05:00Z");
    const cycleId = cycleIdOf(acme.programId, "2027-Q1");
    await world.settle(now);
    const before = await reviewsOf(ACME, acme.programId, "2027-Q1");
    for (const kind of ["kick-off-chunk", "freeze-chunk", "close-chunk"] as const) {
      const message = { kind, tenantId: ACME, cycleId, chunk: 0 };
      await runCycleMessage(world.workDependencies(now), message);
    }
    await runCycleMessage(world.workDependencies(now), {
      kind: "advance-cycle",
      tenantId: ACME,
      cycleId,
    });
    expect(world.queue).toEqual([]);
    expect(await reviewsOf(ACME, acme.programId, "2027-Q1")).toEqual(before);
  });

  it("freezes when the data window closes, closes when the review window ends, and says who did not sign", async () => {
    const cycleId = cycleIdOf(acme.programId, "2027-Q1");
    const viewer = world.test.asMember(ACME, "viewer");
    await world.settle(at("2027-04-07T10:59:59Z"));
    expect((await getCycle(viewer, cycleId)).status).toBe("open");
    await world.settle(at("2027-04-07T11:00:00Z"));
    expect(await getCycle(viewer, cycleId)).toMatchObject({
      status: "frozen",
      frozenAt: "2027-04-07T11:00:00.000Z",
      progress: { cardsFrozen: 12, rollupsRepaired: 0 },
    });
    const { scorecards } = world.test.openTenant(ACME);
    const card = await scorecards.latest({ cycleId, partnerId: acme.partnerIds[0] as PartnerId });
    expect(card).toMatchObject({ period: "2027-Q1", revision: 1, programVersion: 1 });

    await world.settle(at("2027-04-28T11:00:00Z"));
    expect(await getCycle(viewer, cycleId)).toMatchObject({
      status: "closed",
      reviewsClosedAt: "2027-04-28T11:00:00.000Z",
      progress: { reviewsClosed: 12 },
    });
    const reviews = await reviewsOf(ACME, acme.programId, "2027-Q1");
    expect(reviews.map(({ status }) => status)).toEqual(Array(12).fill("closed"));
    expect(reviews[0]).toMatchObject({ outcome: "not-signed" });
  });

  it("a tick that is three quarters late opens them in order, each in its period, and catches up", async () => {
    await world.settle(at("2028-01-20T00:00:00Z"));
    const cycles = await cyclesOf(ACME);
    expect(cycles.map(({ period, status }) => [period, status])).toEqual([
      ["2028-Q1", "open"],
      ["2027-Q4", "frozen"],
      ["2027-Q3", "closed"],
      ["2027-Q2", "closed"],
      ["2027-Q1", "closed"],
    ]);
    for (const period of ["2027-Q2", "2027-Q3", "2027-Q4", "2028-Q1"]) {
      expect(await reviewsOf(ACME, acme.programId, period)).toHaveLength(12);
    }
  });

  it("leaves a partner who came after the opening to the next cycle", async () => {
    const ctx = { ...world.test.asMember(ACME, "admin"), now: at("2028-01-21T00:00:00Z") };
    const { partnerId } = await createPartner(ctx, {
      name: "Late comer",
      type: "reseller",
      lifecycleStage: "onboarding",
      region: "West",
      partnerManagerId: null,
      executiveSponsorId: null,
      dataStewardId: null,
    });
    await world.settle(at("2028-04-01T11:00:00Z"));
    const idsOf = async (period: string) =>
      (await reviewsOf(ACME, acme.programId, period)).map((review) => review.partnerId);
    expect(await idsOf("2028-Q1")).not.toContain(partnerId);
    expect(await idsOf("2028-Q2")).toContain(partnerId);
  });

  it("shows when the tick ran and what is overdue since when", async () => {
    const ctx = { ...world.test.asSystem(ACME), store: openSystemStore(world.test.table) };
    const now = at("2028-04-01T11:00:30Z");
    expect(await tickHealth({ ...ctx, now })).toMatchObject({
      lastTick: { at: "2028-04-01T11:00:00.000Z", failed: 0 },
      oldestOverdueAt: null,
    });
    const late = await tickHealth({ ...ctx, now: at("2028-07-02T11:00:00Z") });
    expect(late.oldestOverdueAt).toBe("2028-04-01T11:01:00.000Z");
    expect(Math.max(...late.lagSeconds)).toBe(
      (Date.parse("2028-07-02T11:00:00Z") - Date.parse("2028-04-01T11:01:00Z")) / 1000,
    );
    await expect(
      tickHealth({ ...ctx, actor: world.test.asMember(ACME, "owner").actor, now }),
    ).rejects.toMatchObject({ code: "permission-denied" });
  });
});

describe("a freeze", () => {
  it("repairs, counts and reports a rollup that is not what its facts add up to, and changes nothing when repeated", async () => {
    const world = await cycleWorld();
    const { programId, partnerIds } = await world.addTenant(ACME, 3);
    const [partnerId] = partnerIds;
    if (!partnerId) throw new Error("there are three partners");
    await world.settle(at("2027-01-01T12:00:00Z"));
    const { rollups, scorecards } = world.test.openTenant(ACME);
    const counters = { ...emptyCounters(), wonCount: 5 };
    const changedAt = "2027-02-01T00:00:00.000Z";
    await rollups.replace([{ partnerId, month: "2027-02", counters, version: 1, changedAt }]);

    const now = at("2027-04-07T11:00:00Z");
    await world.tick(now);
    for (const advance of world.queue.splice(0)) {
      await runCycleMessage(world.workDependencies(now), advance);
    }
    const message = world.queue.splice(0).at(0);
    expect(message).toMatchObject({ kind: "freeze-chunk", chunk: 0 });
    if (!message) throw new Error("one chunk is to be frozen");
    const deliver = () => runCycleMessage(world.workDependencies(now), message);
    await deliver();
    const cardsOf = () =>
      Promise.all(
        partnerIds.map((id) =>
          scorecards.revisions({ cycleId: cycleIdOf(programId, "2027-Q1"), partnerId: id }),
        ),
      );
    const frozen = await cardsOf();
    expect(frozen.map((revisions) => revisions.length)).toEqual([1, 1, 1]);
    expect(frozen[0]?.[0]?.sums.inPeriod.wonCount).toBe(0);
    expect(
      (await rollups.months(partnerId, "2027-12")).map((one) => one.counters.wonCount),
    ).toEqual([0]);
    const viewer = world.test.asMember(ACME, "viewer");
    expect(await getCycle(viewer, cycleIdOf(programId, "2027-Q1"))).toMatchObject({
      status: "frozen",
      progress: { cardsFrozen: 3, rollupsRepaired: 1 },
    });
    expect(
      world.log.filter(({ message: text }) => text === "rollup differs from its facts"),
    ).toEqual([expect.objectContaining({ level: "error", partnerId })]);

    await Promise.all([deliver(), deliver()]);
    await world.settle(at("2027-04-07T12:00:00Z"));
    expect(await cardsOf()).toEqual(frozen);
  });
});

describe("a program published within a quarter", () => {
  it("acts from the next boundary, also where it says it is in effect already", async () => {
    const world = await cycleWorld();
    const { programId } = await world.addTenant(ACME, 1, {
      publishedAt: at("2027-02-14T12:00:00Z"),
    });
    await world.settle(at("2027-03-31T12:00:00Z"));
    const ctx = world.test.asMember(ACME, "viewer");
    expect((await listCycles(ctx, { limit: 10 })).items).toEqual([]);
    await world.settle(at("2027-04-01T11:00:00Z"));
    const { items } = await listCycles(ctx, { limit: 10 });
    expect(items.map(({ cycleId }) => cycleId)).toEqual([cycleIdOf(programId, "2027-Q2")]);
  });
});

describe("a version published after the boundary that a late tick has yet to serve", () => {
  it("leaves that cycle to the version before it, and scores the next one", async () => {
    const world = await cycleWorld();
    const { programId } = await world.addTenant(ACME, 1);
    const afterwards = { ...world.test.asMember(ACME, "admin"), now: at("2027-01-02T12:00:00Z") };
    await publishProgram(afterwards, { programId, ifVersion: 2, effectiveFrom: "2027-Q1" });
    await world.settle(at("2027-01-03T00:00:00Z"));
    await world.settle(at("2027-04-01T11:00:00Z"));
    const { items } = await listCycles(world.test.asMember(ACME, "viewer"), { limit: 10 });
    expect(items.map(({ period, programVersion }) => [period, programVersion])).toEqual([
      ["2027-Q2", 2],
      ["2027-Q1", 1],
    ]);
  });
});
