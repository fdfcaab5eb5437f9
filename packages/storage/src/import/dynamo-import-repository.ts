import type { ImportRepository, RowIndex } from "@concord/core/import";
import { learn } from "@concord/core/import";
import { load, save, type TenantTable, toEventItem } from "../aggregate.ts";
import { always, exists, follows, hasRevision, isNew } from "../dynamo-table/condition.ts";
import { importCountedWrite } from "../edition/usage-rows.ts";
import { toItem } from "../entity.ts";
import { factWrites, rollupWrite } from "../opportunity/fact-writes.ts";
import { pageOfParts, pagesOf } from "../paged-parts.ts";
import { every, page } from "../position.ts";
import { aliasAggregate } from "../source/source-rows.ts";
import { indexPages } from "./index-pages.ts";
import {
  importAggregate,
  indexPageEntity,
  indexPatchEntity,
  manifestEntity,
  rowErrorsEntity,
  sourceStateEntity,
  toManifest,
  toManifestRow,
} from "./index-rows.ts";
import { unpack } from "./packed.ts";

const ERRORS_A_PAGE = 100;

export function dynamoImportRepository(tenant: TenantTable): ImportRepository {
  const { table, keys } = tenant;
  const imports = importAggregate(keys);
  const states = sourceStateEntity(keys);
  const manifests = manifestEntity(keys);
  const indexPage = indexPageEntity(keys);
  const patches = indexPatchEntity(keys);
  const rowErrors = rowErrorsEntity(keys);

  const manifestsOf: ImportRepository["manifests"] = async function* (importId) {
    const { pk } = keys.import(importId);
    const query = { pk, sort: { prefix: keys.importChunkPrefix } };
    for await (const row of every(table, manifests, query)) yield toManifest(row);
  };

  return {
    /** AP-67 */
    get: (importId) => load(tenant, imports, keys.import(importId)),

    /** AP-68 */
    list: (request) =>
      page(
        table,
        imports,
        { index: "gsi2", pk: keys.importList(), order: "descending" },
        request,
        keys.prefix,
      ),

    /** AP-318 */
    announce: (next, event, { today, limit }) =>
      save(tenant, imports, next, event, { also: [importCountedWrite(keys, today, limit)] }),

    /** AP-69 */
    save: (next, event) => save(tenant, imports, next, event),

    /** AP-70 */
    request: (alias, event, job, requested) =>
      save(tenant, aliasAggregate(keys), alias, event, {
        also: [
          { write: { put: toItem(imports, job), condition: isNew }, otherwise: "version-stale" },
          {
            write: { put: toEventItem(tenant, imports, job, requested), condition: isNew },
            otherwise: "version-stale",
          },
        ],
      }),

    /** AP-71 */
    saveProgress: (next) => table.put(toItem(imports, next), follows(next)),

    /** AP-72 */
    async putRowErrors(importId, errors) {
      for (const [index, part] of pagesOf(errors, ERRORS_A_PAGE)) {
        await table.put(toItem(rowErrors, { importId, index, errors: [...part] }), always);
      }
    },

    /** AP-73 */
    listRowErrors: (importId, request) =>
      pageOfParts(request, async (index) => {
        const part = await load(tenant, rowErrors, keys.rowErrors(importId, index));
        return part?.errors;
      }),

    /** AP-74 */
    async writeChunk({ manifest, sourceId, changes, rollups, released }) {
      const failed = await table.transact([
        { put: toItem(manifests, toManifestRow(manifest)), condition: isNew },
        ...changes.flatMap((change) => factWrites(keys, change)),
        ...rollups.map((rollup) => rollupWrite(keys, rollup)),
        ...released.map((externalId) => ({
          remove: keys.heldRow(sourceId, externalId),
          condition: exists,
        })),
      ]);
      if (failed.length === 0) return "committed";
      return failed.includes(0) ? "repeated" : "overtaken";
    },

    /** AP-75 */
    manifests: manifestsOf,

    /** AP-76 */
    state: (sourceId) => load(tenant, states, keys.sourceState(sourceId)),

    /** AP-77 */
    saveState: (next) => table.put(toItem(states, next), follows(next)),

    /** AP-78 */
    async loadIndex({ sourceId, generation, pages, unpagedImports }) {
      const index: RowIndex = new Map();
      for (let at = 0; at < pages; at += 1) {
        const stored = await load(tenant, indexPage, keys.indexPage(sourceId, generation, at));
        if (!stored) throw new Error(`page ${at} of the index of ${sourceId} is missing`);
        for (const [externalId, entry] of unpack(stored.packed)) index.set(externalId, entry);
      }
      for (const importId of unpagedImports) {
        for await (const { entries } of manifestsOf(importId)) {
          for (const [externalId, entry] of entries) learn(index, externalId, entry);
        }
      }
      const query = { pk: keys.source(sourceId).pk, sort: { prefix: keys.indexPatchPrefix } };
      for await (const { externalId, entry } of every(table, patches, query)) {
        learn(index, externalId, entry);
      }
      return index;
    },

    /** AP-79 */
    async putIndex(sourceId, generation, index) {
      const parts = indexPages([...index]);
      for (const [at, packed] of parts.entries()) {
        await table.put(toItem(indexPage, { sourceId, generation, index: at, packed }), always);
      }
      return parts.length;
    },

    /** AP-80 */
    async dropIndex({ sourceId, generation, pages }, paged) {
      for (let at = 0; at < pages; at += 1) {
        await table.remove(keys.indexPage(sourceId, generation, at), always);
      }
      const query = { pk: keys.source(sourceId).pk, sort: { prefix: keys.indexPatchPrefix } };
      for await (const patch of every(table, patches, query)) {
        // One that is newer than the pages, or becomes so now, stays.
        if ((paged.get(patch.externalId)?.revision ?? 0) < patch.revision) continue;
        await table.remove(patches.key(patch), hasRevision(patch.revision));
      }
    },
  };
}
