import type { RequestContext } from "@concord/core/context";
import {
  acceptPlan,
  approvePlan,
  type CreatePlan,
  createPlan,
  type DevelopmentPlan,
  escalateStep,
  expirePlan,
  getPlan,
  listPlans,
  listWaitingPlans,
  reachPlanMilestone,
  refusePlan,
  remindApprover,
  submitPlan,
  updatePlan,
  withdrawPlan,
} from "@concord/core/development-plan";
import { endMember } from "@concord/core/member";
import {
  ACME,
  GLOBEX,
  type TestPartnership,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { tenantKeys } from "../keys/index.ts";
import type { TenantStore } from "../tenant-store.ts";

type Ctx = RequestContext<TenantStore>;

const LIMIT = { amount: "10000.00", currency: "USD" };
const ABOVE = { amount: "10000.01", currency: "USD" };

const inputFor = (at: TestPartnership, changes: Partial<CreatePlan> = {}): CreatePlan => ({
  cycleId: at.review.cycleId,
  title: "Win more of what we pursue",
  summary: "Coaching, then joint calls.",
  budget: LIMIT,
  activities: [
    {
      title: "Qualification workshop",
      type: "workshop",
      metricId: "win-rate",
      target: "75",
      milestones: [{ title: "Held", dueOn: "2027-02-15" }],
    },
  ],
  ...changes,
});

const targetOf = ({ planId, version }: DevelopmentPlan) => ({ planId, ifVersion: version });

describe("development plans in the table", () => {
  let test: Awaited<ReturnType<typeof testStore>>;
  let own: TestPartnership;
  let other: TestPartnership;
  let globex: TestPartnership;
  beforeAll(async () => {
    test = await testStore();
    const decisionRights = { planBudgetLimit: LIMIT };
    own = await testPartnership(test, ACME, { name: "Fabrikam", decisionRights });
    other = await testPartnership(test, ACME, { name: "Contoso", decisionRights });
    globex = await testPartnership(test, GLOBEX, { name: "Fabrikam", decisionRights });
  });

  const exec = (now?: Date) => own.as(own.partnerUsers.exec, now);
  const manager = (now?: Date) => own.as(own.members.manager, now);
  const sponsor = (now?: Date) => own.as(own.members.sponsor, now);
  const drafted = (changes: Partial<CreatePlan> = {}, by: Ctx = exec()) =>
    createPlan(by, own.partner.partnerId, inputFor(own, changes));
  const submitted = async (changes: Partial<CreatePlan> = {}, by: Ctx = exec()) => {
    const accepted = await acceptPlan(exec(), targetOf(await drafted(changes, by)));
    return submitPlan(own.as(own.partnerUsers.user), targetOf(accepted));
  };
  const waitingIds = async (ctx: Ctx) =>
    (await listWaitingPlans(ctx, { limit: 100 })).items.map(({ planId }) => planId);
  const eventsOf = async (planId: DevelopmentPlan["planId"]) => {
    const { pk } = tenantKeys(ACME).plan(planId);
    return (await test.table.query({ pk, sort: { prefix: "EVENT#" } })).items.map(
      (event) => event["type"],
    );
  };

  it("S-79 starts from the frozen scorecard of its review", async () => {
    const plan = await drafted();
    expect(plan).toMatchObject({
      programId: own.program.programId,
      programVersion: 1,
      activities: [{ metricName: "Win rate", baseline: "66.6667", target: "75" }],
    });
    expect(await getPlan(manager(), plan.planId)).toEqual(plan);
  });

  it("is drafted by either side, and not without a frozen scorecard", async () => {
    await expect(drafted({}, manager())).resolves.toMatchObject({ status: "draft" });
    const cycleId = other.review.cycleId;
    await expect(drafted({ cycleId })).rejects.toMatchObject({ code: "review-not-found" });
  });

  it("is nobody's of another tenant or another partner, and answers like a missing one", async () => {
    const plan = await drafted();
    const refusal = { code: "plan-not-found" };
    for (const stranger of [globex.as(globex.members.manager), other.as(other.partnerUsers.exec)]) {
      await expect(getPlan(stranger, plan.planId)).rejects.toMatchObject(refusal);
      await expect(updatePlan(stranger, targetOf(plan), { title: "x" })).rejects.toMatchObject(
        refusal,
      );
      await expect(submitPlan(stranger, targetOf(plan))).rejects.toMatchObject(refusal);
      await expect(withdrawPlan(stranger, targetOf(plan))).rejects.toMatchObject(refusal);
      await expect(listPlans(stranger, own.partner.partnerId, { limit: 10 })).rejects.toMatchObject(
        { code: "partner-not-found" },
      );
      await expect(
        createPlan(stranger, own.partner.partnerId, inputFor(own)),
      ).rejects.toMatchObject({ code: "review-not-found" });
    }
    await expect(
      acceptPlan(other.as(other.partnerUsers.exec), targetOf(plan)),
    ).rejects.toMatchObject(refusal);
    await expect(
      approvePlan(globex.as(globex.members.manager), targetOf(plan), null),
    ).rejects.toMatchObject(refusal);
  });

  it("S-81 waits for the partner manager, and above the budget for the executive sponsor afterwards", async () => {
    const plan = await submitted({ budget: ABOVE });
    expect(await waitingIds(manager())).toContain(plan.planId);
    expect(await waitingIds(sponsor())).not.toContain(plan.planId);
    await expect(approvePlan(sponsor(), targetOf(plan), null)).rejects.toMatchObject({
      code: "plan-not-your-turn",
    });
    const first = await approvePlan(manager(), targetOf(plan), "Good");
    expect(first.status).toBe("submitted");
    expect(await waitingIds(manager())).not.toContain(plan.planId);
    expect(await waitingIds(sponsor())).toContain(plan.planId);
    const second = await approvePlan(sponsor(), targetOf(first), null);
    expect(second.status).toBe("approved");
    expect(await waitingIds(sponsor())).not.toContain(plan.planId);
    const reached = await reachPlanMilestone(exec(), targetOf(second), {
      activity: 0,
      milestone: 0,
      doneOn: "2027-02-14",
    });
    expect(reached.activities[0]?.milestones[0]?.doneOn).toBe("2027-02-14");
  });

  it("is approved by one person at the budget limit", async () => {
    const plan = await submitted();
    await expect(approvePlan(manager(), targetOf(plan), null)).resolves.toMatchObject({
      status: "approved",
    });
  });

  it("is never approved by its author: a substitute holds the step", async () => {
    const plan = await submitted({}, manager());
    await expect(approvePlan(manager(), targetOf(plan), null)).rejects.toMatchObject({
      code: "plan-self-approval",
    });
    await expect(
      approvePlan(own.as(other.members.programManager), targetOf(plan), null),
    ).rejects.toMatchObject({ code: "plan-not-your-turn" });
    // The first of the program managers by id stands in.
    await expect(
      approvePlan(own.as(own.members.programManager), targetOf(plan), null),
    ).resolves.toMatchObject({ status: "approved" });
  });

  it("takes one of two decisions at once, with one event", async () => {
    const plan = await submitted();
    const outcomes = await Promise.allSettled([
      approvePlan(manager(), targetOf(plan), null),
      refusePlan(manager(), targetOf(plan), "returned", "Smaller"),
      approvePlan(manager(), targetOf(plan), null),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
    ]);
    const now = await getPlan(manager(), plan.planId);
    expect(now.version).toBe(plan.version + 1);
    expect(await eventsOf(plan.planId)).toEqual([
      "development-plan.created",
      "development-plan.accepted",
      "development-plan.submitted",
      `development-plan.${now.status}`,
    ]);
  });

  it("S-81 is returned with changes, changed, accepted and submitted again", async () => {
    const plan = await submitted();
    const returned = await refusePlan(manager(), targetOf(plan), "returned", "Smaller steps");
    expect(await waitingIds(manager())).not.toContain(plan.planId);
    const changed = await updatePlan(exec(), targetOf(returned), { title: "Smaller steps" });
    await expect(submitPlan(exec(), targetOf(changed))).rejects.toMatchObject({
      code: "plan-not-accepted",
    });
    const accepted = await acceptPlan(exec(), targetOf(changed));
    const again = await submitPlan(exec(), targetOf(accepted));
    expect(again).toMatchObject({ status: "submitted", revision: 2, approval: { attempt: 1 } });
    expect(await waitingIds(manager())).toContain(plan.planId);
  });

  it("is accepted by an executive of the partner alone", async () => {
    const plan = await drafted();
    for (const ctx of [own.as(own.partnerUsers.user), manager()]) {
      await expect(acceptPlan(ctx, targetOf(plan))).rejects.toMatchObject({
        code: "permission-denied",
      });
    }
  });

  it("lists the plans of a partner, newest first, and of no other", async () => {
    const later = (minutes: number) => new Date(Date.parse("2027-01-16T12:00:00Z") + minutes * 6e4);
    const make = (at: TestPartnership, minutes: number, title: string) =>
      createPlan(
        at.as(at.partnerUsers.exec, later(minutes)),
        at.partner.partnerId,
        inputFor(at, { title }),
      );
    await make(other, 1, "First");
    await make(other, 3, "Third");
    await make(other, 2, "Second");
    const ctx = other.as(other.partnerUsers.user);
    const { items } = await listPlans(ctx, other.partner.partnerId, { limit: 10 });
    expect(items.map(({ title }) => title)).toEqual(["Third", "Second", "First"]);
  });

  it("is escalated once, to a substitute who finds it in their list, until it is decided", async () => {
    const plan = await submitted();
    const ref = { planId: plan.planId, revision: 1, attempt: 1, stepNumber: 1 };
    const system = own.asSystem(new Date("2027-01-22T12:00:00Z"));
    expect(await escalateStep(system, ref)).toBeUndefined();
    expect(await escalateStep(system, ref)).toBeUndefined();
    const escalated = await getPlan(manager(), plan.planId);
    expect(escalated.version).toBe(plan.version + 1);
    const substitute = own.as(own.members.programManager);
    expect(await waitingIds(substitute)).toContain(plan.planId);
    expect(await waitingIds(manager())).toContain(plan.planId);
    await approvePlan(substitute, targetOf(escalated), null);
    expect(await waitingIds(substitute)).not.toContain(plan.planId);
    expect(await waitingIds(manager())).not.toContain(plan.planId);
    expect(await escalateStep(system, ref)).toBe("approved");
  });

  it("expires and reminds only while it waits at that step; what is decided wins", async () => {
    const plan = await submitted({ budget: ABOVE });
    const ref = { planId: plan.planId, revision: 1, attempt: 1, stepNumber: 1 };
    const system = own.asSystem(new Date("2027-01-25T12:00:00Z"));
    expect(await remindApprover(system, ref)).toBeUndefined();
    const reminded = await getPlan(manager(), plan.planId);
    await approvePlan(manager(), targetOf(reminded), null);
    expect(await remindApprover(system, ref)).toBe("step-approved");
    expect(await expirePlan(system, ref)).toBe("step-approved");
    expect(await expirePlan(system, { ...ref, stepNumber: 2, attempt: 2 })).toBe("withdrawn");
    expect(await expirePlan(system, { ...ref, stepNumber: 2 })).toBe("expired");
    expect(await expirePlan(system, { ...ref, stepNumber: 2 })).toBe("expired");
    expect(await waitingIds(sponsor())).not.toContain(plan.planId);
    expect((await eventsOf(plan.planId)).slice(3)).toEqual([
      "development-plan.approver-reminded",
      "development-plan.step-approved",
      "development-plan.expired",
    ]);
  });

  it("decides once when an expiry and an approval meet", async () => {
    const plan = await submitted();
    const ref = { planId: plan.planId, revision: 1, attempt: 1, stepNumber: 1 };
    const [expiry, approval] = await Promise.allSettled([
      expirePlan(own.asSystem(), ref),
      approvePlan(manager(), targetOf(plan), null),
    ]);
    const { status } = await getPlan(manager(), plan.planId);
    expect(["approved", "expired"]).toContain(status);
    expect(expiry).toEqual({ status: "fulfilled", value: status });
    expect(approval.status).toBe(status === "approved" ? "fulfilled" : "rejected");
    expect(await eventsOf(plan.planId)).toHaveLength(4);
  });

  it("finds a substitute for an approver who has left", async () => {
    const left = await testPartnership(test, ACME, {
      name: "Tailspin",
      decisionRights: { planBudgetLimit: LIMIT, substitutes: ["owner"] },
    });
    const { manager: gone } = left.members;
    const admin = test.asMember(ACME, "admin");
    await endMember(admin, { memberId: gone.memberId, ifVersion: gone.version });
    const ctx = left.as(left.partnerUsers.exec);
    const draft = await createPlan(ctx, left.partner.partnerId, inputFor(left));
    const plan = await submitPlan(ctx, targetOf(await acceptPlan(ctx, targetOf(draft))));
    expect(plan.approval?.steps[0]).toMatchObject({
      role: "partner-manager",
      substituteRole: "owner",
    });
  });
});
