import { requirePermission } from "../actor/index.ts";
import type { RequestContext } from "../context/index.ts";
import type { TenantId } from "../id/index.ts";
import { ENTRIES_PER_SEGMENT, linkedEntryOf, nextLink } from "./audit.ts";
import type { AuditStore } from "./repository.ts";
import type { AuditHead, LinkedEntry } from "./schema.ts";
import type { SignHead } from "./signature.ts";

/** Each attempt that fails is another one's success. */
const ATTEMPTS = 50;

/**
 * Links the entries of a day that are not linked yet. Correct when it runs twice, late or beside
 * another: what the day's segments hold is read after the link that the next one follows, so that a
 * segment written in between takes the number.
 * @returns how many entries it linked
 * @throws DomainError permission-denied
 */
export async function linkDay(ctx: RequestContext<AuditStore>, day: string): Promise<number> {
  requirePermission(ctx.actor, "audit:record");
  const { audit } = ctx.store;
  let linked = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const last = await audit.lastLink();
    const unlinked = await unlinkedOf(ctx, day);
    if (unlinked.length === 0) return linked;
    const { link, segment } = nextLink(last, day, unlinked, ctx.now);
    if (await audit.append(link, segment)) {
      linked += unlinked.length;
      attempt = -1;
    }
  }
  throw new Error(`the entries of ${day} could not be linked: others always came first`);
}

/** The first of them, in their order; at most one segment's worth. */
async function unlinkedOf(
  { store: { audit } }: RequestContext<AuditStore>,
  day: string,
): Promise<LinkedEntry[]> {
  const known = new Set<string>();
  for await (const { entries } of audit.segments(day)) {
    for (const { key } of entries) known.add(key);
  }
  const found: LinkedEntry[] = [];
  for await (const entry of audit.everyEntry(day)) {
    if (known.has(entry.key)) continue;
    found.push(linkedEntryOf(entry));
    if (found.length === ENTRIES_PER_SEGMENT) break;
  }
  return found;
}

/**
 * Signs the head of the chain, unless it is signed.
 * @returns the newest signed head; undefined before the first link
 * @throws DomainError permission-denied
 */
export async function signHead(
  ctx: RequestContext<AuditStore>,
  tenantId: TenantId,
  sign: SignHead,
): Promise<AuditHead | undefined> {
  requirePermission(ctx.actor, "audit:record");
  const { audit } = ctx.store;
  const link = await audit.lastLink();
  const last = await audit.lastHead();
  if (!link || last?.number === link.number) return last;
  const head = sign(tenantId, {
    number: link.number,
    previousNumber: last?.number ?? 0,
    head: link.head,
    signedAt: ctx.now.toISOString(),
  });
  return (await audit.saveHead(head)) ? head : audit.lastHead();
}
