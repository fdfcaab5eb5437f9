import { createHmac } from "node:crypto";
import { canonicalJson, shortDigestOf } from "../digest/index.ts";
import type { StoredEvent } from "../event/index.ts";
import type {
  AuditEntry,
  AuditedObject,
  AuditedRow,
  AuditHead,
  AuditLink,
  AuditSegment,
  LinkedEntry,
} from "./schema.ts";

const VERSION_DIGITS = 8;
/** Keeps a segment far below the 400 KB of an item: a key and a digest take at most 250 bytes. */
export const ENTRIES_PER_SEGMENT = 500;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** For what is still under way when a day or an hour ends. */
const MARGIN_MS = 10 * MINUTE_MS;

export const dayOf = (at: string): string => at.slice(0, 10);

export const entryKeyOf = (at: string, { type, id, version }: AuditedObject): string =>
  [at, type, id, String(version).padStart(VERSION_DIGITS, "0")].join("|");

export const commitmentOf = (salt: string, fields: object): string =>
  createHmac("sha256", Buffer.from(salt, "base64url"))
    .update(canonicalJson(fields))
    .digest("base64url");

/** Digest of an event; a person's fields are in it through the commitment alone. */
export const eventDigestOf = (event: StoredEvent, commitment: string | null): string => {
  const { type, at, by, data, aggregate, requestId, stateDigest } = event;
  return shortDigestOf({ type, at, by, data, aggregate, requestId, stateDigest, commitment });
};

export interface Commitment {
  readonly holder: NonNullable<AuditEntry["holder"]>;
  readonly commitment: string;
}

/** @param before digest of the state of the version before */
export function entryOf(
  event: StoredEvent,
  row: AuditedRow,
  before: string | null,
  personal?: Commitment,
): AuditEntry {
  const { at, type, by, aggregate, requestId, stateDigest } = event;
  const commitment = personal?.commitment ?? null;
  return {
    key: entryKeyOf(at, aggregate),
    day: dayOf(at),
    ...{ at, type, by, object: aggregate, requestId, before },
    after: stateDigest,
    eventDigest: eventDigestOf(event, commitment),
    commitment,
    holder: personal?.holder ?? null,
    row,
  };
}

export const linkedEntryOf = (entry: AuditEntry): LinkedEntry => ({
  key: entry.key,
  digest: shortDigestOf(entry),
});

export const headOf = (
  { number, day, linkedAt, previous }: Omit<AuditLink, "head">,
  entries: readonly LinkedEntry[],
): string =>
  shortDigestOf({
    number,
    day,
    linkedAt,
    previous,
    entries: entries.map((one) => [one.key, one.digest]),
  });

/** The next link of a chain and the segment it stands for. */
export function nextLink(
  last: AuditLink | undefined,
  day: string,
  entries: readonly LinkedEntry[],
  now: Date,
): { readonly link: AuditLink; readonly segment: AuditSegment } {
  const unsealed = {
    number: (last?.number ?? 0) + 1,
    day,
    linkedAt: now.toISOString(),
    previous: last?.head ?? "",
  };
  return {
    link: { ...unsealed, head: headOf(unsealed, entries) },
    segment: { number: unsealed.number, day, entries: [...entries] },
  };
}

/** What is signed: the head, with the tenant whose chain it is. */
export const signedText = (
  tenantId: string,
  { number, previousNumber, head, signedAt }: Omit<AuditHead, "keyId" | "signature">,
): string => canonicalJson({ tenantId, number, previousNumber, head, signedAt });

const endOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`) + DAY_MS;

/** When the changes of a day are linked: soon after it ended, and within about an hour those that came late. */
export function linkingAt(day: string, now: Date): Date {
  const late = Math.ceil((now.getTime() + MARGIN_MS) / HOUR_MS) * HOUR_MS;
  const regular = endOf(day) + MARGIN_MS;
  return new Date(now.getTime() < endOf(day) ? regular : late);
}

/** How long after its day, or after it was linked, something unlinked or unsigned is a fault. */
const GRACE_MS = 3 * HOUR_MS;

export const mustBeLinked = (day: string, now: Date): boolean =>
  now.getTime() > endOf(day) + GRACE_MS;
export const mustBeSigned = ({ linkedAt }: AuditLink, now: Date): boolean =>
  now.getTime() > Date.parse(linkedAt) + GRACE_MS;
