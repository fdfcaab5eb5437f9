import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { PlanId, TenantId } from "@concord/core/id";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { sfnWorkflow } from "./sfn-workflow.ts";
import { answer, isRunning, startOnce } from "./workflow.ts";

const ARN = "arn:aws:states:eu-central-1:111122223333:stateMachine:concord-test-PlanApproval";
const sfn = mockClient(SFNClient);
const workflow = sfnWorkflow(new SFNClient({ region: "eu-central-1" }), ARN);
const failure = { message: "no", $metadata: {} };
const input = {
  tenantId: TenantId.parse("ten_0000000000000000000000ACME"),
  planId: PlanId.parse("pln_0000000000000000000000000A"),
  ...{ revision: 1, attempt: 1, steps: 2 },
  ...{ reminderAfterSeconds: 1, escalateAfterSeconds: 2, expireAfterSeconds: 3 },
};

describe("the workflow on Step Functions", () => {
  beforeEach(() => sfn.reset());

  it("starts an execution under its name", async () => {
    sfn.on(StartExecutionCommand).resolves({});
    await startOnce(workflow, "plan-1-r1-a1", input);
    expect(sfn.commandCalls(StartExecutionCommand)[0]?.args[0].input).toEqual({
      stateMachineArn: ARN,
      name: "plan-1-r1-a1",
      input: JSON.stringify(input),
    });
  });

  it("takes an execution that exists for started", async () => {
    sfn.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(failure));
    await expect(startOnce(workflow, "plan-1-r1-a1", input)).resolves.toBeUndefined();
    sfn.on(StartExecutionCommand).rejects(new Error("throttled"));
    await expect(startOnce(workflow, "plan-1-r1-a1", input)).rejects.toThrow("throttled");
  });

  it("answers a task, and takes one that is over or gone for answered", async () => {
    sfn.on(SendTaskSuccessCommand).resolves({});
    await answer(workflow, "token", { outcome: "approved" });
    expect(sfn.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({
      taskToken: "token",
      output: '{"outcome":"approved"}',
    });
    for (const over of [new TaskTimedOut(failure), new TaskDoesNotExist(failure)]) {
      sfn.on(SendTaskSuccessCommand).rejects(over);
      await expect(answer(workflow, "token", { outcome: "approved" })).resolves.toBeUndefined();
    }
    sfn.on(SendTaskSuccessCommand).rejects(new Error("throttled"));
    await expect(answer(workflow, "token", { outcome: "approved" })).rejects.toThrow("throttled");
  });

  it("tells a running execution from one that ended or never was", async () => {
    sfn.on(DescribeExecutionCommand).resolves({ status: "RUNNING" });
    expect(await isRunning(workflow, "plan-1-r1-a1")).toBe(true);
    expect(sfn.commandCalls(DescribeExecutionCommand)[0]?.args[0].input).toEqual({
      executionArn:
        "arn:aws:states:eu-central-1:111122223333:execution:concord-test-PlanApproval:plan-1-r1-a1",
    });
    sfn.on(DescribeExecutionCommand).resolves({ status: "FAILED" });
    expect(await isRunning(workflow, "plan-1-r1-a1")).toBe(false);
    sfn.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist(failure));
    expect(await isRunning(workflow, "plan-1-r1-a1")).toBe(false);
    sfn.on(DescribeExecutionCommand).rejects(new Error("throttled"));
    await expect(isRunning(workflow, "plan-1-r1-a1")).rejects.toThrow("throttled");
  });
});
