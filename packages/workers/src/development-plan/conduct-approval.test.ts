import { randomBytes } from "node:crypto";
import {
  acceptPlan,
  approvePlan,
  createPlan,
  type DevelopmentPlan,
  refusePlan,
  submitPlan,
  withdrawPlan,
} from "@concord/core/development-plan";
import { openVault } from "@concord/core/vault";
import {
  ACME,
  discreet,
  GLOBEX,
  type TestPartnership,
  type TestStore,
  testPartnership,
  testStore,
} from "@concord/local/testing";
import { openSystemStore, tenantIdOf } from "@concord/storage";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { added } from "../change-feed/changes.fixture.ts";
import { conductApproval } from "./conduct-approval.ts";
import { expirePlan } from "./expire-plan.ts";
import { reconcileApprovals } from "./reconcile-approvals.ts";
import { registerStep } from "./register-step.ts";
import { remindApprover } from "./remind-approver.ts";
import type { Workflow } from "./workflow.ts";

const LATER = new Date("2027-01-16T12:00:00Z");
const targetOf = ({ planId, version }: DevelopmentPlan) => ({ planId, ifVersion: version });
const named = (name: string) => Object.assign(new Error(name), { name });

/** A state machine that notes what it is told, and refuses what the service would. */
function noting() {
  const started: string[] = [];
  const answers: [token: string, outcome: string][] = [];
  const over = new Set<string>();
  const ended = new Set<string>();
  const workflow: Workflow = {
    async start(name) {
      if (started.includes(name)) throw named("ExecutionAlreadyExists");
      started.push(name);
    },
    async succeed(token, { outcome }) {
      if (over.has(token)) throw named("TaskTimedOut");
      over.add(token);
      answers.push([token, outcome]);
    },
    async describe(name) {
      if (!started.includes(name)) throw named("ExecutionDoesNotExist");
      return { status: ended.has(name) ? "ABORTED" : "RUNNING" };
    },
  };
  return { workflow, started, answers, over, ended };
}

