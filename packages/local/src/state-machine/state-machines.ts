import type { LocalTable } from "../local-table/index.ts";
import { nameIn } from "./arn.ts";
import { type StateMachineClient, stateMachineClient } from "./client.ts";
import type { StateMachine } from "./definition.ts";
import { executionStore } from "./execution-store.ts";
import type { LocalLambdas } from "./invoke-lambda.ts";
import { parseMachine } from "./parse-machine.ts";
import { type StateMachineWorker, stateMachineWorker, type WorkerOptions } from "./worker.ts";

export interface StateMachinesOptions extends WorkerOptions {
  readonly table: LocalTable;
  /** The definitions as they are deployed, by name of the state machine. */
  readonly machines: Readonly<Record<string, unknown>>;
}

/**
 * Step Functions for the local runtime: durable executions in the runtime's own table, stepped by this process.
 * A function is invoked at least once; an execution goes on with the definition it was started with.
 * @throws Error `StateMachineRefused` for a definition with anything that is not executed here.
 */
export function stateMachines({
  table,
  machines,
  ...worker
}: StateMachinesOptions): StateMachineClient & StateMachineWorker {
  const registered = new Map<string, StateMachine>();
  for (const [name, definition] of Object.entries(machines)) {
    const machine = parseMachine(name, definition);
    refuseUnknownFunctions(name, machine, worker.lambdas);
    registered.set(name, machine);
  }
  const store = executionStore(table);
  return {
    ...stateMachineClient(store, registered, worker.now),
    ...stateMachineWorker(store, worker),
  };
}

function refuseUnknownFunctions(name: string, machine: StateMachine, lambdas: LocalLambdas): void {
  for (const [state, definition] of Object.entries(machine.States)) {
    if (definition.Type !== "Task") continue;
    const { FunctionName } = definition.Arguments;
    if (FunctionName.startsWith("{%") || Object.hasOwn(lambdas, nameIn(FunctionName))) continue;
    throw Object.assign(
      new Error(`State machine ${name} is refused:\n- State ${state}: no function ${FunctionName}`),
      { name: "StateMachineRefused" },
    );
  }
}
