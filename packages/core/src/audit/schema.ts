import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { PersonalHolder } from "../event/index.ts";

const Digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const AuditedObject = z
  .object({ type: z.string(), id: z.string(), version: z.number().int() })
  .meta({ id: "AuditedObject" });
export type AuditedObject = z.infer<typeof AuditedObject>;

/** What the audit trail holds of one change. Digests are SHA-256, base64url. */
export const AuditEvent = z
  .object({
    /** Instant, type, id and version: no two changes share it. */
    key: z.string(),
    /** UTC day of the change. */
    day: CalendarDate,
    at: z.iso.datetime(),
    type: z.string(),
    by: ActorRef,
    object: AuditedObject,
    /** The request, or the piece of a worker's work, that caused it. */
    requestId: z.string().nullable(),
    /** Digest of the state the change found; null where it found none. */
    before: Digest.nullable(),
    /** Digest of the state the change left. */
    after: Digest.nullable(),
    /** Digest of the event itself. */
    eventDigest: Digest,
  })
  .meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof AuditEvent>;

/** Where the row that an entry tells of lies; opaque to everybody but the storage. */
export const AuditedRow = z.object({
  partition: z.string(),
  /** Absent of an event, whose place follows from its object. */
  sort: z.string().optional(),
});
export type AuditedRow = z.infer<typeof AuditedRow>;

export const AuditEntry = AuditEvent.extend({
  /** HMAC-SHA-256 of the personal fields under their holder's salt; it outlives both. */
  commitment: Digest.nullable(),
  holder: PersonalHolder.nullable(),
  row: AuditedRow,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const LinkedEntry = z.object({ key: z.string(), digest: Digest });
export type LinkedEntry = z.infer<typeof LinkedEntry>;

/** Some entries of one day, linked together; the links of a tenant form one chain. */
export const AuditSegment = z.object({
  number: z.number().int().positive(),
  day: CalendarDate,
  entries: z.array(LinkedEntry).min(1),
});
export type AuditSegment = z.infer<typeof AuditSegment>;

export const AuditLink = z.object({
  /** From 1, without gaps. */
  number: z.number().int().positive(),
  day: CalendarDate,
  linkedAt: z.iso.datetime(),
  /** The head of the link before; of the first: empty. */
  previous: z.string(),
  /** Digest of everything above and of the entries of the segment, in their order. */
  head: Digest,
});
export type AuditLink = z.infer<typeof AuditLink>;

/** The head of the chain as it was at an instant, signed with a key that is not in the table. */
export const AuditHead = z
  .object({
    /** Of the link whose head it is. */
    number: z.number().int().positive(),
    /** Number of the signed head before; 0 of the first. */
    previousNumber: z.number().int().nonnegative(),
    head: Digest,
    signedAt: z.iso.datetime(),
    keyId: z.string(),
    /** Ed25519, base64url. */
    signature: z.string(),
  })
  .meta({ id: "AuditHead" });
export type AuditHead = z.infer<typeof AuditHead>;

/** Keys the commitments to one person's fields; without it, they say nothing of them. */
export const PersonSalt = z.object({
  holder: PersonalHolder,
  /** 256 bits, base64url; null once the fields were erased. */
  salt: z.string().nullable(),
});
export type PersonSalt = z.infer<typeof PersonSalt>;

/** A row whose changes are audited, as it stands now. */
export interface AuditedState {
  readonly object: AuditedObject;
  readonly partition: string;
  readonly stateDigest: string;
  readonly personal: { readonly holder: PersonalHolder; readonly fields: object } | undefined;
  /** Version of its first event. */
  readonly firstVersion: number;
  /** Whether each of its versions has an event; otherwise some were made by mass rows. */
  readonly isEveryVersionEvented: boolean;
  /** Of rows whose first version a mass row made: the digest of that one. */
  readonly openingDigest?: string;
  /** Of rows that keep every version: whether it is the last. */
  readonly isLatest: boolean;
}

/** What the record of a kick-off says of the reviews it made, which have no event of their own. */
export interface Openings {
  /** Of the whole record; the event that ended the kick-off holds it too. */
  readonly digest: string;
  /** By id of the review: its digest, null where none was made, undefined where the record is older. */
  readonly reviews: ReadonlyMap<string, string | null | undefined>;
}