describe("conducting the approval of a plan", () => {
  let test: TestStore;
  let own: TestPartnership;
  let machine: ReturnType<typeof noting>;
  const vault = openVault(randomBytes(32));
  const lines: unknown[] = [];
  beforeAll(async () => {
    test = await testStore();
    await testPartnership(test, GLOBEX);
    own = await testPartnership(test, ACME, {
      decisionRights: { planBudgetLimit: { amount: "100.00", currency: "USD" } },
    });
  });
  beforeEach(() => {
    machine = noting();
  });

  const exec = () => own.as(own.partnerUsers.exec);
  const manager = () => own.as(own.members.manager);
  const deps = (workflow: Workflow = machine.workflow) => ({
    contextOf: (tenantId: typeof ACME) => ({ ...test.asSystem(tenantId), now: LATER }),
    tenantOf: tenantIdOf,
    workflow,
    vault,
    log: discreet((line: unknown) => lines.push(line)),
  });
  const submitted = async () => {
    const draft = await createPlan(exec(), own.partner.partnerId, {
      cycleId: own.review.cycleId,
      title: "Win more",
      summary: "Coaching",
      budget: { amount: "250.00", currency: "USD" },
      activities: [
        {
          title: "Workshop",
          type: "workshop",
          metricId: "win-rate",
          target: "75",
          milestones: [{ title: "Held", dueOn: "2027-02-15" }],
        },
      ],
    });
    return submitPlan(exec(), targetOf(await acceptPlan(exec(), targetOf(draft))));
  };
  const eventRows = async ({ planId }: DevelopmentPlan) => {
    const pk = `T#${ACME}#PLAN#${planId}`;
    return (await test.table.query({ pk, sort: { prefix: "EVENT#" } })).items;
  };
  const stepOf = ({ planId }: DevelopmentPlan, stepNumber = 1, revision = 1, attempt = 1) => ({
    ...{ tenantId: ACME, planId, revision, attempt, stepNumber },
  });
  const conduct = async (plan: DevelopmentPlan) =>
    conductApproval(deps(), added(...(await eventRows(plan))));
  const nameOf = ({ planId }: DevelopmentPlan, run = "r1-a1") => `plan-${planId}-${run}`;

  it("starts one state machine, however often the event comes", async () => {
    const plan = await submitted();
    expect(await conduct(plan)).toEqual({ batchItemFailures: [] });
    expect(await conduct(plan)).toEqual({ batchItemFailures: [] });
    expect(machine.started).toEqual([nameOf(plan)]);
    expect(machine.answers).toEqual([]);
  });

  it("starts none for a plan that is decided when the event comes", async () => {
    const plan = await submitted();
    await refusePlan(manager(), targetOf(plan), "rejected", "No");
    await conduct(plan);
    expect(machine.started).toEqual([]);
  });

  it("answers every wait of the decided step, once", async () => {
    const plan = await submitted();
    for (const taskToken of ["first wait", "after the reminder", "after the reminder"]) {
      await registerStep(deps(), { ...stepOf(plan), taskToken });
    }
    expect(machine.answers).toEqual([]);
    await approvePlan(manager(), targetOf(plan), null);
    await conduct(plan);
    await conduct(plan);
    expect(machine.answers.toSorted()).toEqual([
      ["after the reminder", "step-approved"],
      ["first wait", "step-approved"],
    ]);
  });

  it("goes by the plan, not by the order of the events", async () => {
    const plan = await submitted();
    await registerStep(deps(), { ...stepOf(plan), taskToken: "one" });
    const first = await approvePlan(manager(), targetOf(plan), null);
    await registerStep(deps(), { ...stepOf(plan, 2), taskToken: "two" });
    await approvePlan(own.as(own.members.sponsor), targetOf(first), null);
    const rows = await eventRows(plan);
    await conductApproval(deps(), added(...rows.toReversed()));
    expect(machine.answers).toEqual([
      ["two", "approved"],
      ["one", "step-approved"],
    ]);
    expect(machine.started).toEqual([]);
  });

  it("answers at once a wait that begins after the decision", async () => {
    const plan = await submitted();
    await approvePlan(manager(), targetOf(plan), null);
    await conduct(plan);
    await registerStep(deps(), { ...stepOf(plan), taskToken: "late" });
    expect(machine.answers).toEqual([["late", "step-approved"]]);
  });

  it("ends the wait of a revision that was withdrawn", async () => {
    const plan = await submitted();
    await registerStep(deps(), { ...stepOf(plan), taskToken: "old" });
    const withdrawn = await withdrawPlan(exec(), targetOf(plan));
    await submitPlan(exec(), targetOf(await acceptPlan(exec(), targetOf(withdrawn))));
    await conduct(plan);
    expect(machine.answers).toEqual([["old", "withdrawn"]]);
    expect(machine.started).toEqual([nameOf(plan, "r2-a1")]);
  });

  it("repeats an answer that was lost on its way", async () => {
    const plan = await submitted();
    await registerStep(deps(), { ...stepOf(plan), taskToken: "token" });
    await refusePlan(manager(), targetOf(plan), "returned", "Smaller");
    let calls = 0;
    const losing: Workflow = {
      ...machine.workflow,
      async succeed(token, given) {
        calls += 1;
        await machine.workflow.succeed(token, given);
        if (calls === 1) throw named("TimeoutError");
      },
    };
    const batch = added(...(await eventRows(plan)));
    expect(await conductApproval(deps(losing), batch)).toEqual({
      batchItemFailures: [{ itemIdentifier: "4" }],
    });
    expect(await conductApproval(deps(losing), batch)).toEqual({ batchItemFailures: [] });
    expect(machine.answers).toEqual([["token", "returned"]]);
    expect(calls).toBe(2);
  });

  it("keeps tokens sealed in the table and out of the log", async () => {
    const plan = await submitted();
    const taskToken = "a-token-that-nobody-may-see";
    await registerStep(deps(), { ...stepOf(plan), taskToken });
    const { items } = await test.table.query({ pk: `T#${ACME}#PLAN#${plan.planId}` });
    expect(items.filter(({ entity }) => entity === "StepToken")).toHaveLength(1);
    expect(JSON.stringify([items, lines])).not.toContain(taskToken);
  });

  it("reaches no plan of another tenant", async () => {
    const plan = await submitted();
    const stranger = { ...stepOf(plan), tenantId: GLOBEX };
    await expect(registerStep(deps(), { ...stranger, taskToken: "t" })).rejects.toMatchObject({
      code: "plan-not-found",
    });
    await expect(remindApprover(deps(), stranger)).rejects.toMatchObject({
      code: "plan-not-found",
    });
    await expect(expirePlan(deps(), stranger)).rejects.toMatchObject({ code: "plan-not-found" });
  });

  it.each([
    { name: "a step of zero", payload: { stepNumber: 0 } },
    { name: "an unknown field", payload: { other: 1 } },
    { name: "no tenant", payload: { tenantId: undefined } },
    { name: "a plan id of another kind", payload: { planId: "ptr_0000000000000000000000000A" } },
  ])("refuses $name in the payload", async ({ payload }) => {
    const plan = await submitted();
    await expect(expirePlan(deps(), { ...stepOf(plan), ...payload })).rejects.toThrow();
  });

  it("tells the state machine what became of a plan it expires", async () => {
    const plan = await submitted();
    expect(await expirePlan(deps(), stepOf(plan))).toEqual({ outcome: "expired" });
    expect(await expirePlan(deps(), stepOf(plan))).toEqual({ outcome: "expired" });
    const other = await submitted();
    await approvePlan(manager(), targetOf(other), null);
    expect(await expirePlan(deps(), stepOf(other))).toEqual({ outcome: "step-approved" });
  });
});

