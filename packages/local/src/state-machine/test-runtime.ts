import { randomUUID } from "node:crypto";
import { createLocalTable, type LocalTable } from "../local-table/index.ts";
import { testTable } from "../testing/test-table.ts";
import {
  type LocalLambdas,
  type Sleep,
  type StateMachinesOptions,
  stateMachines,
} from "./index.ts";

export const START = new Date("2027-01-04T09:00:00.000Z");
export const DAY_SECONDS = 86_400;

export const functionArn = (name: string): string =>
  `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;

/** Time does not pass by itself: a sleep ends only when it is called off. */
export const asleep: Sleep = (_milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** A clock that stands still until it is moved. */
export function testClock(start: Date = START) {
  let milliseconds = start.getTime();
  return {
    now: () => new Date(milliseconds),
    pass: (seconds: number) => {
      milliseconds += seconds * 1000;
    },
  };
}

export async function testLocalTable(): Promise<LocalTable> {
  const { client, documentClient } = await testTable();
  const tableName = `local-${randomUUID()}`;
  await createLocalTable(client, tableName);
  return { documentClient, tableName };
}

type TestMachine = { machine: object; lambdas?: LocalLambdas } & Partial<StateMachinesOptions>;

/** State machines with the one machine `machine`, on a table and a clock of their own unless given. */
export async function testMachine({ machine, lambdas = {}, ...options }: TestMachine) {
  const clock = testClock();
  const table = options.table ?? (await testLocalTable());
  const runtime = stateMachines({
    table,
    machines: { machine },
    lambdas,
    now: clock.now,
    sleep: asleep,
    ...options,
  });
  return {
    ...runtime,
    clock,
    table,
    /** Starts an execution and runs it as far as it comes now. */
    async start(input: unknown = {}, name = "first") {
      const { executionArn } = await runtime.startExecution({ machine: "machine", name, input });
      await runtime.drain();
      return executionArn;
    },
    /** Lets time pass and makes everything that has become due. */
    async pass(seconds: number) {
      clock.pass(seconds);
      await runtime.drain();
    },
  };
}

/** A JSONata machine of these states that begins with the first. */
export const machineOf = (states: Record<string, object>, more: object = {}) => ({
  QueryLanguage: "JSONata",
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
});

/** A task that hands its token to the function `ask`. */
export const callbackTask = (more: object) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: {
    FunctionName: functionArn("ask"),
    Payload: { token: "{% $states.context.Task.Token %}" },
  },
  ...more,
});

/** A task that invokes the function `work`. */
export const lambdaTask = (more: object) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: functionArn("work"), Payload: "{% $states.input %}" },
  ...more,
});

/** The function behind `callbackTask`, and the tokens it was given. */
export function asking() {
  const tokens: string[] = [];
  const ask = async (payload: unknown) => {
    tokens.push((payload as { token: string }).token);
  };
  return { ask, tokens, last: () => tokens.at(-1) ?? "" };
}
