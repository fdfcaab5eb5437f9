import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { advance, stateOf } from "./advance.ts";
import type { StateMachine } from "./definition.ts";
import { after, type Execution, type RunningExecution } from "./execution.ts";
import { change, type ExecutionStore, type Stored } from "./execution-store.ts";
import {
  invokeLambda,
  LONGEST_INVOCATION_SECONDS,
  type LocalLambdas,
  type Sleep,
} from "./invoke-lambda.ts";
import { parseMachine } from "./parse-machine.ts";
import { type Invocation, settleTask } from "./task.ts";
import { callbackDueAt } from "./transition.ts";

export interface WorkerOptions {
  readonly lambdas: LocalLambdas;
  /** The business clock. */
  readonly now: () => Date;
  /** Leases run on the wall clock, whatever the business clock shows. */
  readonly wallClock?: () => Date;
  readonly sleep?: Sleep;
  readonly random?: () => number;
  /**
   * A worker that starts again under the same id takes its own leases over at once; other workers wait until they run
   * out. Two workers alive at once need different ids.
   */
  readonly workerId?: string;
}

export interface StateMachineWorker {
  /** Makes every transition that is due at `now`; resolves to how many executions advanced. */
  tick(now?: Date): Promise<number>;
  /** Ticks until nothing more is due now, also of executions that were started meanwhile. */
  drain(): Promise<number>;
  /** Ticks until the signal is aborted and what is under way has ended. A failed tick is reported and repeated. */
  run(signal: AbortSignal, report: (error: unknown) => void): Promise<void>;
}

const POLL_MILLISECONDS = 200;
const LONGEST_PAUSE_MILLISECONDS = 60_000;
/** Beyond the longest invocation, so that no living worker is overtaken. */
const LEASE_SECONDS = LONGEST_INVOCATION_SECONDS + 30;

const pause: Sleep = async (milliseconds, signal) => {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
};

export function stateMachineWorker(
  store: ExecutionStore,
  { lambdas, now, ...options }: WorkerOptions,
): StateMachineWorker {
  const { wallClock = () => new Date(), sleep = pause } = options;
  const { random = Math.random, workerId = randomUUID() } = options;
  const inFlight = new Map<string, Promise<boolean>>();
  const machines = new Map<string, StateMachine>();

  const machineOf = ({ machineName, definition }: Execution): StateMachine => {
    const machine = machines.get(definition) ?? parseMachine(machineName, JSON.parse(definition));
    machines.set(definition, machine);
    return machine;
  };

  const isHeldByAnother = ({ lease }: RunningExecution): boolean =>
    lease !== undefined && lease.holder !== workerId && lease.until > wallClock().toISOString();

  const step = async (executionArn: string, until: string): Promise<boolean> => {
    const stored = await store.get(executionArn);
    if (stored?.execution.status !== "RUNNING") return false;
    const { execution } = stored;
    if (execution.dueAt > until || isHeldByAnother(execution)) return false;
    const next = await advance(machineOf(execution), execution, random);
    return "claimed" in next
      ? await invoke(stored, next)
      : (await store.save(stored, next)) !== undefined;
  };

  const invoke = async (stored: Stored, invocation: Invocation): Promise<boolean> => {
    const lease = { holder: workerId, until: after(wallClock(), LEASE_SECONDS) };
    const claimed = { ...invocation.claimed, lease };
    const saved = await store.save(stored, claimed);
    const state = stateOf(machineOf(claimed), claimed);
    if (saved === undefined || state.Type !== "Task") return false;

    const begunAt = now().getTime();
    const { functionName, payload, timeoutSeconds } = invocation;
    const answer = await invokeLambda(lambdas, functionName, payload, { timeoutSeconds, sleep });
    const at = after(claimed.dueAt, Math.max(0, now().getTime() - begunAt) / 1000);

    if (claimed.stage.kind !== "invoking") {
      const result =
        answer.kind === "success" ? { ...answer, output: invokeResult(answer.output) } : answer;
      await store.save(saved, await settleTask(claimed, state, result, at, random));
      return true;
    }
    const { token } = claimed.stage.callback;
    await change(store, claimed.executionArn, async (current) => {
      if (current?.status !== "RUNNING" || current.stage.kind !== "invoking") return undefined;
      const { callback } = current.stage;
      if (callback.token !== token) return undefined;
      if (answer.kind === "failure") return await settleTask(current, state, answer, at, random);
      const { lease: _, ...released } = current;
      const dueAt = callbackDueAt(current, callback);
      return { ...released, stage: { kind: "awaiting", callback }, dueAt };
    });
    return true;
  };

  const advanceAll = async (executionArn: string, until: string): Promise<boolean> => {
    let isAdvanced = false;
    while (await step(executionArn, until)) isAdvanced = true;
    return isAdvanced;
  };

  const startDue = async (until: Date): Promise<Promise<boolean>[]> => {
    const arns = (await store.due(until)).filter((arn) => !inFlight.has(arn));
    return arns.map((arn) => {
      const work = advanceAll(arn, until.toISOString()).finally(() => inFlight.delete(arn));
      inFlight.set(arn, work);
      return work;
    });
  };

  const tick = async (until = now()): Promise<number> => {
    const outcomes = await Promise.allSettled(await startDue(until));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    return outcomes.filter((outcome) => outcome.status === "fulfilled" && outcome.value).length;
  };

  /**
   * A long invocation does not hold up the others: the next turn begins after the poll interval. Resolves to whether
   * something failed.
   */
  const turn = async (signal: AbortSignal, report: (error: unknown) => void): Promise<boolean> => {
    const ended = new AbortController();
    let isFailed = false;
    const polled = sleep(POLL_MILLISECONDS, AbortSignal.any([signal, ended.signal]));
    try {
      const works = (await startDue(now())).map((work) =>
        work.catch((error: unknown) => {
          report(error);
          isFailed = true;
          return false;
        }),
      );
      const advanced = Promise.all(works).then((outcomes) => outcomes.includes(true));
      if (!(await Promise.race([advanced, polled.then(() => true)]))) await polled;
    } catch (error) {
      report(error);
      isFailed = true;
      await polled;
    } finally {
      ended.abort();
    }
    return isFailed;
  };

  return {
    tick,
    async drain() {
      let total = 0;
      for (let made = -1; made !== 0; total += made) made = await tick();
      return total;
    },
    async run(signal, report) {
      for (let failures = 0; !signal.aborted; ) {
        failures = (await turn(signal, report)) ? failures + 1 : 0;
        const slower = Math.min(POLL_MILLISECONDS * 2 ** failures, LONGEST_PAUSE_MILLISECONDS);
        if (failures > 0) await sleep(slower, signal);
      }
      await Promise.allSettled(inFlight.values());
    },
  };
}

const invokeResult = (payload: unknown) => ({
  ExecutedVersion: "$LATEST",
  Payload: payload,
  StatusCode: 200,
});
