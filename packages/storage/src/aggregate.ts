import { shortDigestOf } from "@concord/core/digest";
import { type ErrorCode, raise } from "@concord/core/error";
import { type DomainEvent, type PersonalHolder, StoredEvent } from "@concord/core/event";
import { EffectRepeated } from "@concord/core/idempotency";
import { follows, isNew } from "./dynamo-table/condition.ts";
import type { Table, Write } from "./dynamo-table/contract.ts";
import type { Item } from "./dynamo-table/item.ts";
import { type Entity, fromItem, toItem } from "./entity.ts";
import type { EffectMarker } from "./idempotency/effect-marker.ts";
import type { TenantKeys } from "./keys/index.ts";

/** What a repository of one tenant works with; made once, where the tenant is opened. */
export interface TenantTable {
  readonly table: Table;
  readonly keys: TenantKeys;
  /** Recorded with the first effect of a request that carries an Idempotency-Key. */
  readonly marker?: EffectMarker;
  /** The API request, or the piece of a worker's work, that every event made here names. */
  readonly requestId?: string | undefined;
}

/** An aggregate that is its own row, with a version that every change raises by one. */
export interface Aggregate<T> extends Entity<T> {
  readonly id: (value: T) => string;
  /** Whose data some of its fields are; events keep these apart, and digests leave them out. */
  readonly personal?: PersonalData<T>;
  /** Fields that change without a version of their own, such as a last use; digests leave them out. */
  readonly unversioned?: readonly (keyof T & string)[];
}

export interface PersonalData<T> {
  readonly holder: (value: T) => PersonalHolder;
  /** Of an erased one nothing is a person's any more. */
  readonly isErased: (value: T) => boolean;
  readonly fields: readonly (keyof T & string)[];
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

const PLACE = ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"];

/** Digest of a row as it is stored: where it lies is left out, and so are a person's fields. */
export function stateDigestOf<T>(
  row: Item,
  { personal, unversioned = [] }: Pick<Aggregate<T>, "personal" | "unversioned"> = {},
): string {
  const left = new Set<string>([...PLACE, ...(personal?.fields ?? []), ...unversioned]);
  return shortDigestOf(Object.fromEntries(Object.entries(row).filter(([name]) => !left.has(name))));
}

export function personalOf<T>({ personal }: Aggregate<T>, value: T): StoredEvent["personal"] {
  if (!personal || personal.isErased(value)) return undefined;
  const fields = Object.fromEntries(personal.fields.map((name) => [name, value[name]]));
  return { holder: personal.holder(value), fields };
}

/**
 * Event row of the version an aggregate has reached.
 * @param row what the change stores, where that is not the aggregate's own item
 */
export function toEventItem<T extends Versioned>(
  { keys, requestId = "" }: TenantTable,
  aggregate: Aggregate<T>,
  next: T,
  event: DomainEvent,
  row: Item = toItem(aggregate, next),
): Item {
  const id = aggregate.id(next);
  return {
    ...StoredEvent.parse({
      ...event,
      aggregate: { type: aggregate.name, id, version: next.version },
      requestId: requestId === "" ? null : requestId,
      stateDigest: stateDigestOf(row, aggregate),
      personal: personalOf(aggregate, next),
    }),
    ...keys.event(aggregate.key(next).pk, aggregate.name, id, next.version),
    entity: "Event",
    schemaVersion: 2,
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
 * All or nothing, with the answer to the request's Idempotency-Key where this is its first effect.
 * @param next what is answered
 * @returns the positions of the writes whose condition failed; empty when committed
 * @throws EffectRepeated where the request's Idempotency-Key has had its effect
 */
export async function commit(
  { table, keys, marker }: TenantTable,
  next: unknown,
  writes: readonly Write[],
): Promise<readonly number[]> {
  const mark = marker?.take(keys, next);
  const failed = await table.transact([...writes, ...(mark ? [mark] : [])]);
  if (failed.includes(writes.length)) throw new EffectRepeated();
  if (mark && failed.length > 0) marker?.giveBack();
  return failed;
}

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
  const failed = await commit(tenant, next, [
    ...writesOf(tenant, aggregate, next, event),
    ...also.map(({ write }) => write),
  ]);
  const [first] = failed;
  if (first === undefined) return;
  if (failed.includes(0))
    raise(next.version === 1 ? (options.taken ?? "version-stale") : "version-stale");
  raise(also[first - 2]?.otherwise ?? "version-stale");
}
