import type { MemberActor } from "@concord/core/actor";
import { backTestProgram } from "@concord/core/back-test";
import { cycleIdOf } from "@concord/core/cycle";
import {
  MemberId,
  type PartnerId,
  PersonId,
  type ProgramId,
  type TenantId,
} from "@concord/core/id";
import { updatePartner } from "@concord/core/partner";
import { publishProgram, updateProgramDraft } from "@concord/core/program";
import { projectRanking } from "@concord/core/ranking";
import { getReview } from "@concord/core/review";
import { emptyCounters } from "@concord/core/rollup";
import {
  getFrozenScorecard,
  getScorecard,
  getScorecardChanges,
  replayScorecard,
} from "@concord/core/scorecard";
import { beforeAll, describe, expect, it } from "vitest";
import { ACME, type CycleWorld, cycleWorld, GLOBEX } from "./cycle.fixture.ts";

const at = (instant: string) => new Date(instant);
const OPENED = at("2027-01-01T12:00:00Z");
const DURING = at("2027-02-10T12:00:00Z");
const ADMIN: MemberActor = {
  kind: "member",
  personId: PersonId.parse(`per_${"0".repeat(26)}`),
  memberId: MemberId.parse(`mem_${"0".repeat(26)}`),
  roles: ["admin"],
};
const FROZEN = at("2027-04-07T11:00:00Z");

