import { readTable, writeTable } from "../infra/access.ts";
import { handlers } from "../infra/handlers.ts";
import { readChanges } from "../infra/stream.ts";
import type { Data } from "./data.ts";

/** The audit trail, written from the change feed; the tick links it and signs its heads. */
export function auditStack({ table }: Data) {
  readChanges("RecordChanges", table, {
    handler: handlers.recordChanges,
    description: "Writes an audit entry for each change",
    environment: { TABLE_NAME: table.name },
    permissions: [readTable(table), writeTable(table)],
    entities: ["Event", "ImportChunk"],
    events: ["INSERT"],
  });
}
