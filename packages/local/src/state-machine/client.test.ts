import { describe, expect, it } from "vitest";
import { asking, callbackTask, lambdaTask, machineOf, testMachine } from "./test-runtime.ts";

const machine = machineOf({ Rest: { Type: "Wait", Seconds: 60, End: true } });

describe("startExecution", () => {
  it("answers the running execution for the same name and input", async () => {
    const { startExecution, clock } = await testMachine({ machine });
    const first = await startExecution({
      machine: "machine",
      name: "plan-1",
      input: { a: 1, b: 2 },
    });
    clock.pass(10);
    const again = await startExecution({
      machine: "machine",
      name: "plan-1",
      input: { b: 2, a: 1 },
    });
    expect(again).toEqual(first);
  });

  it("refuses the same name with another input", async () => {
    const { startExecution } = await testMachine({ machine });
    await startExecution({ machine: "machine", name: "plan-1", input: { a: 1 } });
    await expect(
      startExecution({ machine: "machine", name: "plan-1", input: { a: 2 } }),
    ).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });

  it("remembers the name of a closed execution", async () => {
    const { start, pass, startExecution } = await testMachine({ machine });
    await start({}, "plan-1");
    await pass(60);
    await expect(
      startExecution({ machine: "machine", name: "plan-1", input: {} }),
    ).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });

  it("starts once when two ask at once", async () => {
    let runs = 0;
    const work = async () => {
      runs += 1;
    };
    const { startExecution, drain } = await testMachine({
      machine: machineOf({ Work: lambdaTask({ End: true }) }),
      lambdas: { work },
    });
    const start = () => startExecution({ machine: "machine", name: "plan-1", input: {} });
    const [one, other] = await Promise.all([start(), start()]);
    await drain();
    expect(one).toEqual(other);
    expect(runs).toBe(1);
  });

  it("knows machines by name and by ARN, and no others", async () => {
    const { startExecution } = await testMachine({ machine });
    const arn = "arn:aws:states:eu-central-1:111122223333:stateMachine:machine";
    expect((await startExecution({ machine: arn, name: "a", input: {} })).executionArn).toBe(
      "arn:aws:states:local:000000000000:execution:machine:a",
    );
    await expect(startExecution({ machine: "other", name: "a", input: {} })).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
    });
  });

  it.each(["", "a b", "a:b", "x".repeat(81)])("refuses the name %j", async (name) => {
    const { startExecution } = await testMachine({ machine });
    await expect(startExecution({ machine: "machine", name, input: {} })).rejects.toMatchObject({
      name: "InvalidName",
    });
  });
});

describe("data beyond 256 KiB", () => {
  it("is taken neither as input nor as an answer", async () => {
    const { ask, last } = asking();
    const { start, startExecution, ...machines } = await testMachine({
      machine: machineOf({ Ask: callbackTask({ End: true }) }),
      lambdas: { ask },
    });
    const input = "x".repeat(262_144);
    await expect(startExecution({ machine: "machine", name: "a", input })).rejects.toMatchObject({
      name: "InvalidExecutionInput",
    });
    await start();
    await expect(machines.sendTaskSuccess(last(), input)).rejects.toMatchObject({
      name: "InvalidOutput",
    });
  });
});

describe("an execution under way", () => {
  it("keeps the definition it was started with when another is deployed", async () => {
    const first = await testMachine({ machine });
    const execution = await first.start();
    const other = machineOf({ Changed: { Type: "Fail", Error: "Changed" } });
    const second = await testMachine({ machine: other, table: first.table });
    await second.pass(60);
    expect((await second.describeExecution(execution)).status).toBe("SUCCEEDED");
  });

  it("is described with its state and the next instant", async () => {
    const { start, describeExecution } = await testMachine({ machine });
    expect(await describeExecution(await start({ id: 1 }))).toEqual({
      executionArn: "arn:aws:states:local:000000000000:execution:machine:first",
      machine: "machine",
      name: "first",
      status: "RUNNING",
      input: { id: 1 },
      startedAt: "2027-01-04T09:00:00.000Z",
      state: "Rest",
      dueAt: "2027-01-04T09:01:00.000Z",
    });
  });

  it("is stopped for good, and its token with it", async () => {
    const { ask, last } = asking();
    const { start, drain, ...machines } = await testMachine({
      machine: machineOf({ Ask: callbackTask({ End: true }) }),
      lambdas: { ask },
    });
    const execution = await start();
    const stopped = await machines.stopExecution(execution, { error: "Withdrawn" });
    await drain();
    expect(await machines.describeExecution(execution)).toMatchObject({
      status: "ABORTED",
      error: "Withdrawn",
    });
    await expect(machines.sendTaskSuccess(last(), 1)).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
    expect(await machines.stopExecution(execution)).toEqual(stopped);
  });

  it("that does not exist is an ExecutionDoesNotExist", async () => {
    const { describeExecution, stopExecution } = await testMachine({ machine });
    await expect(describeExecution("x")).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
    await expect(stopExecution("x")).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  });
});
