import { describe, expect, it } from "vitest";
import { lambdaTask, machineOf, testMachine } from "./test-runtime.ts";

const named = (name: string, message = "") => Object.assign(new Error(message), { name });

describe("choice", () => {
  const machine = machineOf({
    Ask: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $states.input.n > 10 %}", Assign: { size: "large" }, Next: "Done" },
        { Condition: "{% $states.input.n > 5 %}", Output: { size: "middle" }, Next: "Plain" },
      ],
    },
    Done: { Type: "Succeed", Output: { size: "{% $size %}" } },
    Plain: { Type: "Succeed" },
  });

  it.each([
    [{ n: 11 }, { size: "large" }],
    [{ n: 6 }, { size: "middle" }],
  ])("takes the first rule that is true for %j", async (input, output) => {
    const { start, describeExecution } = await testMachine({ machine });
    expect(await describeExecution(await start(input))).toMatchObject({
      status: "SUCCEEDED",
      output,
    });
  });

  it("fails with States.NoChoiceMatched where no rule and no default applies", async () => {
    const { start, describeExecution } = await testMachine({ machine });
    expect(await describeExecution(await start({ n: 1 }))).toMatchObject({
      status: "FAILED",
      error: "States.NoChoiceMatched",
    });
  });

  it("fails where a condition is not boolean", async () => {
    const odd = machineOf({
      Ask: {
        Type: "Choice",
        Choices: [{ Condition: "{% 'true' %}", Next: "Done" }],
        Default: "Done",
      },
      Done: { Type: "Succeed" },
    });
    const { start, describeExecution } = await testMachine({ machine: odd });
    expect(await describeExecution(await start())).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
    });
  });

  it("evaluates Assign and Output of a state with the variables from before it", async () => {
    const steps = machineOf({
      One: { Type: "Wait", Seconds: 0, Assign: { n: 1 }, Next: "Two" },
      Two: {
        Type: "Wait",
        Seconds: 0,
        Assign: { n: "{% $n + 1 %}" },
        Output: "{% $n %}",
        Next: "Three",
      },
      Three: { Type: "Succeed", Output: ["{% $n %}", "{% $states.input %}"] },
    });
    const { start, describeExecution } = await testMachine({ machine: steps });
    expect(await describeExecution(await start())).toMatchObject({ output: [2, 1] });
  });
});

describe("wait", () => {
  it.each([
    ["Seconds", { Seconds: 86_400 }],
    ["Seconds by expression", { Seconds: "{% $states.input.days * 86400 %}" }],
    ["Timestamp", { Timestamp: "2027-01-05T10:00:00+01:00" }],
    ["Timestamp by expression", { Timestamp: "{% $states.input.until %}" }],
  ])("by %s ends at that instant and not before", async (_, fields) => {
    const machine = machineOf({ Rest: { Type: "Wait", ...fields, End: true } });
    const { start, pass, describeExecution } = await testMachine({ machine });
    const execution = await start({ days: 1, until: "2027-01-05T09:00:00Z" });
    await pass(86_399);
    expect(await describeExecution(execution)).toMatchObject({ status: "RUNNING", state: "Rest" });
    await pass(1);
    expect(await describeExecution(execution)).toMatchObject({
      status: "SUCCEEDED",
      stoppedAt: "2027-01-05T09:00:00.000Z",
    });
  });

  it("counts from the instant of each transition when a year is caught up at once", async () => {
    const machine = machineOf({
      Quarter: { Type: "Wait", Seconds: 90 * 86_400, Next: "Week" },
      Week: { Type: "Wait", Seconds: 7 * 86_400, End: true },
    });
    const { start, pass, describeExecution } = await testMachine({ machine });
    const execution = await start();
    await pass(300 * 86_400);
    expect((await describeExecution(execution)).stoppedAt).toBe("2027-04-11T09:00:00.000Z");
  });
});

