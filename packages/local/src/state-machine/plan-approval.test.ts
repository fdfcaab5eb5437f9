import { describe, expect, it } from "vitest";
import {
  type PlanApprovalInput,
  type PlanApprovalRegistration,
  type PlanApprovalStep,
  planApproval,
} from "../../../../infra/workflows/index.ts";
import { DAY_SECONDS, functionArn, testMachine } from "./test-runtime.ts";

const machine = planApproval({
  registerStep: functionArn("register-step"),
  remindApprover: functionArn("remind-approver"),
  escalateStep: functionArn("escalate-step"),
  expirePlan: functionArn("expire-plan"),
});

const input: PlanApprovalInput = {
  tenantId: "ten_1",
  planId: "pln_1",
  revision: 2,
  attempt: 1,
  steps: 2,
  reminderAfterSeconds: 5 * DAY_SECONDS,
  escalateAfterSeconds: 3 * DAY_SECONDS,
  expireAfterSeconds: 90 * DAY_SECONDS,
};

/** The deployed approval with functions that note day and step of each invocation. */
async function approval() {
  const trail: string[] = [];
  const tokens: string[] = [];
  const note = (what: string, payload: unknown) => {
    const { stepNumber } = payload as PlanApprovalStep;
    const day = (runtime.clock.now().getTime() - Date.parse("2027-01-04T09:00:00Z")) / 86_400_000;
    trail.push(`day ${day}: ${what} ${stepNumber}`);
  };
  const runtime = await testMachine({
    machine,
    lambdas: {
      "register-step": async (payload) => {
        note("register", payload);
        tokens.push((payload as PlanApprovalRegistration).taskToken);
      },
      "remind-approver": async (payload) => note("remind", payload),
      "escalate-step": async (payload) => note("escalate", payload),
      "expire-plan": async (payload) => {
        note("expire", payload);
        return { outcome: "expired" };
      },
    },
  });
  const execution = await runtime.start(input, "plan-pln_1-r2-a1");
  return {
    ...runtime,
    trail,
    tokens,
    answer: async (outcome: string) => {
      await runtime.sendTaskSuccess(tokens.at(-1) ?? "", { outcome });
      await runtime.drain();
    },
    outcome: async () => await runtime.describeExecution(execution),
    days: async (days: number) => {
      for (let day = 0; day < days; day += 1) await runtime.pass(DAY_SECONDS);
    },
  };
}

describe("the approval of a development plan", () => {
  it("ends approved when each step is", async () => {
    const plan = await approval();
    await plan.days(1);
    await plan.answer("step-approved");
    await plan.days(2);
    await plan.answer("approved");
    expect(plan.trail).toEqual(["day 0: register 1", "day 1: register 2"]);
    expect(await plan.outcome()).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "approved" },
      stoppedAt: "2027-01-07T09:00:00.000Z",
    });
  });

  it.each(["returned", "rejected", "withdrawn"])("ends when the plan is %s", async (outcome) => {
    const plan = await approval();
    await plan.answer(outcome);
    expect(await plan.outcome()).toMatchObject({ status: "SUCCEEDED", output: { outcome } });
  });

  it("refuses a second answer to the same step", async () => {
    const plan = await approval();
    await plan.answer("step-approved");
    await expect(
      plan.sendTaskSuccess(plan.tokens[0] ?? "", { outcome: "rejected" }),
    ).rejects.toMatchObject({ name: "TaskTimedOut" });
    expect(await plan.outcome()).toMatchObject({ status: "RUNNING", state: "RegisterStep" });
  });

  it("reminds, escalates and expires on the days it was told", async () => {
    const plan = await approval();
    await plan.days(98);
    expect(plan.trail).toEqual([
      "day 0: register 1",
      "day 5: remind 1",
      "day 5: register 1",
      "day 8: escalate 1",
      "day 8: register 1",
      "day 98: expire 1",
    ]);
    expect(await plan.outcome()).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "expired" },
    });
  });

  it("is approved after reminder and escalation as well", async () => {
    const plan = await approval();
    await plan.days(20);
    await plan.answer("step-approved");
    await plan.days(6);
    await plan.answer("approved");
    expect(plan.trail.slice(5)).toEqual([
      "day 20: register 2",
      "day 25: remind 2",
      "day 25: register 2",
    ]);
    expect((await plan.outcome()).output).toEqual({ outcome: "approved" });
  });

  it("fails by name on an outcome it does not know", async () => {
    const plan = await approval();
    await plan.answer("maybe");
    expect(await plan.outcome()).toMatchObject({
      status: "FAILED",
      error: "PlanApproval.OutcomeUnknown",
      cause: "The plan answered maybe at step 1",
    });
  });
});
