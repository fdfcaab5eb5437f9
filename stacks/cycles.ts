import { putObjects, readTable, sendTo, writeTable } from "../infra/access.ts";
import { functionArgs } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { partialBatch, workQueue } from "../infra/queue.ts";
import { onSchedule } from "../infra/schedule.ts";
import { schedules } from "../infra/schedules.ts";
import { readChanges } from "../infra/stream.ts";
import type { Data } from "./data.ts";

const CHUNK_TIMEOUT_SECONDS = 60;

/** Review cycles: the tick that opens, freezes and closes them, the work it hands out, and the rankings that follow. */
export function cyclesStack({ table, uploads, exportsPrefix }: Data) {
  const rows = [readTable(table), writeTable(table)];
  const chunks = workQueue("CycleChunks", CHUNK_TIMEOUT_SECONDS);
  const environment = { TABLE_NAME: table.name, CYCLE_CHUNKS_QUEUE_URL: chunks.url };

  const auditKey = new sst.Secret("AuditKey");
  onSchedule("Tick", schedules.tick, {
    handler: handlers.tick,
    description: "Fires the timers that are due",
    timeout: "50 seconds",
    environment: { ...environment, AUDIT_KEY: auditKey.value, UPLOADS_BUCKET: uploads.name },
    permissions: [...rows, sendTo(chunks), putObjects(uploads, exportsPrefix)],
  });

  chunks.subscribe(
    functionArgs({
      handler: handlers.runCycleChunk,
      description: "Kicks off, freezes or closes the reviews of one chunk of partners",
      timeout: `${CHUNK_TIMEOUT_SECONDS} seconds`,
      environment,
      permissions: [...rows, sendTo(chunks)],
    }),
    partialBatch(1),
  );

  readChanges("ProjectRanking", table, {
    handler: handlers.projectRanking,
    description: "Keeps rankings and tenant aggregates up to date",
    environment: { TABLE_NAME: table.name },
    permissions: rows,
    entities: ["RollupMonth", "FrozenCard", "Review", "Partner"],
    events: ["INSERT", "MODIFY"],
  });
}
