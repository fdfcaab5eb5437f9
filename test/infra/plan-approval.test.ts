import { describe, expect, it } from "vitest";
import { testMachine } from "../../packages/local/src/state-machine/test-runtime.ts";
import { graphOf, stateMachines } from "./rules/graph.ts";
import { deployedDefinition } from "./rules/workflow.ts";

const DAY_SECONDS = 86_400;
const [deployed] = stateMachines(graphOf("test"));
const started = {
  tenantId: "ten_1",
  planId: "pln_1",
  revision: 2,
  attempt: 1,
  steps: 2,
  reminderAfterSeconds: 3 * DAY_SECONDS,
  escalateAfterSeconds: 4 * DAY_SECONDS,
  expireAfterSeconds: 7 * DAY_SECONDS,
};
const about = { tenantId: "ten_1", planId: "pln_1", revision: 2, attempt: 1 };

type Answers = Partial<Record<"RegisterStep" | "ExpirePlan", () => unknown>>;

/** The deployed definition in the local runner; each function only notes that it was called. */
async function approval(answers: Answers = {}, startedWith: object = started) {
  if (!deployed) throw new Error("no state machine was deployed");
  const calls: { name: string; payload: Record<string, unknown> }[] = [];
  const functionNamed = (name: keyof Answers | "RemindApprover" | "EscalateStep") => [
    `concord-test-${name}Function-bdvfbzta`,
    async (payload: unknown) => {
      calls.push({ name, payload: payload as Record<string, unknown> });
      return name in answers ? answers[name as keyof Answers]?.() : undefined;
    },
  ];
  const machine = await testMachine({
    machine: deployedDefinition(deployed),
    lambdas: Object.fromEntries([
      functionNamed("RegisterStep"),
      functionNamed("RemindApprover"),
      functionNamed("EscalateStep"),
      functionNamed("ExpirePlan"),
    ]),
  });
  const executionArn = await machine.start(startedWith);
  return {
    calls,
    names: () => calls.map(({ name }) => name),
    pass: machine.pass,
    describe: () => machine.describeExecution(executionArn),
    async answer(outcome: string, which = -1) {
      const tokens = calls.flatMap(({ payload }) => payload["taskToken"] ?? []);
      await machine.sendTaskSuccess(String(tokens.at(which)), { outcome });
      await machine.drain();
    },
  };
}

describe("an approval that is decided", () => {
  it("asks for one step after the other and ends approved", async () => {
    const { calls, answer, describe } = await approval();
    await answer("step-approved");
    await answer("approved");
    expect(calls).toEqual([
      { name: "RegisterStep", payload: { ...about, stepNumber: 1, taskToken: expect.any(String) } },
      { name: "RegisterStep", payload: { ...about, stepNumber: 2, taskToken: expect.any(String) } },
    ]);
    expect(await describe()).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "approved" },
    });
  });

  it.each(["approved", "returned", "rejected", "withdrawn", "expired"])(
    "ends when the plan is %s at the first step",
    async (outcome) => {
      const { answer, describe, names } = await approval();
      await answer(outcome);
      expect(await describe()).toMatchObject({ status: "SUCCEEDED", output: { outcome } });
      expect(names()).toEqual(["RegisterStep"]);
    },
  );

  it("takes the decision that comes after the reminder, by the token registered then", async () => {
    const { answer, describe, pass, names } = await approval();
    await pass(3 * DAY_SECONDS);
    await answer("rejected");
    expect(names()).toEqual(["RegisterStep", "RemindApprover", "RegisterStep"]);
    expect(await describe()).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "rejected" },
    });
  });

  it("waits from the beginning for the second step", async () => {
    const { answer, pass, names } = await approval();
    await pass(3 * DAY_SECONDS);
    await answer("step-approved");
    await pass(3 * DAY_SECONDS - 1);
    expect(names()).toEqual(["RegisterStep", "RemindApprover", "RegisterStep", "RegisterStep"]);
    await pass(1);
    expect(names().slice(4)).toEqual(["RemindApprover", "RegisterStep"]);
  });

  it("refuses the token of a wait that is over", async () => {
    const { answer, pass } = await approval();
    await pass(3 * DAY_SECONDS);
    await expect(answer("approved", 0)).rejects.toMatchObject({ name: "TaskTimedOut" });
  });
});

