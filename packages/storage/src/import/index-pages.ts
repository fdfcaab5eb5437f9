import type { IndexEntry } from "@concord/core/opportunity";
import { pack } from "./packed.ts";

/** An item holds 400 KB at most. */
const MAX_PAGE_BYTES = 300_000;
const ROWS_A_PAGE = 15_000;

type Rows = readonly (readonly [string, IndexEntry])[];

/** The index cut into pages that fit an item each. */
export function indexPages(entries: Rows): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (let at = 0; at < entries.length; at += ROWS_A_PAGE) {
    pages.push(...fitting(entries.slice(at, at + ROWS_A_PAGE)));
  }
  return pages;
}

function fitting(entries: Rows): Uint8Array[] {
  const packed = pack(entries);
  if (packed.length <= MAX_PAGE_BYTES || entries.length <= 1) return [packed];
  const half = Math.ceil(entries.length / 2);
  return [...fitting(entries.slice(0, half)), ...fitting(entries.slice(half))];
}
