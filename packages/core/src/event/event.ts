import { z } from "zod";
import { type Actor, ActorRef, refOf } from "../actor/index.ts";
import { InvitationId, MemberId, PartnerUserId } from "../id/index.ts";

/** What happened, written in the transaction of the state it changed: audit trail and outbox at once. */
export interface DomainEvent<T extends string = string, D = unknown> {
  readonly type: T;
  /** ISO 8601 instant of the business clock. */
  readonly at: string;
  readonly by: ActorRef;
  readonly data: D;
}

/**
 * Whose erasure takes fields of a person away: a membership, or an invitation. Not the person: of two
 * memberships in a tenant one may be erased and the other stay.
 */
export const PersonalHolder = z.union([MemberId, PartnerUserId, InvitationId]);
export type PersonalHolder = z.infer<typeof PersonalHolder>;

/** What an event holds of one person, apart from its data, so that erasure can take it away. */
export const PersonalFields = z.object({
  holder: PersonalHolder,
  fields: z.record(z.string(), z.unknown()),
});
export type PersonalFields = z.infer<typeof PersonalFields>;

/** An event as its row holds it: with the aggregate it belongs to and the version it made. */
export const StoredEvent = z.object({
  type: z.string(),
  at: z.iso.datetime(),
  by: ActorRef,
  data: z.unknown(),
  aggregate: z.object({ type: z.string(), id: z.string(), version: z.number().int() }),
  /** The API request, or the piece of a worker's work, that caused it; null in rows that never knew. */
  requestId: z.string().nullable().default(null),
  /** SHA-256, base64url, of the canonical JSON of the row that the change left, without keys and personal fields. */
  stateDigest: z.string().nullable().default(null),
  personal: PersonalFields.optional(),
});
export type StoredEvent = z.infer<typeof StoredEvent>;

export const eventOf = <T extends string, D>(
  type: T,
  by: Actor | ActorRef,
  now: Date,
  data: D,
): DomainEvent<T, D> => ({
  type,
  at: now.toISOString(),
  by: refOf(by),
  data,
});
