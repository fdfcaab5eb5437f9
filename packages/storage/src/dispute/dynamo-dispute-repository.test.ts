import type { RequestContext } from "@concord/core/context";
import {
  DecideDispute,
  decideDispute,
  FileDispute,
  fileDispute,
  getDispute,
  listCycleDisputes,
  listDisputes,
  listOpenDisputes,
  trackDispute,
  withdrawDispute,
} from "@concord/core/dispute";
import { OpportunityId, SourceId } from "@concord/core/id";
import type { Opportunity } from "@concord/core/opportunity";
import {
  type FactStore,
  getFrozenScorecard,
  listScorecardRevisions,
  replayScorecard,
  reviseScorecard,
} from "@concord/core/scorecard";
import {
  ACME,
  GLOBEX,
  type TestPartnership,
  type TestStore,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { factOf, factStore } from "../scorecard/frozen-facts.fixture.ts";
import { openSystemStore } from "../system-store.ts";
import type { TenantStore } from "../tenant-store.ts";

type Ctx = RequestContext<TenantStore>;
const PAGE = { limit: 50 };
const later = (days: number) =>
  new Date(Date.parse("2027-01-15T12:00:00.000Z") + days * 86_400_000);

describe("G-04 disputes in the table", () => {
  let test: TestStore;
  let acme: TestPartnership;
  let facts: Opportunity[];
  beforeEach(async () => {
    test = await testStore();
    acme = await testPartnership(test, ACME);
    const { partnerId } = acme.partner;
    facts = Array.from({ length: 60 }, (_, index) =>
      factOf(partnerId, index + 1, {
        outcome: index < 40 ? "won" : "lost",
        amountMinor: index < 40 ? 250_000 : 0,
        listAmountMinor: 260_000,
        closedOn: "2026-11-20",
      }),
    );
  });

  const key = (of = acme) => ({
    cycleId: of.review.cycleId,
    partnerId: of.partner.partnerId,
  });
  const withFacts = <C extends Ctx>(ctx: C, store: FactStore = factStore(() => facts)) => ({
    ...ctx,
    store: { ...ctx.store, ...store },
  });
  const filing = (changes: object = {}) =>
    FileDispute.parse({
      about: "score",
      metricId: "win-rate",
      scorecardRevision: 1,
      reason: "Ten of the lost deals were not ours",
      evidence: {
        text: "The customers say so",
        links: ["https://crm.example/report/7"],
        opportunityIds: [facts[50]?.opportunityId],
      },
      ...changes,
    });
  const file = (changes: object = {}, of = acme, now?: Date) =>
    fileDispute(of.as(of.partnerUsers.user, now), key(of), filing(changes));
  const decide = (
    disputeId: Awaited<ReturnType<typeof file>>["disputeId"],
    input: object,
    { ifVersion = 1, ctx = withFacts(acme.as(acme.members.programManager)) } = {},
  ) => decideDispute(ctx, { ...key(), disputeId, ifVersion }, DecideDispute.parse(input));
  const upheld = (remedy: object) => ({ outcome: "upheld", answer: "Quite so", remedy });
  const rejected = { outcome: "rejected", answer: "They were registered by you" };
  const latest = (of = acme) => getFrozenScorecard(of.as(of.partnerUsers.user), key(of));

  it("are filed with evidence and read by both sides", async () => {
    const dispute = await file();
    expect(dispute).toMatchObject({
      status: "open",
      metricName: "Win rate",
      partnerName: "Northwind",
      dueOn: "2027-01-25",
      isOverdue: false,
      version: 1,
    });
    const target = { ...key(), disputeId: dispute.disputeId };
    for (const person of [acme.partnerUsers.exec, acme.members.viewer]) {
      expect(await getDispute(acme.as(person), target)).toEqual(dispute);
      expect((await listDisputes(acme.as(person), key(), PAGE)).items).toEqual([dispute]);
    }
    const waiting = await listOpenDisputes(acme.as(acme.members.sponsor), PAGE);
    expect(waiting.items).toEqual([dispute]);
  });

  it("do not exist for another partner, nor for another tenant", async () => {
    const { disputeId } = await file();
    const other = await testPartnership(test, ACME, { name: "Southwind" });
    const foreign = await testPartnership(test, GLOBEX);
    const target = { ...key(), disputeId };
    for (const ctx of [
      other.as(other.partnerUsers.exec),
      foreign.as(foreign.partnerUsers.exec),
      foreign.as(foreign.members.programManager),
    ]) {
      await expect(getDispute(ctx, target)).rejects.toMatchObject({ code: "dispute-not-found" });
      await expect(listDisputes(ctx, key(), PAGE)).rejects.toMatchObject({
        code: "scorecard-not-found",
      });
    }
    await expect(
      fileDispute(other.as(other.partnerUsers.exec), key(), filing()),
    ).rejects.toMatchObject({
      code: "scorecard-not-found",
    });
    const open = await listOpenDisputes(foreign.as(foreign.members.sponsor), PAGE);
    expect(open.items).toEqual([]);
  });

  it("are once at a time for a matter: of two at the same moment one is filed", async () => {
    const both = await Promise.allSettled([file(), file()]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "dispute-exists" },
    });
    // Another metric, and what follows from the card, are matters of their own.
    await file({ metricId: "average-deal-size" });
    await file({ about: "consequence", metricId: null });
    expect((await listDisputes(acme.as(acme.members.viewer), key(), PAGE)).items).toHaveLength(3);
  });

  it("name facts behind the card alone, and a metric that it has", async () => {
    const unknown = OpportunityId.parse("opp_0000000000000000000000ZZZZ");
    const evidence = { text: "See this", opportunityIds: [facts[0]?.opportunityId, unknown] };
    await expect(file({ evidence })).rejects.toMatchObject({
      code: "dispute-fact-unknown",
      places: [{ pointer: "/evidence/opportunityIds/1" }],
    });
    await expect(file({ metricId: "nothing" })).rejects.toMatchObject({
      code: "dispute-subject-unknown",
    });
    await expect(file({ scorecardRevision: 2 })).rejects.toMatchObject({ code: "version-stale" });
    await expect(file({}, acme, later(11))).rejects.toMatchObject({
      code: "dispute-window-closed",
    });
    expect((await listDisputes(acme.as(acme.members.viewer), key(), PAGE)).items).toEqual([]);
  });

  it("set a value: the next revision says so, replays, and both sides see it", async () => {
    const before = await latest();
    const { disputeId } = await file();
    const decided = await decide(disputeId, upheld({ kind: "value", value: "70" }));
    expect(decided).toMatchObject({ status: "upheld", resultingRevision: 2, version: 2 });
    const card = await latest();
    // 100 × (70 − 45) / 30 instead of 100 × (66.6667 − 45) / 30.
    expect(card.metrics.find(({ metricId }) => metricId === "win-rate")).toMatchObject({
      value: "70",
      score: 83.3333,
      override: { kind: "value", disputeId },
    });
    expect(card).toMatchObject({
      revision: 2,
      reason: `Dispute ${disputeId} was upheld: value`,
      revisedBy: { kind: "member", memberId: acme.members.programManager.memberId },
      inputsDigest: before.inputsDigest,
    });
    const ctx = acme.as(acme.partnerUsers.user);
    for (const revision of [1, 2]) {
      const replayed = await replayScorecard(ctx, { ...key(), revision });
      expect(replayed).toEqual({ revision, isIdentical: true, differences: [] });
    }
    expect(await getFrozenScorecard(ctx, { ...key(), revision: 1 })).toEqual(before);
    expect((await listOpenDisputes(acme.as(acme.members.sponsor), PAGE)).items).toEqual([]);
  });

  it("recalculate from the facts as they are now, and refuse where these changed nothing", async () => {
    const { disputeId } = await file();
    const recalculated = upheld({ kind: "recalculated" });
    await expect(decide(disputeId, recalculated)).rejects.toMatchObject({
      code: "scorecard-unchanged",
    });
    facts = facts.slice(0, 50);
    await decide(disputeId, recalculated);
    const card = await latest();
    expect(card).toMatchObject({ revision: 2, inputCount: 50 });
    expect(card.metrics.find(({ metricId }) => metricId === "win-rate")?.value).toBe("80");
    expect(card.overrides).toBeUndefined();
    expect((await replayScorecard(acme.as(acme.members.viewer), key())).isIdentical).toBe(true);
  });

  it("keep what was decided when the card is revised later for another reason", async () => {
    const { disputeId } = await file();
    await decide(disputeId, upheld({ kind: "excluded" }));
    facts = facts.slice(0, 55);
    await reviseScorecard(withFacts(acme.as(acme.members.steward)), {
      ...key(),
      ifVersion: 2,
      reason: "Late facts",
    });
    const card = await latest();
    expect(card).toMatchObject({ revision: 3, overrides: [{ kind: "excluded", disputeId }] });
    expect((await replayScorecard(acme.as(acme.members.viewer), key())).isIdentical).toBe(true);
  });

  it("are decided once for a revision: settled for it, open again for the next", async () => {
    const { disputeId } = await file();
    await decide(disputeId, rejected);
    await expect(decide(disputeId, rejected, { ifVersion: 2 })).rejects.toMatchObject({
      code: "dispute-closed",
    });
    await expect(file()).rejects.toMatchObject({ code: "dispute-settled" });
    facts = facts.slice(0, 55);
    await reviseScorecard(withFacts(acme.as(acme.members.steward)), {
      ...key(),
      ifVersion: 1,
      reason: "Late facts",
    });
    const evidence = { text: "Still five too many" };
    expect(await file({ scorecardRevision: 2, evidence })).toMatchObject({ status: "open" });
  });

  it("are taken back by the partner alone, and can be filed anew", async () => {
    const { disputeId } = await file();
    const target = { ...key(), disputeId, ifVersion: 1 };
    await expect(
      withdrawDispute(acme.as(acme.members.programManager), target),
    ).rejects.toMatchObject({ code: "permission-denied" });
    const { exec } = acme.partnerUsers;
    await expect(withdrawDispute(acme.as(exec), { ...target, ifVersion: 7 })).rejects.toMatchObject(
      { code: "version-stale" },
    );
    expect(await withdrawDispute(acme.as(exec), target)).toMatchObject({ status: "withdrawn" });
    await expect(decide(disputeId, rejected, { ifVersion: 2 })).rejects.toMatchObject({
      code: "dispute-closed",
    });
    expect(await file()).toMatchObject({ status: "open" });
  });

  it("are not decided by whoever had a part in the figures", async () => {
    const { disputeId } = await file();
    const involved = { code: "dispute-decider-involved" };
    const { programManager, sponsor, steward } = acme.members;
    await expect(
      decide(disputeId, rejected, { ctx: withFacts(acme.as(steward)) }),
    ).rejects.toMatchObject({ code: "permission-denied" });

    const sourceId = SourceId.parse("src_0000000000000000000000000A");
    const owned = {
      get: () =>
        Promise.resolve({ sourceId, ownerId: sponsor.memberId } as Awaited<
          ReturnType<TenantStore["sources"]["get"]>
        >),
    };
    const asSponsor = withFacts(acme.as(sponsor));
    const ofOwner = {
      ...asSponsor,
      store: { ...asSponsor.store, sources: { ...asSponsor.store.sources, ...owned } },
    };
    await expect(decide(disputeId, rejected, { ctx: ofOwner })).rejects.toMatchObject(involved);

    const untouched = facts;
    const correctedBy = [{ kind: "member" as const, memberId: programManager.memberId }];
    facts = untouched.map((fact, index) => (index === 0 ? { ...fact, correctedBy } : fact));
    await expect(decide(disputeId, rejected)).rejects.toMatchObject(involved);
    facts = untouched;

    facts = facts.slice(0, 55);
    const revision = { ...key(), ifVersion: 1, reason: "Late facts" };
    await reviseScorecard(withFacts(acme.as(programManager)), revision);
    await expect(decide(disputeId, rejected)).rejects.toMatchObject(involved);
    expect(await decide(disputeId, rejected, { ctx: asSponsor })).toMatchObject({
      status: "rejected",
      closedBy: { memberId: sponsor.memberId },
    });
  });

  it("are not decided by the person who filed them, whatever else they are", async () => {
    const { disputeId } = await file();
    const { programManager } = acme.members;
    const both = acme.as({ ...programManager, personId: acme.partnerUsers.user.personId });
    await expect(decide(disputeId, rejected, { ctx: withFacts(both) })).rejects.toMatchObject({
      code: "dispute-decider-involved",
    });
  });

  it("make one revision, whoever else decides or revises at the same moment", async () => {
    const { disputeId } = await file();
    const value = upheld({ kind: "value", value: "70" });
    const asSponsor = withFacts(acme.as(acme.members.sponsor));
    const fewer = factStore(() => facts.slice(0, 55));
    const outcomes = await Promise.allSettled([
      decide(disputeId, value),
      decide(disputeId, value, { ctx: asSponsor }),
      reviseScorecard(withFacts(acme.as(acme.members.steward), fewer), {
        ...key(),
        ifVersion: 1,
        reason: "Late facts",
      }),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { items } = await listScorecardRevisions(acme.as(acme.members.viewer), key(), PAGE);
    expect(items.map(({ revision }) => revision)).toEqual([2, 1]);
    const dispute = await getDispute(acme.as(acme.members.viewer), { ...key(), disputeId });
    const isUpheld = dispute.status === "upheld";
    expect(items[0]?.overrides !== undefined).toBe(isUpheld);
    expect((await replayScorecard(acme.as(acme.members.viewer), key())).isIdentical).toBe(true);
  });

  it("are not decided without their revision where the write is lost", async () => {
    const { disputeId } = await file();
    const ctx = withFacts(acme.as(acme.members.programManager));
    const broken = {
      ...ctx,
      store: {
        ...ctx.store,
        disputes: { ...ctx.store.disputes, close: () => Promise.reject(new Error("gone")) },
      },
    };
    const value = upheld({ kind: "value", value: "70" });
    await expect(decide(disputeId, value, { ctx: broken })).rejects.toThrow("gone");
    expect(await latest()).toMatchObject({ revision: 1 });
    await decide(disputeId, value);
    expect(await latest()).toMatchObject({ revision: 2 });
    const { items } = await listDisputes(acme.as(acme.members.viewer), key(), PAGE);
    expect(items.map(({ status }) => status)).toEqual(["upheld"]);
  });

  it("are reminded of and flagged by their timer, each once", async () => {
    const dispute = await file();
    const timers = openSystemStore(test.table).timers;
    const set = [];
    for (let shard = 0; shard < 16; shard += 1) {
      for await (const timer of timers.due(shard, later(365))) set.push(timer);
    }
    const [timer] = set.filter(({ kind }) => kind === "dispute");
    expect(timer).toMatchObject({ tenantId: ACME, dueAt: dispute.remindAt });
    const subject = timer?.subject ?? "";
    const run = (now: Date) => trackDispute(acme.asSystem(now), subject);
    expect(await run(later(0))).toMatchObject({ dueAt: dispute.remindAt });
    expect(await run(later(4))).toMatchObject({ kind: "dispute", dueAt: dispute.overdueFrom });
    expect(await run(later(5))).toMatchObject({ dueAt: dispute.overdueFrom });
    expect(await run(later(12))).toBe("done");
    expect(await run(later(13))).toBe("done");
    const target = { ...key(), disputeId: dispute.disputeId };
    expect(await getDispute(acme.as(acme.members.viewer), target)).toMatchObject({
      version: 3,
      isOverdue: true,
      remindedAt: later(4).toISOString(),
    });
    await expect(trackDispute(acme.as(acme.members.programManager), subject)).rejects.toMatchObject(
      { code: "permission-denied" },
    );
  });

  it("of a cycle are listed in the order they were filed; a partner reads its own", async () => {
    const first = await file();
    const second = await file({ metricId: "average-deal-size" }, acme, later(1));
    const { cycleId } = acme.review;
    const listed = await listCycleDisputes(acme.as(acme.members.viewer), cycleId, PAGE);
    expect(listed.items).toEqual([first, second]);
    const own = await listCycleDisputes(acme.as(acme.partnerUsers.exec), cycleId, PAGE);
    expect(own.items).toHaveLength(2);
    expect(own.items).toEqual(expect.arrayContaining([first, second]));
    const other = await testPartnership(test, ACME, { name: "Southwind" });
    await expect(
      listCycleDisputes(other.as(other.partnerUsers.exec), cycleId, PAGE),
    ).rejects.toMatchObject({ code: "cycle-not-found" });
  });
});
