import { generateKeyPairSync } from "node:crypto";
import { AuditSigningKey, headSigner } from "@concord/core/audit";
import type { MintId } from "@concord/core/id";
import { repairRollup } from "@concord/core/opportunity";
import type { SetTimer } from "@concord/core/timer";
import { openVault } from "@concord/core/vault";
import {
  auditedEntities,
  auditSourceOf,
  openSystemStore,
  systemContexts,
  tenantIdOf,
} from "@concord/storage";
import {
  changeRecorder,
  conductApproval,
  escalateStep,
  expirePlan,
  fromQueue,
  handOnChanges,
  projectRankingChanges,
  queueJobs,
  reconcileApprovals,
  registerStep,
  remindApprover,
  runCycleChunk,
  runImports,
  runTick,
  sendAccountMail,
  sendMail,
  timerHandlers,
  type Workflow,
} from "@concord/workers";
import { changeConsumers } from "../../infra/change-feed.ts";
import type { handlers } from "../../infra/handlers.ts";
import type { Wire } from "./wire.ts";

/** The functions that no request of a person starts. */
export type WorkerName = Exclude<keyof typeof handlers, "api" | "account">;

/** The functions of the product that take changes from a queue of their own, by the name of the queue. */
export const consumers = {
  ProjectRanking: "projectRanking",
  RecordChanges: "recordChanges",
  SendMail: "sendMail",
  QueueJobs: "queueJobs",
  StartApproval: "startApproval",
} as const satisfies Record<keyof typeof changeConsumers, WorkerName>;

/** Other services, as they are for all processes. */
export interface Services {
  /** Names of executions that run. */
  readonly executions: Set<string>;
  /** Content of uploaded files by key. */
  readonly uploads: Map<string, string>;
  /** What left a process, a line each: mails, messages, files, starts and answers. */
  readonly heard: string[];
  /** Messages of queues as they were sent. */
  readonly messages: { readonly queue: string; readonly body: unknown }[];
  /** What processes said went wrong. */
  readonly errors: string[];
}

const named = (name: string): Error => Object.assign(new Error(name), { name });
const vault = openVault(Buffer.alloc(32, 7));
/** As deployed. */
const MAIL_LEASE_MS = 60_000;
const baseUrl = "https://concord.example/";
const auditKey = AuditSigningKey.parse({
  ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }),
  kid: "faults",
});

