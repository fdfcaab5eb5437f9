import { getObjects, readTable, sendTo, writeTable } from "../infra/access.ts";
import { functionArgs } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { partialBatch, workQueue } from "../infra/queue.ts";
import { onSchedule } from "../infra/schedule.ts";
import { schedules } from "../infra/schedules.ts";
import { readChanges } from "../infra/stream.ts";
import { uploadQueue } from "../infra/upload-queue.ts";
import type { Data } from "./data.ts";

const CHUNK_TIMEOUT_SECONDS = 60;
const IMPORT_TIMEOUT_SECONDS = 300;

/** What the clock, an upload and the change feed set off: kick-off and freeze, imports, ranking. */
export function cyclesStack({ table, uploads, importsPrefix }: Data) {
  const rows = [readTable(table), writeTable(table)];
  const environment = { TABLE_NAME: table.name };

  const chunks = workQueue("CycleChunks", CHUNK_TIMEOUT_SECONDS);
  chunks.subscribe(
    functionArgs({
      handler: handlers.runCycleChunk,
      description: "Kicks off or freezes the reviews of one chunk of partners",
      timeout: `${CHUNK_TIMEOUT_SECONDS} seconds`,
      environment,
      permissions: rows,
    }),
    partialBatch(1),
  );

  onSchedule("Tick", schedules.tick, {
    handler: handlers.tick,
    description: "Fires the timers that are due",
    timeout: "50 seconds",
    environment: { ...environment, CYCLE_CHUNKS_QUEUE_URL: chunks.url },
    permissions: [...rows, sendTo(chunks)],
  });

  const imports = uploadQueue("Imports", uploads, importsPrefix, IMPORT_TIMEOUT_SECONDS);
  imports.subscribe(
    functionArgs({
      handler: handlers.runImport,
      description: "Reads an uploaded file into facts and rollups",
      memory: "1024 MB",
      timeout: `${IMPORT_TIMEOUT_SECONDS} seconds`,
      environment: {
        ...environment,
        UPLOADS_BUCKET: uploads.name,
        IMPORTS_QUEUE_URL: imports.url,
      },
      // It hands itself the rest of a file that takes longer than a function may run.
      permissions: [...rows, getObjects(uploads, importsPrefix), sendTo(imports)],
    }),
    partialBatch(1),
  );

  readChanges("ProjectRanking", table, {
    handler: handlers.projectRanking,
    description: "Keeps rankings and tenant aggregates up to date",
    environment,
    permissions: rows,
    entities: ["RollupMonth"],
    events: ["INSERT", "MODIFY"],
  });
}
