import { putObjects, rowsFor, sendTo } from "../infra/access.ts";
import { tickAlarms } from "../infra/alarms.ts";
import { handlers } from "../infra/handlers.ts";
import { consume, consumeChanges, workQueue } from "../infra/queue.ts";
import { onSchedule } from "../infra/schedule.ts";
import { schedules } from "../infra/schedules.ts";
import type { Data } from "./data.ts";

const CHUNK_TIMEOUT_SECONDS = 60;
/** A kick-off of a large tenant may not use up what the API runs on. */
const CHUNKS_AT_ONCE = 50;

/** Review cycles: the tick that opens, freezes and closes them, the work it hands out, and the rankings that follow. */
export function cyclesStack({ table, uploads, secretsKey, exportsPrefix }: Data) {
  const chunks = workQueue("CycleChunks", CHUNK_TIMEOUT_SECONDS);
  const ofTick = rowsFor("Tick", table);
  const ofChunks = rowsFor("CycleChunks", table);
  const handingOut = { CYCLE_CHUNKS_QUEUE_URL: chunks.url };

  const auditKey = new sst.Secret("AuditKey");
  const tick = onSchedule("Tick", schedules.tick, {
    handler: handlers.tick,
    description: "Fires the timers that are due",
    timeout: "50 seconds",
    secretsKey,
    environment: {
      ...ofTick.environment,
      ...handingOut,
      AUDIT_KEY: auditKey.value,
      UPLOADS_BUCKET: uploads.name,
    },
    permissions: [...ofTick.permissions, sendTo(chunks), putObjects(uploads, exportsPrefix)],
  });

  tickAlarms(tick);

  const runCycleChunk = consume(
    "CycleChunks",
    chunks,
    { batchSize: 1, timeoutSeconds: CHUNK_TIMEOUT_SECONDS, atOnce: CHUNKS_AT_ONCE },
    {
      handler: handlers.runCycleChunk,
      description: "Kicks off, freezes or closes the reviews of one chunk of partners",
      environment: { ...ofChunks.environment, ...handingOut },
      permissions: [...ofChunks.permissions, sendTo(chunks)],
    },
  );

  const projectRanking = consumeChanges("ProjectRanking", 20, {
    handler: handlers.projectRanking,
    description: "Keeps rankings and tenant aggregates up to date",
    ...rowsFor("ProjectRanking", table),
  });
  return {
    changes: projectRanking.queue,
    functions: {
      Tick: tick,
      CycleChunks: runCycleChunk,
      ProjectRanking: projectRanking.functionName,
    },
    queues: {
      CycleChunks: chunks.nodes.queue.name,
      ProjectRanking: projectRanking.queue.nodes.queue.name,
    },
  };
}
