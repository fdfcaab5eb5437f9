import { getObjects, rowsFor, sendTo } from "../infra/access.ts";
import { handlers } from "../infra/handlers.ts";
import { consume, consumeChanges } from "../infra/queue.ts";
import { uploadQueue } from "../infra/upload-queue.ts";
import type { Data } from "./data.ts";

const TIMEOUT_SECONDS = 300;
const IMPORTS_AT_ONCE = 20;

/** Imports: what was uploaded, and what needs no upload, becomes facts and rollups. */
export function importsStack({ table, uploads, uploadsPrefix }: Data) {
  const imports = uploadQueue("Imports", uploads, uploadsPrefix, TIMEOUT_SECONDS);
  const ofImports = rowsFor("Imports", table);
  const ofJobs = rowsFor("QueueJobs", table);
  const runImport = consume(
    "Imports",
    imports,
    { batchSize: 1, timeoutSeconds: TIMEOUT_SECONDS, atOnce: IMPORTS_AT_ONCE },
    {
      handler: handlers.runImport,
      description: "Reads a file into facts and rollups",
      memory: "1024 MB",
      environment: {
        ...ofImports.environment,
        UPLOADS_BUCKET: uploads.name,
        IMPORTS_QUEUE_URL: imports.url,
      },
      // It hands itself the rest of a file that takes longer than a function may run.
      permissions: [...ofImports.permissions, getObjects(uploads, uploadsPrefix), sendTo(imports)],
    },
  );

  const queueJobs = consumeChanges("QueueJobs", 5, {
    handler: handlers.queueJobs,
    description: "Queues jobs that need no upload, and those that a new partner calls for",
    environment: { ...ofJobs.environment, IMPORTS_QUEUE_URL: imports.url },
    permissions: [...ofJobs.permissions, sendTo(imports)],
  });
  return {
    changes: queueJobs.queue,
    functions: { Imports: runImport, QueueJobs: queueJobs.functionName },
    queues: {
      Imports: imports.nodes.queue.name,
      QueueJobs: queueJobs.queue.nodes.queue.name,
    },
  };
}
