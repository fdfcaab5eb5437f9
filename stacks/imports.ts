import { getObjects, readTable, sendTo, writeTable } from "../infra/access.ts";
import { functionArgs } from "../infra/function-defaults.ts";
import { handlers } from "../infra/handlers.ts";
import { partialBatch } from "../infra/queue.ts";
import { readChanges } from "../infra/stream.ts";
import { uploadQueue } from "../infra/upload-queue.ts";
import type { Data } from "./data.ts";

const TIMEOUT_SECONDS = 300;

/** Imports: what was uploaded, and what needs no upload, becomes facts and rollups. */
export function importsStack({ table, uploads, uploadsPrefix }: Data) {
  const imports = uploadQueue("Imports", uploads, uploadsPrefix, TIMEOUT_SECONDS);
  imports.subscribe(
    functionArgs({
      handler: handlers.runImport,
      description: "Reads a file into facts and rollups",
      memory: "1024 MB",
      timeout: `${TIMEOUT_SECONDS} seconds`,
      environment: {
        TABLE_NAME: table.name,
        UPLOADS_BUCKET: uploads.name,
        IMPORTS_QUEUE_URL: imports.url,
      },
      // It hands itself the rest of a file that takes longer than a function may run.
      permissions: [
        readTable(table),
        writeTable(table),
        getObjects(uploads, uploadsPrefix),
        sendTo(imports),
      ],
    }),
    partialBatch(1),
  );

  readChanges("QueueJobs", table, {
    handler: handlers.queueJobs,
    description: "Queues jobs that need no upload, and those that a new partner calls for",
    environment: { TABLE_NAME: table.name, IMPORTS_QUEUE_URL: imports.url },
    permissions: [readTable(table), writeTable(table), sendTo(imports)],
    entities: ["Import", "Partner"],
    events: ["INSERT"],
  });
}
