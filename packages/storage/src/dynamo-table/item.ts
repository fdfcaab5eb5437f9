import { canonicalJson } from "@concord/core/digest";

/** A row as the table holds it. */
export type Item = Readonly<Record<string, unknown>>;

/** Whether the table holds the same of both. */
export const isSameItem = (stored: Item | undefined, item: Item): boolean =>
  stored !== undefined && canonicalJson(stored) === canonicalJson(item);