/** One process in which each function of the product answers its trigger, on a wire to the table and to other services. */
export function workerProcess({
  wire,
  services,
  now,
  wallNow,
  mint,
  tokenSecret,
  timer,
}: {
  readonly wire: Pick<Wire, "table" | "outside">;
  readonly services: Services;
  readonly now: Date;
  /** Milliseconds. */
  readonly wallNow: number;
  readonly mint: MintId;
  readonly tokenSecret: Uint8Array;
  /** The one timer that the tick finds due, while it is set; without it whatever is due. */
  readonly timer?: SetTimer | undefined;
}): Record<WorkerName, (input: unknown) => Promise<unknown>> {
  const { table } = wire;
  const { heard, messages, executions, uploads } = services;
  const leaves = (line: string, effect: () => void = () => undefined) =>
    wire.outside(async () => {
      heard.push(line);
      effect();
    });
  const sends = (queue: string) => async (bodies: readonly unknown[]) => {
    for (const body of bodies) {
      await leaves(`message to ${queue}: ${JSON.stringify(body)}`, () =>
        messages.push({ queue, body }),
      );
    }
  };
  const { erasures, people, personErasures, tenants, timers } = openSystemStore(table);
  const context = systemContexts({ table, now: () => now, mint });
  const log = (line: Readonly<Record<string, unknown>>) => {
    if (line["level"] === "error") services.errors.push(JSON.stringify(line));
  };
  const feed = { tenantOf: tenantIdOf, log };
  const workflow: Workflow = {
    async start(name, input) {
      await wire.outside(async () => {
        if (executions.has(name)) throw named("ExecutionAlreadyExists");
        executions.add(name);
        heard.push(`start ${name}: ${JSON.stringify(input)}`);
      });
    },
    succeed: (token, answer) => leaves(`answer to ${token}: ${JSON.stringify(answer)}`),
    describe: (name) =>
      wire.outside(async () => {
        if (!executions.has(name)) throw named("ExecutionDoesNotExist");
        return { status: "RUNNING" };
      }),
  };
  const transport = {
    send: (mail: { readonly mailId: string }) => leaves(`mail ${JSON.stringify(mail)}`),
  };
  const imports = sends("imports");
  const cycleQueue = { send: sends("cycle-chunks") };
  const lease = { wallNow: () => wallNow, leaseMs: MAIL_LEASE_MS };
  const mailing = { transport, tokenSecret, baseUrl };
  const ofChanges = {
    projectRanking: (batch: unknown) =>
      projectRankingChanges({ ...feed, contextOf: context("stream"), setTimer: timers.set }, batch),
    recordChanges: changeRecorder({
      ...feed,
      contextOf: context("stream"),
      setTimer: timers.set,
      sourceOf: auditSourceOf,
      entities: auditedEntities,
    }),
    sendMail: async (batch: unknown) => {
      const answers = [
        await sendMail({ ...feed, ...mailing, ...lease, contextOf: context("stream") }, batch),
        await sendAccountMail({ ...mailing, people, log, wallNow: () => new Date(wallNow) }, batch),
      ];
      return { batchItemFailures: answers.flatMap(({ batchItemFailures }) => batchItemFailures) };
    },
    queueJobs: (batch: unknown) =>
      queueJobs(
        { ...feed, contextOf: context("stream"), queue: { send: (one) => imports([one]) } },
        batch,
      ),
    startApproval: (batch: unknown) =>
      conductApproval({ ...feed, contextOf: context("stream"), workflow, vault }, batch),
  };
  const fromQueues = Object.fromEntries(
    Object.entries(ofChanges).map(([name, consume]) => [
      name,
      (delivery: unknown) => fromQueue({ log, consume }, delivery),
    ]),
  ) as Record<keyof typeof ofChanges, (delivery: unknown) => Promise<unknown>>;
  const ofWorkflow = { contextOf: context("workflow") };
  const ofTimers = timerHandlers({
    contextOf: context("schedule"),
    queue: cycleQueue,
    ...{ erasures, people, personErasures, log },
    files: { put: (key, content) => leaves(`file ${key}: ${content.length > 0}`) },
    wallNow: () => wallNow,
    sign: headSigner(auditKey),
  });
  async function* only(shard: number) {
    for await (const one of timers.due(shard, now)) {
      if (JSON.stringify(one) === JSON.stringify(timer)) yield one;
    }
  }
  return {
    ...fromQueues,
    tick: () =>
      runTick({ timers: timer ? { ...timers, due: only } : timers, handlers: ofTimers, log }, now),
    handOnChanges: (batch) =>
      handOnChanges(
        {
          routes: Object.entries(changeConsumers).map(([name, route]) => ({
            route,
            queue: { send: sends(name) },
          })),
          log,
        },
        batch,
      ),
    runCycleChunk: (batch) =>
      runCycleChunk(
        {
          contextOf: context("queue"),
          queue: cycleQueue,
          repairRollup: async (tenantId, partnerId) => {
            await repairRollup(context("queue")(tenantId), partnerId);
          },
          log,
        },
        batch,
      ),
    runImport: (batch) =>
      runImports(
        {
          contextOf: context("queue"),
          objectOf: (key) => ({
            async *open() {
              const content = await wire.outside(async () => uploads.get(key));
              if (content === undefined) throw named("NoSuchKey");
              yield Buffer.from(content);
            },
          }),
          queue: { send: (one) => imports([one]) },
          wallNow: () => wallNow,
          shouldPause: () => false,
          log,
        },
        batch,
      ),
    registerStep: (payload) => registerStep({ ...ofWorkflow, vault, workflow }, payload),
    remindApprover: (payload) => remindApprover(ofWorkflow, payload),
    escalateStep: (payload) => escalateStep(ofWorkflow, payload),
    expirePlan: (payload) => expirePlan(ofWorkflow, payload),
    reconcileApprovals: () =>
      reconcileApprovals({ tenants, contextOf: context("schedule"), workflow, log }),
  };
}
