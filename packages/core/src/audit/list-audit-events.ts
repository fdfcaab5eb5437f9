import { z } from "zod";
import { requirePermission } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { everyItem, type Page, type PageRequest, type RequestContext } from "../context/index.ts";
import { raise } from "../error/index.ts";
import { MemberId, PartnerUserId } from "../id/index.ts";
import type { AuditStore } from "./repository.ts";
import { type AuditEntry, AuditEvent, type AuditHead } from "./schema.ts";

/** The longest range of days, both included, that one request reads. */
export const MOST_DAYS = 31;
/** As many as fit an answer of 6 MB, the most that Lambda sends. */
export const MOST_EXPORTED = 10_000;
const DAY_MS = 86_400_000;

export const AuditQuery = z.strictObject({
  /** UTC days, both included; the last 31 days without them. */
  from: CalendarDate.optional(),
  to: CalendarDate.optional(),
  /** Together they name one object. */
  objectType: z.string().min(1).max(40).optional(),
  objectId: z.string().min(1).max(120).optional(),
  actorId: z.union([MemberId, PartnerUserId]).optional(),
  /** Leaves out the others of each page, which may then hold fewer than asked for. */
  type: z.string().min(1).max(60).optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

type Days = { readonly from: string; readonly to: string };

const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

/** @throws DomainError request-invalid | audit-range-too-long */
export function rangeOf({ from, to }: Pick<AuditQuery, "from" | "to">, now: Date): Days {
  const last = to ?? now.toISOString().slice(0, 10);
  const first = from ?? daysBefore(last, MOST_DAYS - 1);
  if (first > last) raise("request-invalid", "from is after to");
  if (daysBefore(last, MOST_DAYS - 1) > first) {
    raise("audit-range-too-long", `At most ${MOST_DAYS} days are read at once`);
  }
  return { from: first, to: last };
}

export const viewOf = (entry: AuditEntry): AuditEvent => AuditEvent.parse(entry);

/**
 * Changes of a range of days by their instant: of one object or one person through an index, of all
 * day by day.
 * @throws DomainError permission-denied | request-invalid | audit-range-too-long | cursor-invalid
 */
export async function listAuditEvents(
  ctx: RequestContext<AuditStore>,
  query: AuditQuery,
  page: PageRequest,
): Promise<Page<AuditEvent>> {
  requirePermission(ctx.actor, "audit:read");
  const days = rangeOf(query, ctx.now);
  const found = await pageOf(ctx, query, days, page);
  const ofType = found.items.filter(({ type }) => query.type === undefined || type === query.type);
  return { ...found, items: ofType.map(viewOf) };
}

async function pageOf(
  { store: { audit } }: RequestContext<AuditStore>,
  { objectType, objectId, actorId }: AuditQuery,
  days: Days,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  if ((objectType === undefined) !== (objectId === undefined)) {
    raise("request-invalid", "objectType and objectId name an object together");
  }
  if (objectType !== undefined && objectId !== undefined) {
    if (actorId !== undefined) raise("request-invalid", "Ask for an object or for a person");
    return audit.listOfObject({ type: objectType, id: objectId }, days, page);
  }
  if (actorId !== undefined) return audit.listOfActor(actorId, days, page);
  return pageOfDays((day, ofDay) => audit.listDay(day, ofDay), days, page);
}

/** One page of what lies under its day, day by day. @throws DomainError cursor-invalid */
export async function pageOfDays<T>(
  listDay: (day: string, page: PageRequest) => Promise<Page<T>>,
  { from, to }: Days,
  { limit, position }: PageRequest,
): Promise<Page<T>> {
  const [first = from, within] = position?.split("/") ?? [];
  if (first < from || first > to) raise("cursor-invalid");
  const items: T[] = [];
  let inDay = within || undefined;
  for (let day = first; day <= to; day = daysBefore(day, -1)) {
    const found = await listDay(day, { limit: limit - items.length, position: inDay });
    items.push(...found.items);
    if (found.position !== undefined) return { items, position: `${day}/${found.position}` };
    inDay = undefined;
    const next = daysBefore(day, -1);
    if (items.length === limit && next <= to) return { items, position: `${next}/` };
  }
  return { items };
}

/**
 * Every change of a range of days.
 * @throws DomainError permission-denied | request-invalid | audit-range-too-long
 */
export async function exportAuditEvents(
  ctx: RequestContext<AuditStore>,
  query: AuditQuery,
): Promise<readonly AuditEvent[]> {
  requirePermission(ctx.actor, "audit:read");
  const all: AuditEvent[] = [];
  for await (const event of everyItem((page) => listAuditEvents(ctx, query, page))) {
    all.push(event);
    if (all.length > MOST_EXPORTED) {
      raise("audit-range-too-long", `At most ${MOST_EXPORTED} changes are exported at once`);
    }
  }
  return all;
}

/** The signed heads of the chain, the newest first. @throws DomainError permission-denied */
export async function listAuditHeads(
  ctx: RequestContext<AuditStore>,
  page: PageRequest,
): Promise<Page<AuditHead>> {
  requirePermission(ctx.actor, "audit:read");
  return ctx.store.audit.listHeads(page);
}
