import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import type { LocalTable } from "../local-table/index.ts";
import {
  asking,
  asleep,
  callbackTask,
  DAY_SECONDS,
  lambdaTask,
  machineOf,
  START,
  testLocalTable,
  testMachine,
} from "./test-runtime.ts";

const machine = machineOf({
  Ask: callbackTask({
    TimeoutSeconds: 60,
    Next: "Choose",
    Catch: [{ ErrorEquals: ["States.Timeout"], Next: "AskAgain" }],
  }),
  AskAgain: callbackTask({ Assign: { answer: "{% $states.result %}" }, Next: "Choose" }),
  Choose: {
    Type: "Choice",
    Choices: [{ Condition: "{% $answer = 'yes' %}", Next: "Rest" }],
    Default: "Refused",
  },
  Rest: { Type: "Wait", Seconds: 90 * DAY_SECONDS, Next: "Work" },
  Work: lambdaTask({
    Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 5 }],
    Output: "{% $states.result.Payload %}",
    Next: "Done",
  }),
  Refused: { Type: "Fail" },
  Done: { Type: "Succeed", Output: ["{% $answer %}", "{% $states.input %}"] },
});

class Killed extends Error {}

/** A table whose `at`-th write dies before or after it reached the engine, and every request after it dies too. */
function dyingTable(table: LocalTable, at: number, when: "before" | "after") {
  let writes = 0;
  let isDead = false;
  const documentClient = new Proxy(table.documentClient, {
    get(client, property) {
      if (property !== "send") return Reflect.get(client, property);
      return async (command: PutCommand) => {
        if (isDead) throw new Killed();
        const isFatal = command instanceof PutCommand && ++writes === at;
        if (isFatal && when === "before") isDead = true;
        if (isDead) throw new Killed();
        const answer = await client.send(command);
        if (isFatal) isDead = true;
        if (isDead) throw new Killed();
        return answer;
      };
    },
  });
  return { table: { ...table, documentClient }, writes: () => writes };
}

/** The world outside the runner, which a kill does not touch: it answers, and lets 100 days pass. */
function world() {
  const { ask, tokens, last } = asking();
  const effects: string[] = [];
  let seconds = 0;
  const now = () => new Date(START.getTime() + seconds * 1000);
  const work = async () => {
    effects.push(now().toISOString().slice(0, 10));
    if (effects.length === 1) throw Object.assign(new Error(), { name: "Busy" });
    return "worked";
  };

  const live = async (table: LocalTable): Promise<void> => {
    const runner = await testMachine({
      machine,
      lambdas: { ask, work },
      table,
      now,
      workerId: "w",
    });
    const { executionArn } = await runner.startExecution({
      machine: "machine",
      name: "a",
      input: {},
    });
    for (const passing of [0, 60, 0, 90 * DAY_SECONDS, 100]) {
      const { status, state } = await runner.describeExecution(executionArn);
      if (status !== "RUNNING") return;
      seconds += passing;
      await runner.drain();
      if (state === "AskAgain") {
        await runner.sendTaskSuccess(last(), "yes").catch((error: Error) => {
          if (error.name !== "TaskTimedOut") throw error;
        });
        await runner.drain();
      }
    }
  };
  return { live, effects, tokens, now };
}

async function lifeOf(at: number, when: "before" | "after") {
  const table = await testLocalTable();
  const outside = world();
  const dying = dyingTable(table, at, when);
  const wasKilled = await outside.live(dying.table).then(
    () => false,
    (error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      return true;
    },
  );
  for (let restart = 0; wasKilled && restart < 6; restart += 1) {
    await outside.live(table).catch((error: Error) => {
      if (error.name !== "ExecutionAlreadyExists") throw error;
    });
  }
  const observer = await testMachine({
    machine,
    lambdas: { ask: async () => {}, work: async () => {} },
    table,
    now: outside.now,
  });
  const arn = "arn:aws:states:local:000000000000:execution:machine:a";
  return {
    ...outside,
    wasKilled,
    writes: dying.writes(),
    end: await observer.describeExecution(arn),
  };
}

/** Counted in a life without a kill, and asserted there. */
const WRITES = 16;

