import { randomBytes, randomUUID } from "node:crypto";
import {
  acceptPlan,
  approvePlan,
  createPlan,
  type DevelopmentPlan,
  getPlan,
  refusePlan,
  submitPlan,
  updatePlan,
  withdrawPlan,
} from "@concord/core/development-plan";
import { openVault } from "@concord/core/vault";
import {
  ACME,
  type TestPartnership,
  type TestStore,
  testPartnership,
  testStore,
  testTable,
} from "@concord/local/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createLocalTable } from "../../packages/local/src/local-table/index.ts";
import { approvals } from "../../packages/local/src/runtime/approvals.ts";
import { executionArn } from "../../packages/local/src/state-machine/index.ts";
import {
  connectStreams,
  createStreamPoller,
  sqliteStreamState,
} from "../../packages/local/src/stream/index.ts";

const DAY_MS = 86_400_000;
const START = new Date("2027-01-15T12:00:00.000Z");

/** Everything that is deployed, on the local runner and a clock that a test moves. */
async function journey() {
  let now = START.getTime();
  const clock = () => new Date(now);
  const test: TestStore = await testStore();
  const people = await testPartnership(test, ACME, {
    decisionRights: {
      planBudgetLimit: { amount: "10000.00", currency: "USD" },
      ...{ reminderDays: 3, escalationDays: 7, approvalStepDays: 10 },
    },
  });
  const { client, documentClient, endpoint } = await testTable();
  const localTable = { documentClient, tableName: `local-${randomUUID()}` };
  await createLocalTable(client, localTable.tableName);
  const runtime = approvals({
    table: test.table,
    localTable,
    vault: openVault(randomBytes(32)),
    now: clock,
    log: () => undefined,
  });
  const poller = await createStreamPoller({
    client,
    streams: connectStreams(endpoint),
    tableName: test.table.name,
    consumers: [{ name: "start-approval", handler: runtime.conductApproval }],
    state: sqliteStreamState(),
  });
  /** Until neither the stream nor a state machine has anything left to do now. */
  const settle = async () => {
    for (;;) {
      const read = await poller.drain();
      await runtime.machines.drain();
      if (read === 0) return;
    }
  };
  const as = (who: Parameters<TestPartnership["as"]>[0]) => people.as(who, clock());
  return {
    ...{ people, runtime, settle, as },
    exec: () => as(people.partnerUsers.exec),
    manager: () => as(people.members.manager),
    sponsor: () => as(people.members.sponsor),
    async days(count: number) {
      for (let day = 0; day < count; day += 1) {
        now += DAY_MS;
        await settle();
      }
    },
    execution: (plan: DevelopmentPlan, revision = 1, attempt = 1) =>
      runtime.machines.describeExecution(
        executionArn("plan-approval", `plan-${plan.planId}-r${revision}-a${attempt}`),
      ),
  };
}

const targetOf = ({ planId, version }: DevelopmentPlan) => ({ planId, ifVersion: version });

