import { PartnerId, type ProgramId, type TenantId } from "@concord/core/id";
import {
  createProgram,
  getProgram,
  getProgramVersion,
  listPrograms,
  listProgramVersions,
  publishProgram,
  updateProgramDraft,
} from "@concord/core/program";
import { createTenant } from "@concord/core/tenant";
import { ACME, GLOBEX, testStore } from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Test = Awaited<ReturnType<typeof testStore>>;

type Ctx = ReturnType<Test["asMember"]>;

const withTenant = async (test: Test, tenantId: TenantId, email: string) => {
  const { now, mint } = test.asSystem(tenantId);
  await createTenant(
    {
      actor: { kind: "system", name: "bootstrap" },
      now,
      mint,
      openTenant: test.openTenant,
    },
    {
      tenantId,
      tenant: {
        name: email,
        timeZone: "America/Chicago",
        fiscalYearStartMonth: 1,
        currency: "USD",
      },
      owner: { displayName: "Olive Owner", email, initialPassword: "correct horse battery staple" },
    },
  );
};

const versionsOf = async (...[ctx, programId]: [Ctx, ProgramId]) =>
  (await listProgramVersions(ctx, programId, { limit: 50 })).items;

describe("programs in the table", () => {
  let test: Test;
  beforeAll(async () => {
    test = await testStore();
    await withTenant(test, ACME, "owner@acme.example");
    await withTenant(test, GLOBEX, "owner@globex.example");
  });
  const asManager = () => test.asMember(ACME, "program-manager");
  const fromTemplate = { from: "reseller-template", name: "Resellers" } as const;

  it("S-03 publish in versions that never change, under a draft that does", async () => {
    const ctx = asManager();
    const { programId } = await createProgram(ctx, fromTemplate);
    const one = await publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: "2027-Q2" });
    expect(one).toMatchObject({ version: 2, published: { version: 1, effectiveFrom: "2027-Q2" } });
    await updateProgramDraft(ctx, {
      programId,
      ifVersion: 2,
      changes: { minimumCoveragePercent: 75 },
    });
    await publishProgram(ctx, { programId, ifVersion: 3, effectiveFrom: "2027-Q3" });
    const versions = await versionsOf(ctx, programId);
    expect(
      versions.map(({ version, definition }) => [version, definition.minimumCoveragePercent]),
    ).toEqual([
      [1, 60],
      [2, 75],
    ]);
    expect(await getProgramVersion(ctx, { programId, version: 1 })).toEqual(versions[0]);
  });

  it("are scored with by their versions, the one published a moment ago included", async () => {
    const ctx = asManager();
    const known = (await ctx.store.programs.scoringRules(ctx.now)).versions.length;
    const { programId } = await createProgram(ctx, fromTemplate);
    await publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: "2027-Q2" });
    const rules = await ctx.store.programs.scoringRules(ctx.now);
    expect(rules.versions).toHaveLength(known + 1);
    expect(rules.calendar).toEqual({ timeZone: "America/Chicago", fiscalYearStartMonth: 1 });
  });

  it("are remembered for a minute, and no longer", async () => {
    const { actor } = asManager();
    const costAt = (now: Date) =>
      test.costOf(async (as) => as(actor, ACME).store.programs.scoringRules(now));
    const later = new Date("2027-02-01T12:00:00.000Z");
    expect((await costAt(later)).requests).toBe(2);
    expect((await costAt(new Date("2027-02-01T12:00:59.000Z"))).requests).toBe(0);
    expect((await costAt(new Date("2027-02-01T12:01:00.000Z"))).requests).toBe(2);
  });

  it("set the timer of their first cycle when they are published", async () => {
    const ctx = asManager();
    const { programId } = await createProgram(ctx, fromTemplate);
    const before = await test.costOf(async (as) => {
      const own = as(ctx.actor, ACME);
      await publishProgram(own, { programId, ifVersion: 1, effectiveFrom: "2027-Q2" });
    });
    // The program, the tenant, every version, and one transaction of state, event, version and timers.
    expect(before.requests).toBe(4);
  });

  it("keep two tenants apart", async () => {
    const ours = await createProgram(asManager(), fromTemplate);
    const globex = test.asMember(GLOBEX, "program-manager");
    await expect(getProgram(globex, ours.programId)).rejects.toMatchObject({
      code: "program-not-found",
    });
    await expect(versionsOf(globex, ours.programId)).rejects.toMatchObject({
      code: "program-not-found",
    });
    await createProgram(globex, fromTemplate);
    expect((await listPrograms(globex, { limit: 50 })).items).toHaveLength(1);
    expect((await globex.store.programs.scoringRules(globex.now)).versions).toEqual([]);
  });

  it("let one of two who publish at the same time win", async () => {
    const ctx = asManager();
    const { programId } = await createProgram(ctx, fromTemplate);
    const publish = () =>
      publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: "2027-Q2" });
    const outcomes = await Promise.allSettled([publish(), publish()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await versionsOf(ctx, programId)).toHaveLength(1);
  });

  it("refuse a draft with faults and store nothing of it", async () => {
    const ctx = asManager();
    const { programId } = await createProgram(ctx, fromTemplate);
    await updateProgramDraft(ctx, { programId, ifVersion: 1, changes: { metrics: [] } });
    await expect(
      publishProgram(ctx, { programId, ifVersion: 2, effectiveFrom: "2027-Q2" }),
    ).rejects.toMatchObject({
      code: "program-not-publishable",
      places: [{ pointer: "/draft/metrics" }],
    });
    expect(await versionsOf(ctx, programId)).toEqual([]);
    expect((await getProgram(ctx, programId)).version).toBe(2);
  });

  it.each([
    ["a viewer", () => test.asMember(ACME, "viewer"), "permission-denied"],
    ["a partner manager", () => test.asMember(ACME, "partner-manager"), "permission-denied"],
  ])("are not published by %s", async (_, ctxOf, code) => {
    const { programId } = await createProgram(asManager(), fromTemplate);
    const input = { programId, ifVersion: 1, effectiveFrom: "2027-Q2" };
    await expect(publishProgram(ctxOf(), input)).rejects.toMatchObject({ code });
    expect(await versionsOf(asManager(), programId)).toEqual([]);
  });

  it("S-98 show partners what is published, and no draft", async () => {
    const ctx = asManager();
    const { programId } = await createProgram(ctx, fromTemplate);
    const partner = test.asPartner(
      ACME,
      PartnerId.parse("ptr_0000000000000000000000000A"),
      "partner-user",
    );
    await expect(getProgram(partner, programId)).rejects.toMatchObject({
      code: "permission-denied",
    });
    await expect(versionsOf(partner, programId)).rejects.toMatchObject({
      code: "program-not-found",
    });
    await publishProgram(ctx, { programId, ifVersion: 1, effectiveFrom: "2027-Q2" });
    expect(await versionsOf(partner, programId)).toHaveLength(1);
  });
});
