import type { PartnerId } from "../id/index.ts";
import type { FactRules, FactValues, IndexEntry } from "../opportunity/index.ts";
import { type Catalog, catalogOf, presets, type Source } from "../source/index.ts";
import type { JobContext } from "./job.ts";
import { digestOfRow, parseRow } from "./parse-row.ts";
import { type FileRow, readRows, type UploadedFile } from "./read-rows.ts";
import type { RowIndex } from "./row-index.ts";
import type { Import, RowError } from "./schema.ts";

/** What is to be done with one row of a file. */
export type JudgedRow =
  | { readonly kind: "unchanged"; readonly externalId: string }
  | { readonly kind: "refused"; readonly error: RowError }
  | {
      readonly kind: "held";
      readonly reason: "partner-unknown" | "partner-ambiguous";
      readonly externalId: string;
      readonly partner: string;
      readonly digest: string;
      readonly fileRow: FileRow;
    }
  | {
      readonly kind: "ready";
      readonly externalId: string;
      readonly partnerId: PartnerId;
      readonly digest: string;
      readonly known: IndexEntry | undefined;
      readonly values: FactValues;
      readonly row: number;
    };

export interface RunRules extends FactRules {
  readonly catalog: Catalog;
  /** A file for one partner adds to no other, and takes from no other. */
  readonly onlyPartnerId: PartnerId | null;
}

/** The rules of a run: what the source says now. */
export async function rulesOf(
  ctx: JobContext,
  source: Source,
  { asOf, partnerId }: Import,
): Promise<RunRules> {
  const [prices, aliases] = await Promise.all([
    ctx.store.sources.prices(source.sourceId),
    ctx.store.sources.aliases(source.sourceId),
  ]);
  return {
    sourceId: source.sourceId,
    currency: source.currency,
    preset: presets[source.preset],
    catalog: catalogOf(prices, aliases),
    asOf,
    onlyPartnerId: partnerId,
    now: ctx.now,
  };
}

/**
 * The rows of a file one by one, each judged against what is known: a row that says what it said
 * before is told from its digest alone.
 * @throws FileRefused
 */
export async function* judgedRows(
  rules: RunRules,
  file: UploadedFile,
  index: RowIndex,
  namedPartner: (name: string) => Promise<PartnerId | undefined>,
): AsyncGenerator<JudgedRow> {
  const { preset, currency, catalog, onlyPartnerId } = rules;
  const isForeign = (partnerId: PartnerId | undefined) =>
    onlyPartnerId !== null && partnerId !== onlyPartnerId;
  const seen = new Set<string>();
  for await (const fileRow of readRows(file.open(), preset)) {
    const { cells, row } = fileRow;
    if (seen.has(cells.externalId)) {
      yield { kind: "refused", error: repeated(row, preset.columns.externalId) };
      continue;
    }
    if (cells.externalId !== "") seen.add(cells.externalId);
    const digest = digestOfRow(cells);
    const known = index.get(cells.externalId);
    if (known && isForeign(known.partnerId)) {
      yield { kind: "refused", error: foreign(row, preset.columns.externalId) };
      continue;
    }
    if (known?.digest === digest) {
      yield { kind: "unchanged", externalId: cells.externalId };
      continue;
    }
    const parsed = parseRow(fileRow, preset, currency);
    if ("error" in parsed) {
      yield { kind: "refused", error: parsed.error };
      continue;
    }
    const { externalId, partner, values } = parsed;
    const place = known?.isPinned
      ? { partnerId: known.partnerId }
      : catalog.partnerOf(partner, await namedPartner(partner));
    if (isForeign("held" in place ? undefined : place.partnerId)) {
      yield { kind: "refused", error: foreign(row, preset.columns.partner) };
    } else if ("held" in place) {
      yield { kind: "held", reason: place.held, externalId, partner, digest, fileRow };
    } else {
      yield { kind: "ready", externalId, partnerId: place.partnerId, digest, known, values, row };
    }
  }
}

const repeated = (row: number, column: string): RowError => ({
  row,
  column,
  code: "external-id-repeated",
  detail: "stands in an earlier row of this file too",
});

const foreign = (row: number, column: string): RowError => ({
  row,
  column,
  code: "partner-not-of-file",
  detail: "is not of the partner that this file is for",
});
