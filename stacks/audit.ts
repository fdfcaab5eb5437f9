import { rowsFor } from "../infra/access.ts";
import { handlers } from "../infra/handlers.ts";
import { consumeChanges } from "../infra/queue.ts";
import type { Data } from "./data.ts";

/** The audit trail, written from the change feed; the tick links it and signs its heads. */
export function auditStack({ table }: Data) {
  const recordChanges = consumeChanges("RecordChanges", 20, {
    handler: handlers.recordChanges,
    description: "Writes an audit entry for each change",
    ...rowsFor("RecordChanges", table),
  });
  return {
    changes: recordChanges.queue,
    functions: { RecordChanges: recordChanges.functionName },
    queues: { RecordChanges: recordChanges.queue.nodes.queue.name },
  };
}
