import { z } from "zod";
import { type Actor, ActorRef, refOf } from "../actor/index.ts";

/** What happened, written in the transaction of the state it changed: audit trail and outbox at once. */
export interface DomainEvent<T extends string = string, D = unknown> {
  readonly type: T;
  /** ISO 8601 instant of the business clock. */
  readonly at: string;
  readonly by: ActorRef;
  readonly data: D;
}

/** An event as its row holds it: with the aggregate it belongs to and the version it made. */
export const StoredEvent = z.object({
  type: z.string(),
  at: z.iso.datetime(),
  by: ActorRef,
  data: z.unknown(),
  aggregate: z.object({ type: z.string(), id: z.string(), version: z.number().int() }),
});
export type StoredEvent = z.infer<typeof StoredEvent>;

export const eventOf = <T extends string, D>(
  type: T,
  by: Actor,
  now: Date,
  data: D,
): DomainEvent<T, D> => ({ type, at: now.toISOString(), by: refOf(by), data });
