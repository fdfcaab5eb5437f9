import { actorIdOf } from "../actor/index.ts";
import { csvOf } from "../csv/index.ts";
import type { AuditEvent } from "./schema.ts";

const HEADER = [
  ...["at", "type", "actorKind", "actorId", "objectType", "objectId", "version", "requestId"],
  ...["before", "after", "eventDigest"],
];

/** RFC 4180, with a header row. */
export const auditCsv = (events: readonly AuditEvent[]): string =>
  csvOf(
    HEADER,
    events.map(({ at, type, by, object, requestId, before, after, eventDigest }) => [
      ...[at, type, by.kind, actorIdOf(by), object.type, object.id, object.version],
      ...[requestId, before, after, eventDigest],
    ]),
  );

/** One JSON object a line. */
export const auditLines = (events: readonly AuditEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");