describe("reconciling approvals", () => {
  it("restarts what has no state machine, in every tenant, and leaves the rest alone", async () => {
    const test = await testStore();
    const machine = noting();
    const plans: DevelopmentPlan[] = [];
    for (const tenantId of [ACME, GLOBEX]) {
      const own = await testPartnership(test, tenantId);
      const ctx = own.as(own.partnerUsers.exec);
      for (const title of ["Running", "Missing", "Ended"]) {
        const draft = await createPlan(ctx, own.partner.partnerId, {
          cycleId: own.review.cycleId,
          title,
          summary: "Coaching",
          budget: { amount: "250.00", currency: "USD" },
          activities: [
            {
              title: "Workshop",
              type: "workshop",
              metricId: "win-rate",
              target: "75",
              milestones: [{ title: "Held", dueOn: "2027-02-15" }],
            },
          ],
        });
        plans.push(await submitPlan(ctx, targetOf(await acceptPlan(ctx, targetOf(draft)))));
      }
    }
    for (const { planId, title } of plans) {
      const name = `plan-${planId}-r1-a1`;
      if (title !== "Missing") machine.started.push(name);
      if (title === "Ended") machine.ended.add(name);
    }
    const reconcile = (now: Date) =>
      reconcileApprovals({
        tenants: openSystemStore(test.table).tenants,
        contextOf: (tenantId) => ({ ...test.asSystem(tenantId), now }),
        workflow: machine.workflow,
        log: () => undefined,
      });
    const soon = new Date("2027-01-15T12:30:00Z");
    expect(await reconcile(soon)).toEqual({ checked: 6, restarted: 0, failed: 0 });
    expect(await reconcile(LATER)).toEqual({ checked: 6, restarted: 4, failed: 0 });
    const attempts: unknown[] = [];
    for (const [position, { planId, title }] of plans.entries()) {
      const store = test.openTenant(position < 3 ? ACME : GLOBEX);
      attempts.push([title, (await store.developmentPlans.get(planId))?.approval?.attempt]);
    }
    expect(attempts).toEqual([
      ...[
        ["Running", 1],
        ["Missing", 2],
        ["Ended", 2],
      ],
      ...[
        ["Running", 1],
        ["Missing", 2],
        ["Ended", 2],
      ],
    ]);
    expect(await reconcile(LATER)).toEqual({ checked: 6, restarted: 0, failed: 0 });
  });
});