describe("an approval that nobody decides", () => {
  it("reminds, escalates and expires, each at its time and not before", async () => {
    const { names, pass, describe } = await approval({
      ExpirePlan: () => ({ outcome: "expired" }),
    });
    const seen: string[][] = [];
    for (const days of [3, 4, 7]) {
      await pass(days * DAY_SECONDS - 1);
      seen.push(names());
      await pass(1);
      seen.push(names());
    }
    const reminded = ["RegisterStep", "RemindApprover", "RegisterStep"];
    const escalated = [...reminded, "EscalateStep", "RegisterStep"];
    expect(seen).toEqual([
      ["RegisterStep"],
      reminded,
      reminded,
      escalated,
      escalated,
      [...escalated, "ExpirePlan"],
    ]);
    expect(await describe()).toMatchObject({ status: "SUCCEEDED", output: { outcome: "expired" } });
  });

  it("goes on where the plan was decided in the last moment", async () => {
    const { calls, answer, pass, describe } = await approval({
      ExpirePlan: () => ({ outcome: "step-approved" }),
    });
    for (const days of [3, 4, 7]) await pass(days * DAY_SECONDS);
    expect(calls.at(-1)).toMatchObject({ name: "RegisterStep", payload: { stepNumber: 2 } });
    await answer("approved");
    expect(await describe()).toMatchObject({ output: { outcome: "approved" } });
  });
});

describe("an approval that fails", () => {
  it.each([
    ["no steps", { steps: 0 }],
    ["more steps than there can be", { steps: 21 }],
    ["half a step", { steps: 1.5 }],
    ["no reminder", { reminderAfterSeconds: undefined }],
    ["an escalation in the past", { escalateAfterSeconds: -1 }],
    ["no time to expire", { expireAfterSeconds: 0 }],
    ["waits that outlast an execution", { expireAfterSeconds: 20_000_000 }],
  ])("refuses to start with %s", async (_, wrong) => {
    const { describe, names } = await approval({}, { ...started, ...wrong });
    expect(await describe()).toMatchObject({
      status: "FAILED",
      error: "PlanApproval.InputRefused",
    });
    expect(names()).toEqual([]);
  });

  it("survives a function that fails at first", async () => {
    let failures = 2;
    const { answer, describe, pass } = await approval({
      RegisterStep: () => {
        failures -= 1;
        if (failures >= 0) throw Object.assign(new Error("busy"), { name: "Busy" });
      },
    });
    await pass(60);
    await pass(60);
    await answer("approved");
    expect(await describe()).toMatchObject({ status: "SUCCEEDED" });
  });

  it("gives up by name when a function fails for good, having tried five times", async () => {
    const { describe, names, pass } = await approval({
      RegisterStep: () => {
        throw Object.assign(new Error("no table"), { name: "NoTable" });
      },
    });
    for (let minute = 0; minute < 30; minute += 1) await pass(60);
    expect(names()).toHaveLength(5);
    expect(await describe()).toMatchObject({
      status: "FAILED",
      error: "PlanApproval.Broken",
      cause: expect.stringMatching(/^NoTable: .*no table/),
    });
  });

  it.each([
    ["an outcome that nobody knows", ["lost"]],
    ["more steps than the plan has", ["step-approved", "step-approved"]],
  ])("gives up by name at %s", async (_, given) => {
    const { answer, describe } = await approval();
    for (const outcome of given) await answer(outcome);
    expect(await describe()).toMatchObject({
      status: "FAILED",
      error: "PlanApproval.OutcomeUnknown",
    });
  });
});
