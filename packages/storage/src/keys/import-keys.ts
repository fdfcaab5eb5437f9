import type { AliasId, FlagId, ImportId, SourceId } from "@concord/core/id";
import { type InTenant, type Key, padded, textSort } from "./key.ts";

/** Sources, what they know of their rows, and the imports of their files. */
export const importKeys = (inTenant: InTenant) => {
  const source = (sourceId: SourceId): string => inTenant(`SOURCE#${sourceId}`);
  return {
    source: (sourceId: SourceId): Key => ({ pk: source(sourceId), sk: "SOURCE" }),
    sourceList: (): string => inTenant("LIST#SOURCE"),
    sourceState: (sourceId: SourceId): Key => ({ pk: source(sourceId), sk: "STATE" }),
    price: (sourceId: SourceId, productKey: string): Key => ({
      pk: source(sourceId),
      sk: `PRICE#${textSort(productKey)}`,
    }),
    pricePrefix: "PRICE#",
    alias: (sourceId: SourceId, aliasId: AliasId): Key => ({
      pk: source(sourceId),
      sk: `ALIAS#${aliasId}`,
    }),
    aliasPrefix: "ALIAS#",
    heldRow: (sourceId: SourceId, externalId: string): Key => ({
      pk: source(sourceId),
      sk: `HELD#${textSort(externalId)}`,
    }),
    heldRowPrefix: "HELD#",
    indexPage: (sourceId: SourceId, generation: number, index: number): Key => ({
      pk: source(sourceId),
      sk: `INDEX#${padded(generation)}#${padded(index)}`,
    }),
    indexPatch: (sourceId: SourceId, externalId: string): Key => ({
      pk: source(sourceId),
      sk: `PATCH#${textSort(externalId)}`,
    }),
    indexPatchPrefix: "PATCH#",
    flagOfSource: (sourceId: SourceId, flagId: FlagId): Key => ({
      pk: source(sourceId),
      sk: `FLAG#${flagId}`,
    }),
    flagOfSourcePrefix: "FLAG#",
    flag: (flagId: FlagId): Key => ({ pk: inTenant(`FLAG#${flagId}`), sk: "FLAG" }),
    flagRows: (flagId: FlagId, index: number): Key => ({
      pk: inTenant(`FLAG#${flagId}`),
      sk: `ROWS#${padded(index)}`,
    }),
    flagList: (status: string): string => inTenant(`LIST#FLAG#${status}`),
    import: (importId: ImportId): Key => ({ pk: inTenant(`IMPORT#${importId}`), sk: "IMPORT" }),
    importList: (): string => inTenant("LIST#IMPORT"),
    importChunk: (importId: ImportId, group: string, ordinal: number): Key => ({
      pk: inTenant(`IMPORT#${importId}`),
      sk: `CHUNK#${group}#${padded(ordinal)}`,
    }),
    importChunkPrefix: "CHUNK#",
    rowErrors: (importId: ImportId, index: number): Key => ({
      pk: inTenant(`IMPORT#${importId}`),
      sk: `ERRORS#${padded(index)}`,
    }),
  };
};
