import type { ActorRef } from "../actor/index.ts";
import { csvOf } from "../csv/index.ts";
import type { AuditEvent } from "./schema.ts";

const HEADER = [
  ...["at", "type", "actorKind", "actorId", "objectType", "objectId", "version", "requestId"],
  ...["before", "after", "eventDigest"],
];

function idOf(by: ActorRef): string {
  switch (by.kind) {
    case "member":
      return by.memberId;
    case "partner-user":
      return by.partnerUserId;
    case "api-key":
      return by.apiKeyId;
    case "system":
      return by.name;
  }
}

/** RFC 4180, with a header row. */
export const auditCsv = (events: readonly AuditEvent[]): string =>
  csvOf(
    HEADER,
    events.map(({ at, type, by, object, requestId, before, after, eventDigest }) => [
      ...[at, type, by.kind, idOf(by), object.type, object.id, object.version],
      ...[requestId, before, after, eventDigest],
    ]),
  );

/** One JSON object a line. */
export const auditLines = (events: readonly AuditEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");
