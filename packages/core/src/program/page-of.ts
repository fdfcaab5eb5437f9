import type { Page, PageRequest } from "../context/index.ts";
import { raise } from "../error/index.ts";

/** One page of a list that is small enough to be read whole. @throws DomainError cursor-invalid */
export function pageOf<T>(all: readonly T[], { limit, position }: PageRequest): Page<T> {
  if (position !== undefined && !/^\d{1,6}$/.test(position)) raise("cursor-invalid");
  const start = Number(position ?? 0);
  const end = start + limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, position: String(end) } : { items };
}
