import { adjustScore, openCalibration } from "@concord/core/calibration";
import { cycleIdOf } from "@concord/core/cycle";
import { ProgramDefinition, resellerTemplate } from "@concord/core/program";
import { evaluateTier } from "@concord/core/tier";
import { beforeAll, describe, expect, it } from "vitest";
import { projectRankingChanges } from "../ranking/project-ranking.ts";
import { rankingDependencies, recordOf } from "../ranking/ranking.fixture.ts";
import { ACME, type CycleWorld, cycleWorld, GLOBEX } from "./cycle.fixture.ts";

const template = resellerTemplate("USD");
const [metric] = template.metrics;
/** One metric that is never without data: who sold nothing is rated, at 0. */
const draft = ProgramDefinition.parse({
  ...template,
  metrics: [{ ...metric, weightPercent: 100, pairedMetricId: null }],
  minimumCoveragePercent: 0,
  tiers: [
    { tierId: "member", name: "Member" },
    { tierId: "gold", name: "Gold", minimumScore: 3 },
  ],
  automaticPromotion: true,
});

describe("the tiers after a freeze", () => {
  let world: CycleWorld;
  let acme: Awaited<ReturnType<CycleWorld["addTenant"]>>;
  let globex: Awaited<ReturnType<CycleWorld["addTenant"]>>;
  const FROZEN = new Date("2027-04-07T11:00:00Z");
  beforeAll(async () => {
    world = await cycleWorld();
    acme = await world.addTenant(ACME, 3, { draft });
    globex = await world.addTenant(GLOBEX, 2);
    await world.settle(new Date("2027-01-01T12:00:00Z"));
    await world.settle(FROZEN);
  });
  const tierOf = (partnerId: (typeof acme.partnerIds)[number]) =>
    world.test.openTenant(ACME).tiers.get(partnerId, acme.programId);

  it("G-05 are given by the standing of the frozen card, and nobody gets one in a program without", async () => {
    for (const partnerId of acme.partnerIds) {
      expect(await tierOf(partnerId)).toMatchObject({
        tierId: "member",
        recommendation: null,
        ratedPeriods: ["2027-Q1"],
        history: [{ from: null, to: "member", direction: "promotion", how: "automatic" }],
        version: 1,
      });
    }
    const { tiers } = world.test.openTenant(GLOBEX);
    for (const partnerId of globex.partnerIds) {
      expect((await tiers.ofPartner(partnerId, { limit: 10 })).items).toEqual([]);
    }
  });

  it("G-05 stay as they are when a partner is looked at again", async () => {
    const ctx = world.contextOf(ACME, FROZEN);
    const cycleId = cycleIdOf(acme.programId, "2027-Q1");
    for (const partnerId of acme.partnerIds) {
      await evaluateTier(ctx, { cycleId, partnerId }, "America/Chicago");
      expect(await tierOf(partnerId)).toMatchObject({ version: 1 });
    }
  });

  it("G-05 follow a revision by themselves, once: upwards at once, downwards for a person to decide", async () => {
    const cycleId = cycleIdOf(acme.programId, "2027-Q1");
    const [partnerId, other] = acme.partnerIds;
    if (!partnerId || !other) throw new Error("there are three partners");
    const admin = { ...world.test.asMember(ACME, "admin"), now: FROZEN };
    const deps = rankingDependencies(world, FROZEN);
    /** What the change feed delivers of a revision, twice and not alone. */
    const deliver = async (revision: number) => {
      const card = await admin.store.scorecards.revision({ cycleId, partnerId }, revision);
      const record = recordOf(ACME, { ...card, entity: "FrozenCard" });
      expect(await projectRankingChanges(deps, { Records: [record, record] })).toEqual({
        batchItemFailures: [],
      });
      await projectRankingChanges(deps, { Records: [record] });
    };
    await openCalibration(admin, cycleId);
    const adjust = (ifVersion: number, points: number | null) =>
      adjustScore(
        admin,
        { cycleId, partnerId, ifVersion },
        { points, reason: "Regional holidays" },
      );

    await deliver(1);
    expect(await tierOf(partnerId)).toMatchObject({ tierId: "member", version: 1 });
    await adjust(1, 5);
    await deliver(2);
    expect(await tierOf(partnerId)).toMatchObject({
      ...{ tierId: "gold", recommendation: null, version: 2 },
      evaluated: { scorecardRevision: 2 },
    });
    await adjust(2, null);
    await deliver(3);
    // One that was delivered late says nothing new.
    await deliver(2);
    expect(await tierOf(partnerId)).toMatchObject({
      ...{ tierId: "gold", version: 3, ratedPeriods: ["2027-Q1"] },
      recommendation: { direction: "demotion", tierId: "member", scorecardRevision: 3 },
    });
    expect(await tierOf(other)).toMatchObject({ version: 1 });
    const theirs = globex.partnerIds.map((id) =>
      world.test.openTenant(GLOBEX).tiers.ofPartner(id, { limit: 10 }),
    );
    expect((await Promise.all(theirs)).flatMap(({ items }) => items)).toEqual([]);
  });
});
