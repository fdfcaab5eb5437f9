import { UnreadableRow } from "@concord/core/error";
import type { z } from "zod";
import type { Item } from "./dynamo-table/item.ts";
import type { Key } from "./keys/index.ts";

/** Keys of the sparse indexes; an index that is left out does not hold the row. */
export interface IndexKeys {
  readonly gsi1pk?: string;
  readonly gsi1sk?: string;
  readonly gsi2pk?: string;
  readonly gsi2sk?: string;
}

/**
 * How one kind of row is stored. The only place where keys and index attributes are made, used by
 * every write of the row alike.
 */
export interface Entity<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly schemaVersion: number;
  readonly key: (value: T) => Key;
  readonly indexes?: (value: T) => IndexKeys;
  /** Epoch seconds after which the row is gone; reads check it, since the service deletes late. */
  readonly expiresAt?: (value: T) => number;
  /** Turns a stored row of an older `schemaVersion` into today's shape; pure. */
  readonly upgrade?: (row: Item) => Item;
}

export function toItem<T>(entity: Entity<T>, value: T): Item {
  const expiresAt = entity.expiresAt?.(value);
  return {
    ...(value as Item),
    ...entity.key(value),
    ...entity.indexes?.(value),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    entity: entity.name,
    schemaVersion: entity.schemaVersion,
  };
}

/** @throws UnreadableRow | ZodError where the row is of another kind or does not parse: a defect, never the caller's fault. */
export function fromItem<T>(entity: Entity<T>, item: Item): T {
  if (item["entity"] !== entity.name) {
    throw new UnreadableRow(`a row of ${String(item["entity"])} was read as ${entity.name}`);
  }
  const current = item["schemaVersion"] === entity.schemaVersion;
  return entity.schema.parse(current || !entity.upgrade ? item : entity.upgrade(item));
}