describe("a runner that is killed", () => {
  it("makes every transition of an undisturbed execution in one write", async () => {
    const { wasKilled, writes, end, effects, tokens } = await lifeOf(0, "before");
    expect(wasKilled).toBe(false);
    expect(end).toMatchObject({ status: "SUCCEEDED", output: ["yes", "worked"] });
    expect(effects).toHaveLength(2);
    expect(new Set(tokens).size).toBe(2);
    expect(writes).toBe(WRITES);
  });

  const moments = Array.from({ length: WRITES }, (_, index) => index + 1).flatMap((at) => [
    { at, when: "before" as const },
    { at, when: "after" as const },
  ]);
  it.each(moments)(
    "$when write $at is continued by the next with the same outcome",
    async (moment) => {
      const { wasKilled, end, effects, tokens } = await lifeOf(moment.at, moment.when);
      expect(wasKilled).toBe(true);
      expect(end).toMatchObject({ status: "SUCCEEDED", output: ["yes", "worked"] });
      expect(effects.length).toBeGreaterThanOrEqual(2);
      expect(new Set(tokens).size).toBe(2);
    },
  );
});

describe("two workers", () => {
  it("make each transition once between them", async () => {
    const table = await testLocalTable();
    const runs: string[] = [];
    const work = async (payload: unknown) => {
      const { id } = payload as { id: string };
      await new Promise(setImmediate);
      runs.push(id);
    };
    const options = {
      machine: machineOf({ Work: lambdaTask({ End: true }) }),
      lambdas: { work },
      table,
    };
    const one = await testMachine(options);
    const other = await testMachine(options);
    const ids = Array.from({ length: 30 }, (_, index) => `e${index}`);
    for (const id of ids) await one.startExecution({ machine: "machine", name: id, input: { id } });
    await Promise.all([one.drain(), other.drain()]);
    await Promise.all([one.drain(), other.drain()]);
    expect(runs.toSorted()).toEqual(ids.toSorted());
  });

  it("do not take over from each other before the lease has run out", async () => {
    const table = await testLocalTable();
    let isHanging = true;
    let runs = 0;
    const work = async () => {
      runs += 1;
      if (isHanging) await new Promise(() => {});
    };
    let wall = START.getTime();
    const wallClock = () => new Date(wall);
    const options = {
      machine: machineOf({ Work: lambdaTask({ End: true }) }),
      lambdas: { work },
      table,
      wallClock,
      sleep: asleep,
    };
    const stuck = await testMachine(options);
    const { executionArn } = await stuck.startExecution({
      machine: "machine",
      name: "a",
      input: {},
    });
    void stuck.tick();
    while (runs === 0) await new Promise(setImmediate);

    isHanging = false;
    const other = await testMachine(options);
    await other.drain();
    expect(runs).toBe(1);
    wall += 930_000;
    await other.drain();
    expect(runs).toBe(2);
    expect((await other.describeExecution(executionArn)).status).toBe("SUCCEEDED");
  });
});

describe("run", () => {
  it("advances what is due until it is stopped, reports a failed turn and goes on", async () => {
    const table = await testLocalTable();
    const reported: unknown[] = [];
    const stop = new AbortController();
    let turns = 0;
    const machines = await testMachine({
      machine: machineOf({ Work: lambdaTask({ End: true }) }),
      lambdas: { work: async () => "done" },
      table: dyingTable(table, 2, "before").table,
      sleep: async (milliseconds, signal) => {
        if (milliseconds > 1000) return asleep(milliseconds, signal);
        await new Promise(setImmediate);
        turns += 1;
        if (turns > 3) stop.abort();
      },
    });
    await machines.startExecution({ machine: "machine", name: "a", input: {} });
    await machines.run(stop.signal, (error) => reported.push(error));
    expect(reported.length).toBeGreaterThan(0);
    expect(reported.every((error) => error instanceof Killed)).toBe(true);

    const again = new AbortController();
    const healthy = await testMachine({
      machine: machineOf({ Work: lambdaTask({ End: true }) }),
      lambdas: { work: async () => again.abort() },
      table,
    });
    await healthy.run(again.signal, (error) => {
      throw error;
    });
    const arn = "arn:aws:states:local:000000000000:execution:machine:a";
    expect((await healthy.describeExecution(arn)).status).toBe("SUCCEEDED");
  });
});
