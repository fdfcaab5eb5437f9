import { deflateRawSync, inflateRawSync } from "node:zlib";
import { PartnerId } from "@concord/core/id";
import type { IndexEntry } from "@concord/core/opportunity";
import type { FlaggedRow } from "@concord/core/source";
import { z } from "zod";

/** Index entries as stored: columns with dictionaries, deflated; some 17 bytes a row instead of 150. */
const Packed = z.object({
  partners: z.array(PartnerId),
  products: z.array(z.string()),
  stages: z.array(z.string()),
  rows: z.array(
    z.tuple([
      z.string(),
      z.string(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
      z.number(),
    ]),
  ),
});

type Rows = readonly (readonly [string, IndexEntry])[];

export function pack(entries: Rows): Uint8Array {
  const partners = dictionary<IndexEntry["partnerId"]>();
  const products = dictionary<string>();
  const stages = dictionary<string>();
  let line = 0;
  const rows = entries.map(([externalId, entry]) => {
    const step = entry.row - line;
    line = entry.row;
    return [
      externalId,
      entry.digest,
      partners.of(entry.partnerId),
      step,
      entry.defects,
      products.of(entry.product),
      stages.of(entry.stage),
      entry.revision,
      entry.isPinned ? 1 : 0,
    ];
  });
  const text = JSON.stringify({
    partners: partners.values,
    products: products.values,
    stages: stages.values,
    rows,
  });
  return deflateRawSync(text);
}

export function unpack(bytes: Uint8Array): [string, IndexEntry][] {
  const packed = Packed.parse(JSON.parse(inflateRawSync(bytes).toString("utf8")));
  let line = 0;
  return packed.rows.map(
    ([externalId, digest, partner, step, defects, product, stage, revision, pinned]) => {
      line += step;
      const entry: IndexEntry = {
        digest,
        partnerId: found(packed.partners, partner),
        row: line,
        defects,
        product: found(packed.products, product),
        stage: found(packed.stages, stage),
        revision,
        isPinned: pinned === 1,
      };
      return [externalId, entry];
    },
  );
}

const PackedFlagged = z.object({
  partners: z.array(PartnerId),
  columns: z.array(z.string()),
  rows: z.array(z.tuple([z.number(), z.number(), z.string(), z.number()])),
});

/** The rows behind a flag, as stored. */
export function packFlagged(flagged: readonly FlaggedRow[]): Uint8Array {
  const partners = dictionary<PartnerId>();
  const columns = dictionary<string>();
  let line = 0;
  const rows = flagged.map(({ row, column, externalId, partnerId }) => {
    const step = row - line;
    line = row;
    return [step, columns.of(column), externalId, partners.of(partnerId)];
  });
  return deflateRawSync(
    JSON.stringify({ partners: partners.values, columns: columns.values, rows }),
  );
}

export function unpackFlagged(bytes: Uint8Array): FlaggedRow[] {
  const packed = PackedFlagged.parse(JSON.parse(inflateRawSync(bytes).toString("utf8")));
  let line = 0;
  return packed.rows.map(([step, column, externalId, partner]) => {
    line += step;
    return {
      row: line,
      column: found(packed.columns, column),
      externalId,
      partnerId: found(packed.partners, partner),
    };
  });
}

function found<T>(values: readonly T[], position: number): T {
  const value = values[position];
  if (value === undefined) throw new Error("a packed row points past its dictionary");
  return value;
}

function dictionary<T>() {
  const positions = new Map<T, number>();
  const values: T[] = [];
  return {
    values,
    of(value: T): number {
      const known = positions.get(value);
      if (known !== undefined) return known;
      positions.set(value, values.length);
      values.push(value);
      return values.length - 1;
    },
  };
}
