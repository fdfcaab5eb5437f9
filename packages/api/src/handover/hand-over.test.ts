import {
  type ActionItem,
  type ActionOwner,
  completeActionItem,
  createItem,
  getActionItem,
  listOwnActionItems,
} from "@concord/core/action-item";
import {
  acceptPlan,
  approvePlan,
  createPlan,
  escalateStep,
  getPlan,
  listWaitingPlans,
  submitPlan,
} from "@concord/core/development-plan";
import { eventOf } from "@concord/core/event";
import {
  handOverMember,
  handOverPartnerUser,
  readMemberDuties,
  readPartnerUserDuties,
} from "@concord/core/handover";
import { ActionItemId, FlagId, MemberId, PartnerUserId, PersonId } from "@concord/core/id";
import { endMember, endPartnerUser, firstMember, type Member } from "@concord/core/member";
import { reportFact } from "@concord/core/opportunity";
import { updatePartner } from "@concord/core/partner";
import { createSource } from "@concord/core/source";
import {
  ACME,
  GLOBEX,
  type TestPartnership,
  type TestStore,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";

type Ctx = ReturnType<TestStore["asMember"]>;

const NONE = {
  "partner-manager": 0,
  "executive-sponsor": 0,
  "data-steward": 0,
  "plan-approval": 0,
  "fact-report": 0,
  "action-item": 0,
  source: 0,
  goal: 0,
  "data-quality-flag": 0,
  "data-collector": 0,
  moderator: 0,
  "plan-signatory": 0,
};
const EVERY_KIND = {
  "partner-manager": 1,
  "executive-sponsor": 1,
  "data-steward": 1,
  "plan-approval": 1,
  "fact-report": 1,
  "action-item": 2,
  source: 1,
  goal: 0,
  "data-quality-flag": 1,
  "data-collector": 0,
  moderator: 0,
  "plan-signatory": 0,
};

let test: TestStore;
let own: TestPartnership;
let other: TestPartnership;
let globex: TestPartnership;
beforeAll(async () => {
  test = await testStore();
  own = await testPartnership(test, ACME, { name: "Fabrikam" });
  other = await testPartnership(test, ACME, { name: "Contoso" });
  globex = await testPartnership(test, GLOBEX, { name: "Fabrikam" });
});

const admin = (): Ctx => test.asMember(ACME, "admin");
/** Somebody of the tenant with these roles, who has nothing to do yet. */
async function newcomer(...roles: Member["roles"]): Promise<Member> {
  const { store, actor, now } = test.asSystem(ACME);
  const at = now.toISOString();
  const ids = { memberId: test.mint(MemberId), personId: test.mint(PersonId) };
  const email = `${ids.memberId}@acme.example`.toLowerCase();
  const { next, event } = firstMember(ids, { email, displayName: "Nora New", roles }, actor, now);
  await store.members.add({
    membership: { personId: ids.personId, membershipId: ids.memberId, partnerId: null },
    newPerson: { personId: ids.personId, email, version: 1, createdAt: at, passwordHash: null },
    member: next,
    event,
  });
  return next;
}

const planFor = (at: TestPartnership) => ({
  cycleId: at.review.cycleId,
  title: "Win more of what we pursue",
  summary: "Coaching, then joint calls.",
  budget: { amount: "500.00", currency: "USD" },
  activities: [
    {
      title: "Qualification workshop",
      type: "workshop" as const,
      metricId: "win-rate",
      target: "75",
      milestones: [{ title: "Held", dueOn: "2027-02-15" }],
    },
  ],
});

async function submitted(at: TestPartnership, by: Ctx = at.as(at.partnerUsers.exec)) {
  const exec = at.as(at.partnerUsers.exec);
  const { planId } = await createPlan(by, at.partner.partnerId, planFor(at));
  await acceptPlan(exec, { planId, ifVersion: 1 });
  return submitPlan(exec, { planId, ifVersion: 2 });
}

async function addItem(at: TestPartnership, owner: ActionOwner) {
  const { actor, store, now } = at.as(at.members.manager);
  const { partnerId } = at.partner;
  const ids = { actionItemId: test.mint(ActionItemId), partnerId, cycleId: null };
  const input = { text: "Train two people", owner, dueOn: "2027-03-01" };
  const { next, event } = createItem(ids, input, actor, now);
  await store.actionItems.save(next, event);
  return next;
}
const memberItem = (at: TestPartnership, { memberId }: Member) =>
  addItem(at, { kind: "member", memberId });

/** The manager of the partnership answers for one thing of each kind, for two action items, and has done a third. */
async function burdened(tenantId: typeof ACME, at: TestPartnership): Promise<Member> {
  const { manager } = at.members;
  const { memberId } = manager;
  const ctx = test.asMember(tenantId, "admin");
  const { partnerId } = at.partner;
  const changes = { executiveSponsorId: memberId, dataStewardId: memberId };
  await updatePartner(ctx, { partnerId, ifVersion: 1, changes });
  await memberItem(at, manager);
  await memberItem(at, manager);
  const { actionItemId } = await memberItem(at, manager);
  await completeActionItem(at.as(manager), { actionItemId, ifVersion: 1 }, "2027-01-15");
  await submitted(at);
  const input = { kind: "missing", details: {}, text: "One is missing" } as const;
  await reportFact(at.as(at.partnerUsers.user), { partnerId, input });
  const source = await createSource(ctx, {
    ...{ name: "CRM", kind: "crm-export", preset: "crm-opportunities-v1", currency: "USD" },
    ownerId: memberId,
  });
  const at0 = ctx.now.toISOString();
  await ctx.store.flags.save(
    {
      flagId: test.mint(FlagId),
      sourceId: source.sourceId,
      ...{ code: "product-unknown", column: "product", value: "GTXPro", severity: "warning" },
      ...{ ownerId: memberId, status: "open", openRows: 1, waivedRows: 0, waivedReason: null },
      ...{ rowsDigest: "digest", rowPages: 0, version: 1, openedAt: at0, changedAt: at0 },
    },
    eventOf("data-quality-flag.counted", ctx.actor, ctx.now, { openRows: 1 }),
  );
  return manager;
}

const rowsOf = async (tenantId: string) =>
  (await test.dump()).filter(({ pk }) => String(pk).startsWith(`T#${tenantId}#`));
describe("a member's handover", () => {
  it("S-13 moves everything once, each with its event; history stays, and the other tenant is untouched", async () => {
    const leaver = await burdened(ACME, own);
    const theirs = await burdened(GLOBEX, globex);
    const receiver = await newcomer("partner-manager", "data-steward");
    const { memberId } = leaver;
    const hand = () => handOverMember(admin(), { memberId, to: receiver.memberId });
    const before = await rowsOf(GLOBEX);
    const duties = await readMemberDuties(admin(), memberId);
    expect(duties).toMatchObject({ counts: EVERY_KIND, hasMore: false });
    expect(duties.first).toHaveLength(9);

    expect(await hand()).toEqual({ moved: EVERY_KIND, left: NONE, reasons: [], isDone: true });
    expect(await hand()).toEqual({ moved: NONE, left: NONE, reasons: [], isDone: true });

    expect((await readMemberDuties(admin(), memberId)).counts).toEqual(NONE);
    expect((await readMemberDuties(admin(), receiver.memberId)).counts).toEqual(EVERY_KIND);
    const after = await rowsOf(ACME);
    const events = after.filter(({ entity }) => entity === "Event").map(({ type }) => type);
    for (const [type, times] of [
      ["partner.updated", 4],
      ["action-item.updated", 2],
      ["development-plan.step-reassigned", 1],
      ["fact-report.reassigned", 1],
      ["source.owner-changed", 1],
      ["data-quality-flag.owner-changed", 1],
    ] as const) {
      expect(
        events.filter((one) => one === type),
        type,
      ).toHaveLength(times);
    }
    const done = after.filter((row) => row["status"] === "done");
    expect(done.map(({ owner }) => owner)).toEqual([{ kind: "member", memberId }]);
    expect(await rowsOf(GLOBEX)).toEqual(before);
    const { counts } = await readMemberDuties(test.asMember(GLOBEX, "admin"), theirs.memberId);
    expect(counts).toEqual(EVERY_KIND);
  });

  it("S-13 gives a receiver without the roles nothing, and says of each why; one with them gets it", async () => {
    const at = await testPartnership(test, ACME, { name: "Without roles" });
    const leaver = await burdened(ACME, at);
    const viewer = await newcomer("viewer");
    const before = await rowsOf(ACME);
    const report = await handOverMember(admin(), { ...leaver, to: viewer.memberId });
    expect(report).toMatchObject({ moved: NONE, left: EVERY_KIND, isDone: true });
    expect(report.reasons.map(({ reason }) => reason)).toEqual(Array(9).fill("role-missing"));
    expect(await rowsOf(ACME)).toEqual(before);

    const steward = await newcomer("data-steward");
    const { moved, left } = await handOverMember(admin(), { ...leaver, to: steward.memberId });
    const ofSteward = {
      "data-steward": 1,
      "fact-report": 1,
      source: 1,
      "data-quality-flag": 1,
    };
    expect(moved).toEqual({ ...NONE, ...ofSteward });
    expect(left).toEqual({
      ...NONE,
      ...{ "partner-manager": 1, "executive-sponsor": 1, "plan-approval": 1, "action-item": 2 },
    });
    expect(await rowsOf(ACME)).not.toEqual(before);
  });

  it("S-13 works for a member who has ended, whose duties can still be read", async () => {
    const at = await testPartnership(test, ACME, { name: "Ended" });
    const { manager, programManager } = at.members;
    await memberItem(at, manager);
    await endMember(test.asMember(ACME, "owner"), { ...manager, ifVersion: 1 });
    const counts = { ...NONE, "partner-manager": 1, "action-item": 1 };
    expect((await readMemberDuties(admin(), manager.memberId)).counts).toEqual(counts);
    const report = await handOverMember(admin(), { ...manager, to: programManager.memberId });
    expect(report.moved).toEqual(counts);
  });

  it("S-13 knows no foreign member, takes only an active receiver of the tenant, never the same person", async () => {
    const { manager, sponsor } = other.members;
    const ended = await newcomer("partner-manager");
    const end = { memberId: ended.memberId, ifVersion: ended.version };
    await endMember(test.asMember(ACME, "owner"), end);
    const before = await rowsOf(ACME);
    for (const memberId of [globex.members.manager.memberId, test.mint(MemberId)]) {
      const refusal = { code: "member-not-found" };
      const to = sponsor.memberId;
      await expect(handOverMember(admin(), { memberId, to })).rejects.toMatchObject(refusal);
      await expect(readMemberDuties(admin(), memberId)).rejects.toMatchObject(refusal);
    }
    for (const to of [globex.members.manager.memberId, test.mint(MemberId), ended.memberId]) {
      await expect(handOverMember(admin(), { ...manager, to })).rejects.toMatchObject({
        code: "member-unknown",
        places: [{ pointer: "/to" }],
      });
    }
    await expect(
      handOverMember(admin(), { ...manager, to: manager.memberId }),
    ).rejects.toMatchObject({ code: "handover-to-self" });
    for (const role of ["program-manager", "partner-manager", "viewer"] as const) {
      await expect(
        handOverMember(test.asMember(ACME, role), { ...manager, to: sponsor.memberId }),
      ).rejects.toMatchObject({ code: "permission-denied" });
    }
    expect(await rowsOf(ACME)).toEqual(before);
  });
});

describe("a handover that is cut short or meets another", () => {
  const burdenedWith = async (items: number) => {
    const leaver = await newcomer("partner-manager");
    const added = [];
    for (let item = 0; item < items; item += 1) added.push(await memberItem(other, leaver));
    return { leaver, to: await newcomer("partner-manager"), added };
  };
  const moveOf = (ctx: Ctx, { leaver, to }: { leaver: Member; to: Member }) =>
    handOverMember(ctx, { memberId: leaver.memberId, to: to.memberId });
  /** The same store, but for how action items are saved. */
  const saving = (save: (save: () => Promise<void>) => Promise<void>): Ctx => {
    const ctx = admin();
    const { actionItems } = ctx.store;
    return {
      ...ctx,
      store: {
        ...ctx.store,
        actionItems: {
          ...actionItems,
          save: (next, event) => save(() => actionItems.save(next, event)),
        },
      },
    };
  };
  const versionsOf = async (added: readonly ActionItem[]) => {
    const { store } = admin();
    const items = await Promise.all(
      added.map(({ actionItemId }) => store.actionItems.get(actionItemId)),
    );
    return items.map((item) => item?.version);
  };

  it("S-13 goes on after a crash between two things, and moves none of them twice", async () => {
    const hand = await burdenedWith(12);
    let saves = 0;
    const crashing = saving((save) => {
      saves += 1;
      return saves > 5 ? Promise.reject(new Error("killed")) : save();
    });
    await expect(moveOf(crashing, hand)).rejects.toThrow("killed");
    expect((await readMemberDuties(admin(), hand.leaver.memberId)).counts["action-item"]).toBe(7);
    const rest = await moveOf(admin(), hand);
    expect([rest.moved["action-item"], rest.isDone]).toEqual([7, true]);
    expect(await versionsOf(hand.added)).toEqual(Array(12).fill(2));
  });

  it("S-13 moves a hundred things a request, and says when it is done", async () => {
    const hand = await burdenedWith(101);
    const answers = [];
    for (let request = 0; request < 3; request += 1) {
      const { moved, isDone } = await moveOf(admin(), hand);
      answers.push([moved["action-item"], isDone]);
    }
    expect(answers).toEqual([
      [100, false],
      [1, true],
      [0, true],
    ]);
  });

  const twiceAtOnce = async (ctx: () => Ctx) => {
    const hand = await burdenedWith(15);
    const both = await Promise.all([moveOf(ctx(), hand), moveOf(ctx(), hand)]);
    const moved = both.reduce((sum, report) => sum + report.moved["action-item"], 0);
    return { hand, both, moved };
  };

  it("S-13 run twice at once, moves each thing once and counts the lost races as left", async () => {
    const { hand, both, moved } = await twiceAtOnce(admin);
    expect(moved).toBe(15);
    expect(await versionsOf(hand.added)).toEqual(Array(15).fill(2));
    for (const { left, isDone, reasons } of both) {
      expect(isDone).toBe(left["action-item"] === 0);
      expect(reasons.every(({ reason }) => reason === "overtaken")).toBe(true);
    }
    expect(await moveOf(admin(), hand)).toMatchObject({ moved: NONE, left: NONE, isDone: true });
  });

  it("counts more than there is where a save hides that it was overtaken", async () => {
    const hiding = () => saving((save) => save().catch(() => undefined));
    expect((await twiceAtOnce(hiding)).moved).toBeGreaterThan(15);
  });

  it("S-13 lets what the owner does meanwhile win, and keeps it in the owner's name", async () => {
    const hand = await burdenedWith(3);
    const [first] = hand.added;
    if (!first) throw new Error("three were added");
    const { actionItemId } = first;
    let isDone = false;
    const racing = saving(async (save) => {
      if (!isDone) {
        isDone = true;
        await completeActionItem(admin(), { actionItemId, ifVersion: 1 }, "2027-01-15");
      }
      await save();
    });
    expect(await moveOf(racing, hand)).toMatchObject({
      moved: { "action-item": 2 },
      left: { "action-item": 1 },
      reasons: [{ kind: "action-item", id: actionItemId, reason: "overtaken" }],
      isDone: false,
    });
    expect(await moveOf(admin(), hand)).toMatchObject({ moved: NONE, left: NONE, isDone: true });
    expect(await getActionItem(admin(), actionItemId)).toMatchObject({
      status: "done",
      owner: { kind: "member", memberId: hand.leaver.memberId },
    });
  });
});

describe("the decision on a plan that is handed over", () => {
  it("S-13 is the receiver's alone from then on, in the time that was left", async () => {
    const at = await testPartnership(test, ACME, { name: "Deciding" });
    const { manager, programManager } = at.members;
    const { planId } = await submitted(at);
    const [before] = (await listWaitingPlans(at.as(manager), { limit: 10 })).items;
    await handOverMember(admin(), { ...manager, to: programManager.memberId });
    const { items } = await listWaitingPlans(at.as(programManager), { limit: 10 });
    expect(items).toEqual([{ ...before, memberId: programManager.memberId }]);
    const target = { planId, ifVersion: 4 };
    await expect(approvePlan(at.as(manager), target, null)).rejects.toMatchObject({
      code: "plan-not-your-turn",
    });
    const approved = await approvePlan(at.as(programManager), target, null);
    expect(approved.status).toBe("approved");
  });

  it("S-13 stays where it is when the receiver wrote the plan, holds another role, or hands over to themself", async () => {
    const at = await testPartnership(test, ACME, { name: "Writing" });
    const { manager, programManager, sponsor, steward } = at.members;
    const { planId } = await submitted(at, at.as(programManager));
    const leftWith = async (ctx: Ctx, to: Member) => {
      const { reasons } = await handOverMember(ctx, { ...manager, to: to.memberId });
      return reasons.find(({ kind }) => kind === "plan-approval")?.reason;
    };
    expect(await leftWith(admin(), programManager)).toBe("plan-written-by-receiver");
    expect(await leftWith(admin(), steward)).toBe("role-missing");
    expect(await leftWith(admin(), sponsor)).toBe("role-missing");
    const boss = await newcomer("admin");
    expect(await leftWith(at.as(boss), boss)).toBe("plan-decision-for-oneself");
    expect(await getPlan(admin(), planId)).toMatchObject({
      version: 3,
      approval: { steps: [{ approverId: manager.memberId }] },
    });
    expect(await leftWith(admin(), boss)).toBeUndefined();
    expect(await getPlan(admin(), planId)).toMatchObject({
      approval: { steps: [{ approverId: boss.memberId }] },
    });
  });

  it("S-13 moves from a substitute to whom it was escalated, never to one who holds it already", async () => {
    const at = await testPartnership(test, ACME, { name: "Escalated" });
    const { planId, revision } = await submitted(at);
    await escalateStep(at.asSystem(), { planId, revision, attempt: 1, stepNumber: 1 });
    const escalated = await getPlan(admin(), planId);
    const memberId = escalated.approval?.steps[0]?.escalatedToId ?? at.members.viewer.memberId;
    const handed = async (to: Member) =>
      (await handOverMember(admin(), { memberId, to: to.memberId })).reasons.find(
        ({ id }) => id === planId,
      )?.reason;
    expect(await handed(at.members.manager)).toBe("plan-step-held-by-receiver");
    const receiver = await newcomer("program-manager");
    expect(await handed(receiver)).toBeUndefined();
    expect(await getPlan(admin(), planId)).toMatchObject({
      approval: {
        steps: [{ approverId: at.members.manager.memberId, escalatedToId: receiver.memberId }],
      },
    });
  });
});

describe("a partner user's handover", () => {
  it("S-13 moves their open items within the partner, by its executive or the vendor's people", async () => {
    const at = await testPartnership(test, ACME, { name: "Partner people" });
    const { exec, user } = at.partnerUsers;
    const { partnerId } = at.partner;
    const { partnerUserId } = user;
    const owner = { kind: "partner-user", partnerUserId } as const;
    await addItem(at, owner);
    await addItem(at, owner);
    const key = { partnerId, partnerUserId };
    const moved = { ...NONE, "action-item": 2 };
    expect((await readPartnerUserDuties(at.as(user), key)).counts).toEqual(moved);
    await endPartnerUser(at.as(exec), { ...key, ifVersion: 1 });
    const hand = { ...key, to: exec.partnerUserId };
    const report = { left: NONE, reasons: [], isDone: true };
    expect(await handOverPartnerUser(at.as(exec), hand)).toEqual({ ...report, moved });
    expect(await handOverPartnerUser(at.as(at.members.manager), hand)).toEqual({
      ...report,
      moved: NONE,
    });
    expect((await readPartnerUserDuties(at.as(exec), key)).counts).toEqual(NONE);
    expect((await listOwnActionItems(at.as(exec), { limit: 10 })).items).toHaveLength(2);
  });

  it("S-13 never leaves the partner, and is nothing for another partner or an ordinary user", async () => {
    const { exec, user } = own.partnerUsers;
    const { partnerId } = own.partner;
    const key = { partnerId, partnerUserId: user.partnerUserId };
    const refused = (ctx: Ctx, to: PartnerUserId, code: string) =>
      expect(handOverPartnerUser(ctx, { ...key, to })).rejects.toMatchObject({ code });
    for (const to of [
      other.partnerUsers.user.partnerUserId,
      globex.partnerUsers.user.partnerUserId,
      test.mint(PartnerUserId),
    ]) {
      await refused(own.as(exec), to, "partner-user-unknown");
    }
    await refused(own.as(exec), user.partnerUserId, "handover-to-self");
    await refused(own.as(user), exec.partnerUserId, "permission-denied");
    for (const stranger of [other.as(other.partnerUsers.exec), globex.as(globex.members.manager)]) {
      await refused(stranger, exec.partnerUserId, "partner-user-not-found");
      await expect(readPartnerUserDuties(stranger, key)).rejects.toMatchObject({
        code: "partner-user-not-found",
      });
    }
  });
});
