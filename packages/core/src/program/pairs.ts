import { digestOf } from "../digest/index.ts";

export const isSame = (a: unknown, b: unknown): boolean =>
  digestOf({ of: a }) === digestOf({ of: b });

/** Pairs of what was and what is, by id: the new order first, then what has gone. */
export function paired<T>(
  before: readonly T[],
  after: readonly T[],
  idOf: (one: T) => string,
): { id: string; was: T | undefined; is: T | undefined }[] {
  const then = new Map(before.map((one) => [idOf(one), one]));
  const now = new Map(after.map((one) => [idOf(one), one]));
  return [...new Set([...now.keys(), ...then.keys()])].map((id) => ({
    id,
    was: then.get(id),
    is: now.get(id),
  }));
}
