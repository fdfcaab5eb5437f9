import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { SignHead } from "@concord/core/audit";
import type { CycleMessage, CycleQueue } from "@concord/core/cycle";
import { repairRollup } from "@concord/core/opportunity";
import type { ExportFiles } from "@concord/core/tenant-export";
import {
  auditedEntities,
  auditSourceOf,
  openSystemStore,
  systemContexts,
  type Table,
  tenantIdOf,
} from "@concord/storage";
import {
  type ChangeMessage,
  changeRecorder,
  fromQueue,
  handOnChanges,
  type ImportQueue,
  type MailTransport,
  projectRankingChanges,
  type QueuedConsumer,
  queueJobs,
  runCycleChunk,
  runImports,
  runTick,
  sendAccountMail,
  sendMail,
  timerHandlers,
} from "@concord/workers";
import { type ChangeConsumerName, changeConsumers } from "../../../../infra/change-feed.ts";
import { type WorkerName, workerPolicies } from "../../../../infra/worker-policies.ts";
import type { LocalTable } from "../local-table/index.ts";
import type { ObjectFolder } from "../object-folder/index.ts";
import { queues } from "../queue/index.ts";
import { judgedTable } from "../rights/index.ts";
import type { StreamConsumer } from "../stream/index.ts";
import { mint } from "./mint.ts";
import { quietTicks } from "./quiet-ticks.ts";
import { isRowOf } from "./row-filter.ts";

const CYCLES = "cycle-chunks";
export const IMPORTS = "imports";
/** Longer than an import may take before it hands itself the rest. */
const IMPORT_VISIBILITY_SECONDS = 900;
/** A process that is killed gives its messages back, and each time counts as a receipt. */
const MAX_RECEIVE_COUNT = 20;
/** Instead of the delay of SQS: a busy source is freed by work of this same process. */
const BUSY_PAUSE_MILLISECONDS = 200;

type ChangeHandler = QueuedConsumer["consume"];

const changeQueue = (consumer: string): string => `changes-${consumer}`;

/** What the clock, the queues and the change feed set off, on this process instead of on functions. */
export function work(options: {
  readonly table: Table;
  readonly localTable: LocalTable;
  readonly objects: ObjectFolder;
  readonly transport: MailTransport;
  readonly tokenSecret: Uint8Array;
  readonly baseUrl: () => string;
  readonly now: () => Date;
  readonly sign: SignHead;
  readonly conductApproval: ChangeHandler;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}) {
  const { table, localTable, objects, transport, tokenSecret, baseUrl, now, sign, log } = options;
  /** The table with the rights that the deployed function has. */
  const tableOf = (worker: WorkerName) => judgedTable(table, workerPolicies[worker]);
  const contextsOf = (worker: WorkerName) => systemContexts({ table: tableOf(worker), now, mint });
  const systemOf = (worker: WorkerName) => openSystemStore(tableOf(worker));
  const { erasures, people, personErasures, timers } = systemOf("Tick");
  const files: ExportFiles = {
    async put(key, content) {
      await objects.put(key, Readable.from([content]));
    },
  };
  const ticks = quietTicks({ timers, log });
  const bySchedule = contextsOf("Tick")("schedule");
  const byChunks = contextsOf("CycleChunks")("queue");
  const byImports = contextsOf("Imports")("queue");
  const byRanking = contextsOf("ProjectRanking")("stream");
  const byMail = contextsOf("SendMail")("stream");
  const byJobs = contextsOf("QueueJobs")("stream");

  const cycleQueue: CycleQueue = {
    async send(messages: readonly CycleMessage[]) {
      for (const message of messages) await jobs.send(CYCLES, message);
    },
  };
  const importQueue: ImportQueue = {
    async send(message, delaySeconds) {
      if (delaySeconds > 0) await wait(BUSY_PAUSE_MILLISECONDS);
      await jobs.send(IMPORTS, message);
    },
  };

  const changeFeed = { tenantOf: tenantIdOf, log };
  const ofChanges: Record<ChangeConsumerName, ChangeHandler> = {
    ProjectRanking: (batch) =>
      projectRankingChanges(
        {
          ...changeFeed,
          contextOf: byRanking,
          setTimer: systemOf("ProjectRanking").timers.set,
        },
        batch,
      ),
    RecordChanges: changeRecorder({
      ...changeFeed,
      contextOf: contextsOf("RecordChanges")("stream"),
      setTimer: systemOf("RecordChanges").timers.set,
      sourceOf: auditSourceOf,
      entities: auditedEntities,
    }),
    SendMail: async (batch) => {
      const mailing = { transport, tokenSecret, baseUrl: baseUrl() };
      const answers = [
        await sendMail(
          // The one process that there is: whatever was claimed before it began, nobody sends.
          { ...changeFeed, ...mailing, contextOf: byMail, wallNow: Date.now, leaseMs: 0 },
          batch,
        ),
        await sendAccountMail(
          { ...mailing, people: systemOf("SendMail").people, log, wallNow: () => new Date() },
          batch,
        ),
      ];
      return { batchItemFailures: answers.flatMap(({ batchItemFailures }) => batchItemFailures) };
    },
    QueueJobs: (batch) =>
      queueJobs({ ...changeFeed, contextOf: byJobs, queue: importQueue }, batch),
    StartApproval: options.conductApproval,
  };
  const changeQueues = Object.entries(ofChanges).map(([name, consume]) => [
    changeQueue(name),
    {
      maxReceiveCount: MAX_RECEIVE_COUNT,
      consumer: (delivery: unknown) => fromQueue({ log, consume }, delivery),
    },
  ]);
  const routes = Object.entries(changeConsumers).map(([name, route]) => ({
    route,
    queue: {
      async send(messages: readonly ChangeMessage[]) {
        for (const message of messages) await jobs.send(changeQueue(name), message);
      },
    },
  }));

  const jobs = queues({
    table: localTable,
    consumerId: "runtime",
    report: (error) => log({ level: "error", message: "queue", error: String(error) }),
    queues: {
      [CYCLES]: {
        maxReceiveCount: MAX_RECEIVE_COUNT,
        consumer: (batch) =>
          runCycleChunk(
            {
              contextOf: byChunks,
              queue: cycleQueue,
              repairRollup: async (tenantId, partnerId) => {
                await repairRollup(byChunks(tenantId), partnerId);
              },
              log,
            },
            batch,
          ),
      },
      [IMPORTS]: {
        visibilityTimeoutSeconds: IMPORT_VISIBILITY_SECONDS,
        maxReceiveCount: MAX_RECEIVE_COUNT,
        batchSize: 1,
        consumer: (batch) =>
          runImports(
            {
              contextOf: byImports,
              objectOf: (key) => ({ open: () => objects.read(key) }),
              queue: importQueue,
              wallNow: Date.now,
              shouldPause: () => false,
              log,
            },
            batch,
          ),
      },
      ...Object.fromEntries(changeQueues),
    },
  });

  const handOn: StreamConsumer = {
    name: "hand-on-changes",
    accepts: isRowOf(...Object.values(changeConsumers).flatMap(({ entities }) => entities)),
    handler: (batch) => handOnChanges({ routes, log }, batch),
  };

  return {
    jobs,
    handOn,
    tick: () =>
      runTick(
        {
          ...ticks,
          handlers: timerHandlers({
            ...{ sign, log },
            contextOf: bySchedule,
            queue: cycleQueue,
            ...{ erasures, people, personErasures },
            files,
            wallNow: Date.now,
          }),
        },
        now(),
      ),
  };
}