describe("S-04 a program whose next version has segments", () => {
  let world: CycleWorld;
  const tenants = new Map<TenantId, { programId: ProgramId; partnerIds: PartnerId[] }>();

  /** Growing resellers count wins alone, strategic ones win rates; everybody else the program's own. */
  const segments = (wins: number) => [
    {
      segmentId: "growing",
      name: "Growing",
      partnerTypes: ["reseller" as const],
      lifecycleStages: ["growing" as const],
      depth: "light" as const,
      focus: [],
      template: [
        { metricId: "pipeline-created", weightPercent: wins },
        { metricId: "revenue-won", weightPercent: 100 - wins },
      ],
    },
    {
      segmentId: "strategic",
      name: "Strategic",
      partnerTypes: ["reseller" as const],
      lifecycleStages: ["strategic" as const],
      depth: "deep-dive" as const,
      focus: ["roadmap" as const],
      template: [{ metricId: "revenue-won", weightPercent: 100 }],
    },
  ];

  const ctxOf = (tenantId: TenantId, now: Date) => world.contextOf(tenantId, now);
  const asAdmin = (tenantId: TenantId, now: Date) => ({ ...ctxOf(tenantId, now), actor: ADMIN });
  const ownOf = (tenantId: TenantId) => {
    const own = tenants.get(tenantId);
    const [first, second] = own?.partnerIds ?? [];
    if (!own || !first || !second) throw new Error("the tenant has two partners");
    return { programId: own.programId, first, second };
  };
  const move = async (tenantId: TenantId, partnerId: PartnerId, now: Date) => {
    const ctx = asAdmin(tenantId, now);
    const current = await ctx.store.partners.get(partnerId);
    await updatePartner(ctx, {
      ...{ partnerId, ifVersion: current?.version ?? 0 },
      changes: { lifecycleStage: "strategic" },
    });
  };

  beforeAll(async () => {
    world = await cycleWorld();
    for (const [tenantId, wins] of [
      [ACME, 60],
      [GLOBEX, 20],
    ] as const) {
      const { programId, partnerIds } = await world.addTenant(tenantId, 2);
      tenants.set(tenantId, { programId, partnerIds });
      const ctx = asAdmin(tenantId, at("2026-12-15T12:00:00Z"));
      const drafted = await updateProgramDraft(ctx, {
        ...{ programId, ifVersion: 2 },
        changes: { segments: segments(wins) },
      });
      const input = { programId, ifVersion: drafted.version, effectiveFrom: "2027-Q1" };
      await publishProgram(ctx, input);
      const counters = { ...emptyCounters(), createdCount: 70, wonCount: 30, wonAmount: 4_000_000 };
      await ctx.store.rollups.replace(
        partnerIds.flatMap((partnerId) =>
          ["2026-11", "2027-02"].map((month) => ({
            ...{ partnerId, month, counters, version: 1, changedAt: "2027-02-01T00:00:00.000Z" },
          })),
        ),
      );
    }
    await world.settle(OPENED);
  });

  it("keeps where each partner stood when the cycle opened, each tenant its own", async () => {
    for (const tenantId of [ACME, GLOBEX]) {
      const { programId, first } = ownOf(tenantId);
      const key = { cycleId: cycleIdOf(programId, "2027-Q1"), partnerId: first };
      const { segment } = await getReview(asAdmin(tenantId, DURING), key);
      expect(segment).toEqual({
        segmentId: "growing",
        depth: "light",
        focus: ["market-entry", "enablement", "fast-feedback"],
      });
    }
  });

  it("leaves a moved partner where it was for this cycle, and takes it along in the next", async () => {
    const { programId, first, second } = ownOf(ACME);
    const asked = { partnerId: first, period: "2027-Q1", programId };
    const before = await getScorecard(asAdmin(ACME, DURING), asked);
    // 0.6 × 50 + 0.4 × 20; of the other tenant's weights it would be 26
    expect(before.card).toMatchObject({ segmentId: "growing", score: 38 });
    await move(ACME, first, DURING);
    const after = await getScorecard(asAdmin(ACME, DURING), asked);
    expect(after).toEqual(before);
    const next = { ...asked, period: "2027-Q2" };
    expect((await getScorecard(asAdmin(ACME, DURING), next)).card).toMatchObject({
      segmentId: "strategic",
      metrics: [{ metricId: "revenue-won", weightPercent: 100 }],
    });
    const stayed = await getScorecard(asAdmin(ACME, DURING), { ...next, partnerId: second });
    expect(stayed.card.segmentId).toBe("growing");
  });

  it("compares the quarter with one of the version before, which had none", async () => {
    const { programId, first } = ownOf(ACME);
    const asked = { partnerId: first, period: "2027-Q1", programId };
    const { change, moves, fromCap } = await getScorecardChanges(asAdmin(ACME, DURING), asked);
    const points = [
      fromCap,
      ...moves.flatMap((one) => [
        ...[one.fromMeasure, one.fromTarget, one.fromWeight, one.fromCoverage],
      ]),
    ];
    expect(moves.length).toBeGreaterThan(2);
    expect(points.reduce((sum, one) => sum + Math.round(one * 1e4), 0)).toBe(
      Math.round((change ?? Number.NaN) * 1e4),
    );
  });

  it("ranks by the card that the partner has", async () => {
    const { programId, first } = ownOf(ACME);
    const ctx = asAdmin(ACME, DURING);
    await projectRanking(ctxOf(ACME, DURING), { partnerId: first, periods: ["2027-Q1"] });
    const { card } = await getScorecard(ctx, { partnerId: first, period: "2027-Q1", programId });
    expect((await ctx.store.rankings.entry(first, "2027-Q1"))?.score).toBe(card.score);
  });

  it("back-tests the version that introduces them for each partner as it stands today", async () => {
    const { programId } = ownOf(GLOBEX);
    const ctx = asAdmin(GLOBEX, DURING);
    const filter = { programId, baseline: 1, candidate: 2, from: "2026-Q4", to: "2026-Q4" };
    const { items } = await backTestProgram(ctx, filter, { limit: 10 });
    expect(items).toHaveLength(2);
    // 70 created: (70 − 30) / 80 = 50, a fifth; 40,000 won: (40,000 − 20,000) / 100,000 = 20, four fifths
    expect(items.map(({ periods }) => periods[0]?.candidate.score)).toEqual([26, 26]);
    expect(items.map(({ periods }) => periods[0]?.change)).not.toContain(0);
  });

  it("freezes by what was kept, and computes it again from stored rows alone", async () => {
    await world.settle(FROZEN);
    for (const tenantId of [ACME, GLOBEX]) {
      const { programId, first } = ownOf(tenantId);
      const key = { cycleId: cycleIdOf(programId, "2027-Q1"), partnerId: first };
      const ctx = asAdmin(tenantId, FROZEN);
      expect((await getFrozenScorecard(ctx, key)).segmentId).toBe("growing");
      expect(await replayScorecard(ctx, key)).toMatchObject({ isIdentical: true });
    }
  });
});
