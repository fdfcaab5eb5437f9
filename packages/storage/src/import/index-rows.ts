import { ImportId, SourceId } from "@concord/core/id";
import { type ChunkManifest, Import, RowError, SourceState } from "@concord/core/import";
import { type FactDecision, IndexEntry } from "@concord/core/opportunity";
import { z } from "zod";
import type { Aggregate } from "../aggregate.ts";
import type { Condition } from "../dynamo-table/condition.ts";
import type { Write } from "../dynamo-table/contract.ts";
import { type Entity, toItem } from "../entity.ts";
import type { TenantKeys } from "../keys/index.ts";
import { pack, unpack } from "./packed.ts";

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const importAggregate = (keys: TenantKeys): Aggregate<Import> => ({
  name: "Import",
  schema: Import,
  schemaVersion: 1,
  id: ({ importId }) => importId,
  key: ({ importId }) => keys.import(importId),
  indexes: ({ importId }) => ({ gsi2pk: keys.importList(), gsi2sk: importId }),
});

export const sourceStateEntity = (keys: TenantKeys): Entity<SourceState> => ({
  name: "SourceState",
  schema: SourceState,
  schemaVersion: 1,
  key: ({ sourceId }) => keys.sourceState(sourceId),
});

/** A chunk's manifest with its entries packed. */
const ManifestRow = z.object({
  importId: ImportId,
  group: z.string(),
  ordinal: z.number().int(),
  packed: Bytes,
  rows: z.number().int(),
  factsChanged: z.number().int(),
  changedAt: z.iso.datetime(),
});
type ManifestRow = z.infer<typeof ManifestRow>;

export const manifestEntity = (keys: TenantKeys): Entity<ManifestRow> => ({
  name: "ImportChunk",
  schema: ManifestRow,
  schemaVersion: 1,
  key: ({ importId, group, ordinal }) => keys.importChunk(importId, group, ordinal),
});

export const toManifestRow = ({ entries, ...rest }: ChunkManifest): ManifestRow => ({
  ...rest,
  packed: pack(entries),
  rows: entries.length,
});

export const toManifest = ({ packed, rows: _, ...rest }: ManifestRow): ChunkManifest => ({
  ...rest,
  entries: unpack(packed),
});

const IndexPage = z.object({
  sourceId: SourceId,
  generation: z.number().int(),
  index: z.number().int(),
  packed: Bytes,
});
export type IndexPage = z.infer<typeof IndexPage>;

export const indexPageEntity = (keys: TenantKeys): Entity<IndexPage> => ({
  name: "IndexPage",
  schema: IndexPage,
  schemaVersion: 1,
  key: ({ sourceId, generation, index }) => keys.indexPage(sourceId, generation, index),
});

/** What a person changed since the pages were written. */
const IndexPatch = z.object({
  sourceId: SourceId,
  externalId: z.string(),
  revision: z.number().int(),
  entry: IndexEntry,
});
export type IndexPatch = z.infer<typeof IndexPatch>;

export const indexPatchEntity = (keys: TenantKeys): Entity<IndexPatch> => ({
  name: "IndexPatch",
  schema: IndexPatch,
  schemaVersion: 1,
  key: ({ sourceId, externalId }) => keys.indexPatch(sourceId, externalId),
});

const isNewer = (revision: number): Condition => ({
  expression: "attribute_not_exists(#pk) OR #revision < :revision",
  names: { "#pk": "pk", "#revision": "revision" },
  values: { ":revision": revision },
});

export const indexPatchWrite = (keys: TenantKeys, index: FactDecision["index"]): Write => ({
  put: toItem(indexPatchEntity(keys), { ...index, revision: index.entry.revision }),
  condition: isNewer(index.entry.revision),
});

const RowErrorPage = z.object({
  importId: ImportId,
  index: z.number().int(),
  errors: z.array(RowError),
});
export type RowErrorPage = z.infer<typeof RowErrorPage>;

export const rowErrorsEntity = (keys: TenantKeys): Entity<RowErrorPage> => ({
  name: "RowErrors",
  schema: RowErrorPage,
  schemaVersion: 1,
  key: ({ importId, index }) => keys.rowErrors(importId, index),
});