describe("the approval of a development plan, from draft to decision", () => {
  let at: Awaited<ReturnType<typeof journey>>;
  beforeEach(async () => {
    at = await journey();
  });

  async function submitted(): Promise<DevelopmentPlan> {
    const { partner, review } = at.people;
    const draft = await createPlan(at.exec(), partner.partnerId, {
      cycleId: review.cycleId,
      title: "Win more of what we pursue",
      summary: "Coaching, then joint calls.",
      budget: { amount: "25000.00", currency: "USD" },
      activities: [
        {
          title: "Qualification workshop",
          type: "workshop",
          metricId: "win-rate",
          target: "75",
          milestones: [{ title: "Held", dueOn: "2027-02-15" }],
        },
      ],
    });
    const accepted = await acceptPlan(at.exec(), targetOf(draft));
    const plan = await submitPlan(at.exec(), targetOf(accepted));
    await at.settle();
    return plan;
  }
  const current = (plan: DevelopmentPlan) => getPlan(at.manager(), plan.planId);

  it("S-81 is returned, changed, submitted again and approved by both", async () => {
    const plan = await submitted();
    expect(await at.execution(plan)).toMatchObject({
      status: "RUNNING",
      input: {
        tenantId: ACME,
        planId: plan.planId,
        revision: 1,
        attempt: 1,
        steps: 2,
        reminderAfterSeconds: 259_200,
        escalateAfterSeconds: 345_600,
        expireAfterSeconds: 259_200,
      },
    });
    const returned = await refusePlan(at.manager(), targetOf(plan), "returned", "Smaller steps");
    await at.settle();
    expect(await at.execution(plan)).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "returned" },
    });

    const changed = await updatePlan(at.exec(), targetOf(returned), { title: "Smaller steps" });
    const accepted = await acceptPlan(at.exec(), targetOf(changed));
    const again = await submitPlan(at.exec(), targetOf(accepted));
    await at.days(1);
    const first = await approvePlan(at.manager(), targetOf(again), "Good");
    await at.settle();
    expect(await at.execution(plan, 2)).toMatchObject({ status: "RUNNING" });
    await at.days(1);
    await approvePlan(at.sponsor(), targetOf(first), null);
    await at.settle();
    expect(await at.execution(plan, 2)).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "approved" },
      stoppedAt: "2027-01-17T12:00:00.000Z",
    });
    expect(await current(plan)).toMatchObject({ status: "approved", revision: 2 });
  });

  it("S-81 reminds, escalates and expires on the days of the decision rights", async () => {
    const plan = await submitted();
    const stepAfter = async (days: number) => {
      await at.days(days);
      return (await current(plan)).approval?.steps[0];
    };
    expect(await stepAfter(2)).toMatchObject({ remindedAt: null });
    expect(await stepAfter(1)).toMatchObject({
      remindedAt: "2027-01-18T12:00:00.000Z",
      escalatedAt: null,
    });
    expect(await stepAfter(4)).toMatchObject({
      escalatedAt: "2027-01-22T12:00:00.000Z",
      escalatedToId: at.people.members.programManager.memberId,
    });
    expect((await current(plan)).status).toBe("submitted");
    await at.days(3);
    expect((await current(plan)).status).toBe("expired");
    expect(await at.execution(plan)).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "expired" },
      stoppedAt: "2027-01-25T12:00:00.000Z",
    });
  });

  it("goes on to the second step after the escalation of the first, decided by the substitute", async () => {
    const plan = await submitted();
    await at.days(8);
    const substitute = at.as(at.people.members.programManager);
    await approvePlan(substitute, targetOf(await current(plan)), null);
    await at.settle();
    await at.days(3);
    const waiting = await current(plan);
    expect(waiting.approval?.steps[1]).toMatchObject({
      openedAt: "2027-01-23T12:00:00.000Z",
      remindedAt: "2027-01-26T12:00:00.000Z",
    });
    await approvePlan(at.sponsor(), targetOf(waiting), null);
    await at.settle();
    expect((await at.execution(plan)).output).toEqual({ outcome: "approved" });
  });

  it("is decided before the state machine has begun to wait, and answered at once", async () => {
    const draft = await submitted();
    const withdrawn = await withdrawPlan(at.exec(), targetOf(draft));
    const accepted = await acceptPlan(at.exec(), targetOf(withdrawn));
    const again = await submitPlan(at.exec(), targetOf(accepted));
    const first = await approvePlan(at.manager(), targetOf(again), null);
    await approvePlan(at.sponsor(), targetOf(first), null);
    await at.settle();
    expect((await at.execution(draft)).output).toEqual({ outcome: "withdrawn" });
    // Approved before the stream was read: there was nothing left to wait for.
    await expect(at.execution(draft, 2)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  });

  it("is given a new state machine when its own is gone, with all the time of the step", async () => {
    const plan = await submitted();
    await at.runtime.machines.stopExecution((await at.execution(plan)).executionArn);
    await at.days(1);
    expect(await at.runtime.reconcile()).toMatchObject({ checked: 1, restarted: 1, failed: 0 });
    await at.settle();
    expect(await at.execution(plan, 1, 2)).toMatchObject({ status: "RUNNING" });
    expect(await at.runtime.reconcile()).toMatchObject({ checked: 1, restarted: 0 });
    await at.days(9);
    expect((await current(plan)).status).toBe("submitted");
    await at.days(1);
    expect((await current(plan)).status).toBe("expired");
    expect((await at.execution(plan, 1, 2)).output).toEqual({ outcome: "expired" });
  });
});
