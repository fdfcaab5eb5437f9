import type { FlagId, SourceId } from "../id/index.ts";
import type { IndexEntry } from "../opportunity/index.ts";
import {
  type DefectCode,
  defectsOfBits,
  type Field,
  type FlaggedRow,
  flagIdOf,
  flagValueOf,
  type Preset,
} from "../source/index.ts";

/** What a source's rows were when they last changed, by external id. */
export type RowIndex = Map<string, IndexEntry>;

/**
 * Takes an entry over unless a newer revision of its fact is known. A correction does not know the
 * digest of the feed's row and keeps the one that is there.
 */
export function learn(index: RowIndex, externalId: string, entry: IndexEntry): void {
  const known = index.get(externalId);
  if (!known) index.set(externalId, entry);
  else if (entry.digest === "") {
    if (entry.revision > known.revision) index.set(externalId, { ...entry, digest: known.digest });
  } else if (entry.revision >= known.revision) index.set(externalId, entry);
}

/** The rows of one defect with one value. */
export interface FlagGroup {
  readonly flagId: FlagId;
  readonly code: DefectCode;
  readonly column: string;
  readonly value: string;
  readonly rows: FlaggedRow[];
}

/** Where a file has a different wrong value in every row, the rarest are counted as one. */
const MAX_VALUES = 200;
export const OTHER_VALUES = "…";

const fieldOf: Readonly<Record<DefectCode, Field>> = {
  "product-unknown": "product",
  "account-missing": "account",
  "engage-date-missing": "engagedOn",
  "amount-missing": "amount",
  "close-date-missing": "closedOn",
  "close-before-engage": "closedOn",
  "amount-zero": "amount",
  "close-date-on-open": "closedOn",
};

/** Every defect of the source as the index knows it, rows in order. */
export function flagGroups(
  index: ReadonlyMap<string, IndexEntry>,
  sourceId: SourceId,
  preset: Preset,
): FlagGroup[] {
  const byCode = new Map<DefectCode, Map<string, FlaggedRow[]>>();
  for (const [externalId, entry] of index) {
    if (entry.defects === 0) continue;
    for (const code of defectsOfBits(entry.defects)) {
      const column = preset.columns[fieldOf[code]];
      const values = byCode.get(code) ?? new Map<string, FlaggedRow[]>();
      byCode.set(code, values);
      const value = flagValueOf(code, entry);
      const rows = values.get(value) ?? [];
      values.set(value, rows);
      rows.push({ row: entry.row, column, externalId, partnerId: entry.partnerId });
    }
  }
  return [...byCode].flatMap(([code, values]) =>
    [...bounded(values)].map(([value, rows]) => ({
      flagId: flagIdOf(sourceId, code, value),
      code,
      column: preset.columns[fieldOf[code]],
      value,
      rows: rows.sort((a, b) => a.row - b.row || (a.externalId < b.externalId ? -1 : 1)),
    })),
  );
}

function bounded(values: Map<string, FlaggedRow[]>): Map<string, FlaggedRow[]> {
  if (values.size <= MAX_VALUES) return values;
  const byCount = [...values].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const rest = byCount.slice(MAX_VALUES).flatMap(([, rows]) => rows);
  return new Map([...byCount.slice(0, MAX_VALUES), [OTHER_VALUES, rest]]);
}
