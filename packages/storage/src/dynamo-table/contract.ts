import type { Key } from "../keys/index.ts";
import type { tableDefinition } from "../table.ts";
import type { Condition } from "./condition.ts";
import type { Item } from "./item.ts";
import type { Meter } from "./meter.ts";

export type Write =
  | { readonly put: Item; readonly condition: Condition }
  | { readonly remove: Key; readonly condition: Condition }
  /** Changes attributes of a row, made where none is; names and values stand in the condition. */
  | { readonly update: Key; readonly expression: string; readonly condition: Condition }
  | { readonly check: Key; readonly condition: Condition };

/** A change of single attributes, for rows whose next value the table alone can know. */
export interface Update {
  readonly key: Key;
  readonly set: Item;
  /** Added to the numbers that are there; the condition makes sure they are. */
  readonly add?: Readonly<Record<string, number>>;
  readonly condition: Condition;
}

export interface KeyQuery {
  readonly index?: keyof typeof tableDefinition.indexes;
  readonly pk: string;
  /** Which sort keys: all, those with a prefix, or an inclusive range. */
  readonly sort?: { readonly prefix: string } | { readonly from: string; readonly to: string };
  readonly order?: "ascending" | "descending";
  readonly limit?: number;
  readonly consistent?: boolean;
  readonly after?: Item;
}

/** One table, one method per kind of request, each counted by the meter. Requests that do not exist here cannot be sent: no Scan. */
export interface Table {
  readonly name: string;
  get(key: Key, options?: { readonly consistent?: boolean }): Promise<Item | undefined>;
  /** Up to 100 keys; order is not kept, missing keys are left out. */
  getAll(keys: readonly Key[], options?: { readonly consistent?: boolean }): Promise<Item[]>;
  query(query: KeyQuery): Promise<{ items: Item[]; last?: Item }>;
  /**
   * @returns false where the condition failed and nothing was written. Where an answer was lost and
   * the repeat finds exactly this item stored, it was written.
   */
  put(item: Item, condition: Condition): Promise<boolean>;
  /**
   * @returns false where the condition failed and nothing was removed. Where an answer was lost and
   * the repeat finds no item, it was removed.
   */
  remove(key: Key, condition: Condition): Promise<boolean>;
  /**
   * Changes attributes of one row, or makes the row. Each update leaves a mark in it (`changeId`), so
   * that a repeat after a lost answer finds itself applied; only where another update came in
   * between is it applied a second time.
   * @returns the row as it is now, whether or not the condition held.
   */
  update(update: Update): Promise<{ readonly isApplied: boolean; readonly item: Item | undefined }>;
  /**
   * All or nothing, at most 100 writes. Conflicts and throttling are retried with jitter; a lost
   * answer is asked for again under the same client token, so that nothing is applied twice.
   * @returns the positions of the writes whose condition failed; empty when committed.
   */
  transact(writes: readonly Write[]): Promise<readonly number[]>;
  /** Waits as long as suits this attempt (from 1) at something that others overtake: drawn, and longer each time. */
  pause(attempt: number): Promise<void>;
  /**
   * Asked before rows of a partition are handed on that an earlier request read in this way.
   * @throws EgressRefused where the table serves another tenant
   */
  permits(how: "get" | "getAll" | "query", pk: string): void;
  /** The same table, counting into this meter too. */
  metered(meter: Meter): Table;
}
