import { z } from "zod";
import { actorIdOf, requirePermission } from "../actor/index.ts";
import { MOST_EXPORTED, pageOfDays, rangeOf } from "../audit/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { ClassifiedRecord } from "../classification/index.ts";
import { everyItem, type Page, type PageRequest, type RequestContext } from "../context/index.ts";
import { csvOf } from "../csv/index.ts";
import { raise } from "../error/index.ts";
import { ApiKeyId, MemberId, PartnerId, PartnerUserId } from "../id/index.ts";
import type { ConfidentialityStore } from "./repository.ts";
import type { ConfidentialRead } from "./schema.ts";

export const ConfidentialReadQuery = z.strictObject({
  /** UTC days, both included; the last 31 days without them. */
  from: CalendarDate.optional(),
  to: CalendarDate.optional(),
  partnerId: PartnerId.optional(),
  actorId: z.union([MemberId, PartnerUserId, ApiKeyId]).optional(),
  /** These leave out the others of each page, which may then hold fewer than asked for; a partner too, of a person's. */
  record: ClassifiedRecord.optional(),
  objectId: z.string().min(1).max(120).optional(),
});
export type ConfidentialReadQuery = z.infer<typeof ConfidentialReadQuery>;

type Context = RequestContext<ConfidentialityStore> & { readonly wallNow: Date };

/**
 * Who read what was confidential, in a range of days: of a partner, by a person or key, or all.
 * @throws DomainError permission-denied | request-invalid | audit-range-too-long | cursor-invalid
 */
export async function listConfidentialReads(
  ctx: Context,
  query: ConfidentialReadQuery,
  page: PageRequest,
): Promise<Page<ConfidentialRead>> {
  requirePermission(ctx.actor, "confidential-read:read");
  const { partnerId, record, objectId } = query;
  const found = await pageOf(ctx, query, page);
  const wanted = found.items.filter(
    (read) =>
      read.expiresAt * 1000 > ctx.wallNow.getTime() &&
      (partnerId === undefined || read.partnerId === partnerId) &&
      (record === undefined || read.record === record) &&
      (objectId === undefined || read.objectIds.includes(objectId)),
  );
  return { ...found, items: wanted };
}

async function pageOf(
  { store: { confidentialReads }, now }: Context,
  { from, to, partnerId, actorId }: ConfidentialReadQuery,
  page: PageRequest,
): Promise<Page<ConfidentialRead>> {
  const days = rangeOf({ from, to }, now);
  if (actorId !== undefined) return confidentialReads.listOfActor(actorId, days, page);
  if (partnerId !== undefined) return confidentialReads.listOfPartner(partnerId, days, page);
  return pageOfDays((day, ofDay) => confidentialReads.listDay(day, ofDay), days, page);
}

const HEADER = [
  ...["at", "actorKind", "actorId", "partnerId", "record", "objectIds", "fields"],
  ...["classification", "operation", "requestId"],
];

/**
 * The same as CSV (RFC 4180, with a header row).
 * @throws DomainError permission-denied | request-invalid | audit-range-too-long
 */
export async function exportConfidentialReads(
  ctx: Context,
  query: ConfidentialReadQuery,
): Promise<string> {
  const rows: (string | null)[][] = [];
  for await (const read of everyItem((page) => listConfidentialReads(ctx, query, page))) {
    rows.push([
      ...[read.at, read.by.kind, actorIdOf(read.by), read.partnerId, read.record],
      ...[read.objectIds.join(" "), read.fields.join(" "), read.classification],
      ...[read.operationId, read.requestId],
    ]);
    if (rows.length > MOST_EXPORTED) {
      raise("audit-range-too-long", `At most ${MOST_EXPORTED} reads are exported at once`);
    }
  }
  return csvOf(HEADER, rows);
}