describe("task", () => {
  it("gives the function a copy of its payload and puts its answer under Payload", async () => {
    const work = async (payload: unknown) => {
      (payload as { changed: boolean }).changed = true;
      return { seen: payload };
    };
    const machine = machineOf({
      Work: lambdaTask({
        Assign: { code: "{% $states.result.StatusCode %}" },
        Output: { was: "{% $states.input %}", is: "{% $states.result.Payload %}" },
        Next: "Done",
      }),
      Done: { Type: "Succeed", Output: ["{% $states.input %}", "{% $code %}"] },
    });
    const { start, describeExecution } = await testMachine({ machine, lambdas: { work } });
    expect((await describeExecution(await start({ id: 1 }))).output).toEqual([
      { was: { id: 1 }, is: { seen: { id: 1, changed: true } } },
      200,
    ]);
  });

  it("is tried again after each backoff, and only then", async () => {
    const attempts: string[] = [];
    const work = async () => {
      attempts.push(clock.now().toISOString().slice(11, 19));
      if (attempts.length < 4) throw named("Busy");
      return "served";
    };
    const machine = machineOf({
      Work: lambdaTask({
        Retry: [
          { ErrorEquals: ["Busy"], IntervalSeconds: 10, BackoffRate: 2, MaxDelaySeconds: 30 },
        ],
        Output: "{% $states.result.Payload & ' ' & $string($states.context.State.RetryCount) %}",
        End: true,
      }),
    });
    const { start, pass, clock, describeExecution } = await testMachine({
      machine,
      lambdas: { work },
    });
    const execution = await start();
    for (let second = 0; second < 70; second += 1) await pass(1);
    expect(attempts).toEqual(["09:00:00", "09:00:10", "09:00:30", "09:01:00"]);
    expect((await describeExecution(execution)).output).toBe("served 3");
  });

  it("that has spent its attempts is caught, with error and cause as input", async () => {
    const work = async () => {
      throw named("Busy", "come back");
    };
    const machine = machineOf({
      Work: lambdaTask({
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ["States.Timeout"], Next: "Wrong" },
          {
            ErrorEquals: ["States.TaskFailed"],
            Assign: { was: "{% $states.errorOutput.Error %}" },
            Output: "{% $parse($states.errorOutput.Cause).errorMessage %}",
            Next: "Caught",
          },
        ],
        End: true,
      }),
      Wrong: { Type: "Fail" },
      Caught: { Type: "Fail", Error: "{% $was %}", Cause: "{% $states.input %}" },
    });
    const { start, pass, describeExecution } = await testMachine({ machine, lambdas: { work } });
    const execution = await start();
    await pass(1);
    expect(await describeExecution(execution)).toMatchObject({
      status: "FAILED",
      error: "Busy",
      cause: "come back",
    });
  });

  it("that nobody catches fails the execution with the error of the function", async () => {
    const work = () => Promise.reject(named("Broken"));
    const machine = machineOf({ Work: lambdaTask({ End: true }) });
    const { start, describeExecution } = await testMachine({ machine, lambdas: { work } });
    expect(await describeExecution(await start())).toMatchObject({
      status: "FAILED",
      error: "Broken",
    });
  });

  it("whose function does not return in time fails with States.Timeout", async () => {
    const waited: number[] = [];
    const work = () => new Promise(() => undefined);
    const machine = machineOf({ Work: lambdaTask({ TimeoutSeconds: 60, End: true }) });
    const { start, describeExecution } = await testMachine({
      machine,
      lambdas: { work },
      sleep: async (milliseconds) => void waited.push(milliseconds),
    });
    const outcome = await describeExecution(await start());
    expect(outcome).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(waited).toEqual([60_000]);
  });

  it("whose Output fails is caught as States.QueryEvaluationError", async () => {
    const machine = machineOf({
      Work: lambdaTask({
        Output: "{% $states.result.Payload.absent %}",
        Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "Caught" }],
        End: true,
      }),
      Caught: { Type: "Succeed", Output: "caught" },
    });
    const { start, describeExecution } = await testMachine({
      machine,
      lambdas: { work: async () => 1 },
    });
    expect((await describeExecution(await start())).output).toBe("caught");
  });

  it("with more than 256 KiB of output ends the execution whatever is caught", async () => {
    const machine = machineOf({
      Work: lambdaTask({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }], End: true }),
      Caught: { Type: "Succeed" },
    });
    const lambdas = { work: async () => "x".repeat(262_144) };
    const { start, describeExecution } = await testMachine({ machine, lambdas });
    expect(await describeExecution(await start())).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
    });
  });

  it("whose data together outgrow an execution ends it instead of being tried for ever", async () => {
    const machine = machineOf({
      One: lambdaTask({ Assign: { a: "{% $states.result.Payload %}" }, Output: 0, Next: "Two" }),
      Two: lambdaTask({ Output: "{% $states.result.Payload %}", End: true }),
    });
    const lambdas = { work: async () => "x".repeat(200_000) };
    const { start, describeExecution } = await testMachine({ machine, lambdas });
    expect(await describeExecution(await start())).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause: "State Two leaves more data than an execution can hold",
    });
  });

  it("takes a function by the name in its ARN, with or without a version", async () => {
    const machine = machineOf({
      Work: {
        ...lambdaTask({ Output: "{% $states.result.Payload %}", End: true }),
        Arguments: {
          FunctionName: "arn:aws:lambda:eu-central-1:1:function:work:live",
          Payload: {},
        },
      },
    });
    const { start, describeExecution } = await testMachine({
      machine,
      lambdas: { work: async () => "here" },
    });
    expect((await describeExecution(await start())).output).toBe("here");
  });

  it("of a function that is not there is refused on registration", async () => {
    const machine = machineOf({ Work: lambdaTask({ End: true }) });
    await expect(testMachine({ machine })).rejects.toThrow(
      "State Work: no function arn:aws:lambda:eu-central-1:111122223333:function:work",
    );
  });
});

describe("an execution", () => {
  it("longer than the machine's TimeoutSeconds is timed out", async () => {
    const machine = machineOf(
      { Rest: { Type: "Wait", Seconds: 100, End: true } },
      { TimeoutSeconds: 60 },
    );
    const { start, pass, describeExecution } = await testMachine({ machine });
    const execution = await start();
    await pass(59);
    expect((await describeExecution(execution)).status).toBe("RUNNING");
    await pass(1);
    expect(await describeExecution(execution)).toMatchObject({
      status: "TIMED_OUT",
      error: "States.Timeout",
      stoppedAt: "2027-01-04T09:01:00.000Z",
    });
  });

  it("lasts at most a year", async () => {
    const machine = machineOf({ Rest: { Type: "Wait", Seconds: 400 * 86_400, End: true } });
    const { start, pass, describeExecution } = await testMachine({ machine });
    const execution = await start();
    await pass(365 * 86_400);
    expect((await describeExecution(execution)).status).toBe("TIMED_OUT");
  });
});
