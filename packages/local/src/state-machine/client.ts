import { isDeepStrictEqual } from "node:util";
import { executionArn as arnOf, executionOfToken, nameIn } from "./arn.ts";
import type { StateMachine } from "./definition.ts";
import {
  type Answer,
  after,
  closed,
  type Execution,
  entered,
  type RunningExecution,
} from "./execution.ts";
import { change, type ExecutionStore } from "./execution-store.ts";
import { bytesOf, callbackDueAt, MAX_DATA_BYTES } from "./transition.ts";

export interface ExecutionDescription {
  readonly executionArn: string;
  readonly machine: string;
  readonly name: string;
  readonly status: Execution["status"];
  readonly input: unknown;
  readonly startedAt: string;
  /** The state a running execution is in, and when its next transition is due. */
  readonly state?: string;
  readonly dueAt?: string;
  readonly stoppedAt?: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/**
 * The verbs of the Step Functions client with plain values in place of JSON texts. Errors carry the service's names:
 * ExecutionAlreadyExists, ExecutionDoesNotExist, InvalidName, StateMachineDoesNotExist, InvalidToken,
 * TaskDoesNotExist, TaskTimedOut, InvalidExecutionInput, InvalidOutput.
 */
export interface StateMachineClient {
  /**
   * A name is remembered for ever. The same name with the same input answers the execution while it is running.
   * @param machine name or ARN.
   */
  startExecution(start: {
    machine: string;
    name: string;
    input: unknown;
  }): Promise<{ executionArn: string; startedAt: string }>;
  sendTaskSuccess(token: string, output: unknown): Promise<void>;
  sendTaskFailure(token: string, failure: { error: string; cause?: string }): Promise<void>;
  sendTaskHeartbeat(token: string): Promise<void>;
  describeExecution(executionArn: string): Promise<ExecutionDescription>;
  stopExecution(
    executionArn: string,
    reason?: { error?: string; cause?: string },
  ): Promise<{ stoppedAt: string }>;
}

/** The longest an execution may take on AWS. */
const YEAR_SECONDS = 31_536_000;

const refusal = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name });

export function stateMachineClient(
  store: ExecutionStore,
  machines: ReadonlyMap<string, StateMachine>,
  now: () => Date,
): StateMachineClient {
  /** One conditional write; the task is closed once its answer is stored or its time is over. */
  const answerCallback = async (
    token: string,
    next: (execution: RunningExecution, at: string) => Execution,
  ): Promise<void> => {
    const executionArn = executionOfToken(token);
    if (executionArn === undefined) throw refusal("InvalidToken", "This is not a task token");
    await change(store, executionArn, async (execution) => {
      if (execution === undefined) {
        throw refusal("TaskDoesNotExist", "The execution of this task token does not exist");
      }
      const at = now().toISOString();
      const open = execution.status === "RUNNING" ? pendingOf(execution) : undefined;
      if (
        execution.status !== "RUNNING" ||
        open?.token !== token ||
        callbackDueAt(execution, open) <= at
      ) {
        throw refusal("TaskTimedOut", "The task was answered before or its time is over");
      }
      return next(execution, at);
    });
  };

  const answered = (token: string, answer: Answer) => (execution: RunningExecution, at: string) => {
    const { lease: _, ...released } = execution;
    return { ...released, stage: { kind: "answered" as const, token, answer }, dueAt: at };
  };

  return {
    async startExecution({ machine, name, input }) {
      const machineName = nameIn(machine);
      const definition = machines.get(machineName);
      if (definition === undefined) {
        throw refusal("StateMachineDoesNotExist", `There is no state machine ${machineName}`);
      }
      if (!/^[\w-]{1,80}$/.test(name)) {
        throw refusal("InvalidName", `${name} is not 1–80 letters, digits, "-" or "_"`);
      }
      const startedAt = now().toISOString();
      const executionArn = arnOf(machineName, name);
      const executionInput = jsonOf(input ?? {}, "InvalidExecutionInput");
      const lasting = Math.min(definition.TimeoutSeconds ?? YEAR_SECONDS, YEAR_SECONDS);
      const started = {
        executionArn,
        machineName,
        name,
        definition: JSON.stringify(definition),
        executionInput,
        startedAt,
        deadlineAt: after(startedAt, lasting),
      };
      const first = entered(started, definition.StartAt, executionInput, {}, startedAt);
      if ((await store.create(first)) !== undefined) return { executionArn, startedAt };
      const existing = (await store.get(executionArn))?.execution;
      if (
        existing?.status !== "RUNNING" ||
        !isDeepStrictEqual(existing.executionInput, executionInput)
      ) {
        throw refusal("ExecutionAlreadyExists", `The name ${name} was used before`);
      }
      return { executionArn, startedAt: existing.startedAt };
    },

    async sendTaskSuccess(token, output) {
      const answer = { kind: "success" as const, output: jsonOf(output ?? null, "InvalidOutput") };
      await answerCallback(token, answered(token, answer));
    },

    sendTaskFailure: (token, { error, cause = "" }) =>
      answerCallback(token, answered(token, { kind: "failure", failure: { error, cause } })),

    sendTaskHeartbeat: (token) =>
      answerCallback(token, (execution, at) => {
        const { stage } = execution;
        if (stage.kind !== "awaiting" && stage.kind !== "invoking") return execution;
        const { heartbeat, ...rest } = stage.callback;
        if (heartbeat === undefined) return execution;
        const missedAt = after(at, heartbeat.seconds);
        const callback = { ...rest, heartbeat: { ...heartbeat, missedAt } };
        const beaten = { ...execution, stage: { ...stage, callback } };
        return stage.kind === "awaiting"
          ? { ...beaten, dueAt: callbackDueAt(execution, callback) }
          : beaten;
      }),

    async describeExecution(executionArn) {
      const stored = await store.get(executionArn);
      if (stored === undefined) throw refusal("ExecutionDoesNotExist", executionArn);
      return description(stored.execution);
    },

    async stopExecution(executionArn, reason = {}) {
      let stoppedAt = now().toISOString();
      await change(store, executionArn, async (execution) => {
        if (execution === undefined) throw refusal("ExecutionDoesNotExist", executionArn);
        if (execution.status === "RUNNING") {
          return closed(execution, stoppedAt, { status: "ABORTED", ...reason });
        }
        stoppedAt = execution.stoppedAt;
        return undefined;
      });
      return { stoppedAt };
    },
  };
}

/** A copy as JSON has it, within what the service takes. */
function jsonOf(value: unknown, refused: string): unknown {
  if (bytesOf(value) > MAX_DATA_BYTES) {
    throw refusal(refused, `More than ${MAX_DATA_BYTES} bytes of JSON`);
  }
  return JSON.parse(JSON.stringify(value));
}

const pendingOf = ({ stage }: RunningExecution) =>
  stage.kind === "awaiting" || stage.kind === "invoking" ? stage.callback : undefined;

function description(execution: Execution): ExecutionDescription {
  const { executionArn, machineName, name, executionInput, startedAt, status } = execution;
  const both = {
    executionArn,
    machine: machineName,
    name,
    status,
    input: executionInput,
    startedAt,
  };
  if (execution.status === "RUNNING") {
    return { ...both, state: execution.state, dueAt: execution.dueAt };
  }
  const { stoppedAt, output, error, cause } = execution;
  return {
    ...both,
    stoppedAt,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}
