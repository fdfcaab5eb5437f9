import { type ErrorCode, raise } from "@concord/core/error";
import { type DomainEvent, StoredEvent } from "@concord/core/event";
import { EffectRepeated } from "@concord/core/idempotency";
import { follows, isNew } from "./condition.ts";
import type { Item, Table, Write } from "./dynamo-table.ts";
import { type Entity, fromItem, toItem } from "./entity.ts";
import type { EffectMarker } from "./idempotency/effect-marker.ts";
import type { TenantKeys } from "./keys.ts";

/** What a repository of one tenant works with; made once, where the tenant is opened. */
export interface TenantTable {
  readonly table: Table;
  readonly keys: TenantKeys;
  /** Recorded with the first effect of a request that carries an Idempotency-Key. */
  readonly marker?: EffectMarker;
}

/** An aggregate that is its own row, with a version that every change raises by one. */
export interface Aggregate<T> extends Entity<T> {
  readonly id: (value: T) => string;
}

interface Versioned {
  readonly version: number;
}

export async function load<T>(
  { table }: TenantTable,
  entity: Entity<T>,
  key: { readonly pk: string; readonly sk: string },
  options?: { readonly consistent?: boolean },
): Promise<T | undefined> {
  const item = await table.get(key, options);
  return item && fromItem(entity, item);
}

/** Event row of the version an aggregate has reached. */
export function toEventItem<T extends Versioned>(
  { keys }: TenantTable,
  aggregate: Aggregate<T>,
  next: T,
  event: DomainEvent,
): Item {
  const id = aggregate.id(next);
  return {
    ...StoredEvent.parse({
      ...event,
      aggregate: { type: aggregate.name, id, version: next.version },
    }),
    ...keys.event(aggregate.key(next).pk, aggregate.name, id, next.version),
    entity: "Event",
    schemaVersion: 1,
  };
}

/** The two writes that make a change of an aggregate: its state and its event. */
export const writesOf = <T extends Versioned>(
  tenant: TenantTable,
  aggregate: Aggregate<T>,
  next: T,
  event: DomainEvent,
): [Write, Write] => [
  { put: toItem(aggregate, next), condition: follows(next) },
  { put: toEventItem(tenant, aggregate, next, event), condition: isNew },
];

/**
 * State and event in one transaction, conditioned on the version the decision was made on; `also`
 * are further writes of the same transaction, each with the code that its failed condition means.
 * @throws DomainError `taken` where version 1 exists already, version-stale where it was overtaken
 * @throws EffectRepeated where the request's Idempotency-Key has had its effect
 */
export async function save<T extends Versioned>(
  tenant: TenantTable,
  aggregate: Aggregate<T>,
  next: T,
  event: DomainEvent,
  options: {
    readonly taken?: ErrorCode;
    readonly also?: readonly { readonly write: Write; readonly otherwise: ErrorCode }[];
  } = {},
): Promise<void> {
  const also = options.also ?? [];
  const marker = tenant.marker?.take(tenant.keys, next);
  const failed = await tenant.table.transact([
    ...writesOf(tenant, aggregate, next, event),
    ...also.map(({ write }) => write),
    ...(marker ? [marker] : []),
  ]);
  const [first] = failed;
  if (first === undefined) return;
  if (marker && failed.includes(2 + also.length)) throw new EffectRepeated();
  if (failed.includes(0))
    raise(next.version === 1 ? (options.taken ?? "version-stale") : "version-stale");
  raise(also[first - 2]?.otherwise ?? "version-stale");
}
