import type { ActorRef } from "@concord/core/actor";
import type { AuditSource } from "@concord/core/audit";
import { AuditEntry, AuditHead, AuditLink, AuditSegment, PersonSalt } from "@concord/core/audit";
import { UnreadableRow } from "@concord/core/error";
import { StoredEvent } from "@concord/core/event";
import { z } from "zod";
import { stateDigestOf } from "../aggregate.ts";
import type { Item } from "../dynamo-table/item.ts";
import type { Entity } from "../entity.ts";
import { type TenantKeys, tenantIdOf, withinTenant } from "../keys/index.ts";

/** Who acted, as the list of their doings is named; undefined for the system's own actors. */
function actorIdOf(by: ActorRef): string | undefined {
  switch (by.kind) {
    case "member":
      return by.memberId;
    case "partner-user":
      return by.partnerUserId;
    default:
      return undefined;
  }
}

/** By day in its partition; by object and by person in the indexes. */
export const entryEntity = (keys: TenantKeys): Entity<AuditEntry> => ({
  name: "AuditEntry",
  schema: AuditEntry,
  schemaVersion: 1,
  key: ({ day, key }) => keys.auditEntry(day, key),
  indexes: ({ at, object, by }) => {
    const actorId = actorIdOf(by);
    return {
      ...(actorId === undefined ? {} : { gsi1pk: keys.auditOfActor(actorId), gsi1sk: at }),
      gsi2pk: keys.auditOfObject(object.type, object.id),
      gsi2sk: at,
    };
  },
});

export const segmentEntity = (keys: TenantKeys): Entity<AuditSegment> => ({
  name: "AuditSegment",
  schema: AuditSegment,
  schemaVersion: 1,
  key: ({ day, number }) => keys.auditSegment(day, number),
});

export const linkEntity = (keys: TenantKeys): Entity<AuditLink> => ({
  name: "AuditLink",
  schema: AuditLink,
  schemaVersion: 1,
  key: ({ number }) => keys.auditLink(number),
});

export const headEntity = (keys: TenantKeys): Entity<AuditHead> => ({
  name: "AuditHead",
  schema: AuditHead,
  schemaVersion: 1,
  key: ({ number }) => keys.auditHead(number),
});

export const saltEntity = (keys: TenantKeys): Entity<PersonSalt> => ({
  name: "PersonSalt",
  schema: PersonSalt,
  schemaVersion: 1,
  key: ({ holder }) => keys.personSalt(holder),
});

const Place = z.object({ pk: z.string(), sk: z.string() });
const Chunk = z.object({
  importId: z.string(),
  group: z.string(),
  ordinal: z.number(),
  changedAt: z.iso.datetime(),
  rows: z.number(),
  factsChanged: z.number(),
});

/** The kinds of rows that tell of a change: events, and the manifests of imported facts. */
export const auditedEntities = ["Event", "ImportChunk"] as const;

/**
 * The event that a row tells of; a manifest tells of the facts that it wrote.
 * @throws Error where the row is of another kind or of no tenant: a defect
 */
export function auditSourceOf(item: Item): AuditSource {
  const { pk, sk } = Place.parse(item);
  const tenantId = tenantIdOf(pk);
  if (!tenantId) throw new Error("an audited row belongs to a tenant");
  const partition = withinTenant(tenantId, pk);
  if (item["entity"] === "Event") return { row: { partition }, event: StoredEvent.parse(item) };
  if (item["entity"] !== "ImportChunk")
    throw new UnreadableRow("a row of this kind is not audited");
  const { importId, group, ordinal, changedAt, rows, factsChanged } = Chunk.parse(item);
  return {
    row: { partition, sort: sk },
    event: StoredEvent.parse({
      type: "import.chunk-written",
      at: changedAt,
      by: { kind: "system", name: "queue" },
      data: { rows, factsChanged },
      aggregate: { type: "ImportChunk", id: `${importId}.${group}.${ordinal}`, version: 1 },
      stateDigest: stateDigestOf(item),
    }),
  };
}
