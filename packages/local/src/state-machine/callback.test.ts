import { describe, expect, it } from "vitest";
import { asking, callbackTask, DAY_SECONDS, machineOf, testMachine } from "./test-runtime.ts";

const waiting = (more: object = {}) =>
  machineOf({
    Ask: callbackTask({
      TimeoutSeconds: 90 * DAY_SECONDS,
      Catch: [
        { ErrorEquals: ["States.HeartbeatTimeout"], Next: "Silent" },
        { ErrorEquals: ["States.Timeout"], Next: "Expired" },
        { ErrorEquals: ["States.ALL"], Next: "Broken" },
      ],
      End: true,
      ...more,
    }),
    Silent: { Type: "Fail", Error: "Silent" },
    Expired: { Type: "Fail", Error: "Expired" },
    Broken: { Type: "Succeed" },
  });

describe("a task that waits for its token", () => {
  it("ends with the output of the answer", async () => {
    const { ask, last } = asking();
    const { start, drain, ...machines } = await testMachine({
      machine: waiting(),
      lambdas: { ask },
    });
    const execution = await start();
    expect((await machines.describeExecution(execution)).status).toBe("RUNNING");
    await machines.sendTaskSuccess(last(), { outcome: "approved" });
    await drain();
    expect(await machines.describeExecution(execution)).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "approved" },
    });
  });

  it("fails with the error of the answer", async () => {
    const { ask, last } = asking();
    const { start, drain, ...machines } = await testMachine({
      machine: waiting(),
      lambdas: { ask },
    });
    const execution = await start();
    await machines.sendTaskFailure(last(), { error: "Refused", cause: "too dear" });
    await drain();
    expect((await machines.describeExecution(execution)).output).toEqual({
      Error: "Refused",
      Cause: "too dear",
    });
  });

  it("may be answered by its own function before that returns", async () => {
    const answer = { send: async (_token: string) => {} };
    const ask = async (payload: unknown) => answer.send((payload as { token: string }).token);
    const machines = await testMachine({ machine: waiting(), lambdas: { ask } });
    answer.send = (token) => machines.sendTaskSuccess(token, "at once");
    expect(await machines.describeExecution(await machines.start())).toMatchObject({
      status: "SUCCEEDED",
      output: "at once",
    });
  });

  it("fails at once when its function fails, and its token is closed", async () => {
    const tokens: string[] = [];
    const ask = async (payload: unknown) => {
      tokens.push((payload as { token: string }).token);
      throw Object.assign(new Error("no mail server"), { name: "Unreachable" });
    };
    const { start, ...machines } = await testMachine({ machine: waiting(), lambdas: { ask } });
    expect(await machines.describeExecution(await start())).toMatchObject({
      output: { Error: "Unreachable" },
    });
    await expect(machines.sendTaskSuccess(tokens[0] ?? "", 1)).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
  });

  it("takes the first of two answers and refuses the second with TaskTimedOut", async () => {
    const { ask, last } = asking();
    const { start, drain, ...machines } = await testMachine({
      machine: waiting(),
      lambdas: { ask },
    });
    const execution = await start();
    const outcomes = await Promise.allSettled(
      ["a", "b", "c"].map((output) => machines.sendTaskSuccess(last(), output)),
    );
    const taken = outcomes.flatMap(({ status }, index) => (status === "fulfilled" ? [index] : []));
    expect(taken).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason.name).toBe("TaskTimedOut");
    }
    await drain();
    expect((await machines.describeExecution(execution)).output).toBe("abc"[taken[0] ?? 0]);
    await expect(machines.sendTaskFailure(last(), { error: "Late" })).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
  });

  it("still waits a second before its 90 days are over, and not at the end of them", async () => {
    const { ask, last } = asking();
    const { start, pass, ...machines } = await testMachine({
      machine: waiting(),
      lambdas: { ask },
    });
    const execution = await start();
    await pass(90 * DAY_SECONDS - 1);
    expect((await machines.describeExecution(execution)).status).toBe("RUNNING");
    await pass(1);
    expect(await machines.describeExecution(execution)).toMatchObject({
      status: "FAILED",
      error: "Expired",
      stoppedAt: "2027-04-04T09:00:00.000Z",
    });
    await expect(machines.sendTaskSuccess(last(), 1)).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
  });

  it("refuses an answer after its time even when no worker has noticed yet", async () => {
    const { ask, last } = asking();
    const { start, clock, ...machines } = await testMachine({
      machine: waiting(),
      lambdas: { ask },
    });
    await start();
    clock.pass(90 * DAY_SECONDS);
    await expect(machines.sendTaskSuccess(last(), 1)).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
  });

  it("lives as long as heartbeats come, and ends with States.HeartbeatTimeout without", async () => {
    const { ask, last } = asking();
    const machine = waiting({ HeartbeatSeconds: 60 });
    const { start, pass, ...machines } = await testMachine({ machine, lambdas: { ask } });
    const execution = await start();
    for (let beat = 0; beat < 3; beat += 1) {
      await pass(59);
      await machines.sendTaskHeartbeat(last());
    }
    await pass(59);
    expect((await machines.describeExecution(execution)).status).toBe("RUNNING");
    await pass(1);
    expect(await machines.describeExecution(execution)).toMatchObject({ error: "Silent" });
    await expect(machines.sendTaskHeartbeat(last())).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
  });

  it("is not kept beyond its timeout by heartbeats", async () => {
    const { ask, last } = asking();
    const machine = waiting({ TimeoutSeconds: "{% 100 %}", HeartbeatSeconds: "{% 30 * 2 %}" });
    const { start, pass, ...machines } = await testMachine({ machine, lambdas: { ask } });
    const execution = await start();
    await pass(59);
    await machines.sendTaskHeartbeat(last());
    await pass(41);
    expect(await machines.describeExecution(execution)).toMatchObject({ error: "Expired" });
  });

  it("heartbeats from its own function before that returns", async () => {
    const beat = { send: async (_token: string) => {} };
    const ask = async (payload: unknown) => beat.send((payload as { token: string }).token);
    const machine = waiting({ HeartbeatSeconds: 60 });
    const machines = await testMachine({ machine, lambdas: { ask } });
    beat.send = async (token) => {
      machines.clock.pass(50);
      await machines.sendTaskHeartbeat(token);
    };
    const execution = await machines.start();
    await machines.pass(59);
    expect((await machines.describeExecution(execution)).status).toBe("RUNNING");
    await machines.pass(1);
    expect(await machines.describeExecution(execution)).toMatchObject({ error: "Silent" });
  });

  it("hands over a new token with each attempt", async () => {
    const { ask, tokens, last } = asking();
    const machine = waiting({ Retry: [{ ErrorEquals: ["Again"], MaxAttempts: 1 }] });
    const { start, pass, drain, ...machines } = await testMachine({ machine, lambdas: { ask } });
    const execution = await start();
    await machines.sendTaskFailure(last(), { error: "Again" });
    await pass(1);
    expect(new Set(tokens).size).toBe(2);
    await expect(machines.sendTaskSuccess(tokens[0] ?? "", 1)).rejects.toMatchObject({
      name: "TaskTimedOut",
    });
    await machines.sendTaskSuccess(last(), "second");
    await drain();
    expect((await machines.describeExecution(execution)).output).toBe("second");
  });
});

describe("a token", () => {
  it("that is none is an InvalidToken", async () => {
    const { sendTaskSuccess } = await testMachine({
      machine: machineOf({ End: { Type: "Succeed" } }),
    });
    for (const token of ["", "plan", "cGxhbg.00000000-0000-0000-0000-000000000000"]) {
      await expect(sendTaskSuccess(token, 1)).rejects.toMatchObject({ name: "InvalidToken" });
    }
  });

  it("of an execution that is not here is a TaskDoesNotExist", async () => {
    const { ask, last } = asking();
    const here = await testMachine({ machine: waiting(), lambdas: { ask } });
    const elsewhere = await testMachine({ machine: waiting(), lambdas: { ask } });
    await here.start();
    await expect(elsewhere.sendTaskSuccess(last(), 1)).rejects.toMatchObject({
      name: "TaskDoesNotExist",
    });
  });
});
