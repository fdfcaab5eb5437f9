import type { CalendarDate } from "../calendar/index.ts";
import type { Page, PageRequest } from "../context/index.ts";
import type { DomainEvent } from "../event/index.ts";
import type { ImportId, SourceId } from "../id/index.ts";
import type { FactChange } from "../opportunity/index.ts";
import type { MonthRollup } from "../rollup/index.ts";
import type { Alias, AliasEvent } from "../source/index.ts";
import type { RowIndex } from "./row-index.ts";
import type { ChunkManifest, Import, RowError, Scope, SourceState } from "./schema.ts";

export type ImportEvent =
  | DomainEvent<
      "import.requested",
      {
        readonly sourceId: SourceId;
        readonly scope: Scope | null;
        readonly fileName: string | null;
      }
    >
  | DomainEvent<"import.started" | "import.ended", Pick<Import, "status" | "progress">>;

/** The facts of one group, the months they touch and the record of it: one transaction, at most 100 items. */
export interface Chunk {
  readonly manifest: ChunkManifest;
  readonly sourceId: SourceId;
  readonly changes: readonly FactChange[];
  readonly rollups: readonly MonthRollup[];
  /** External ids of held rows that became facts. */
  readonly released: readonly string[];
}

export interface ImportRepository {
  get(importId: ImportId): Promise<Import | undefined>;
  /** Newest first; an index read. */
  list(page: PageRequest): Promise<Page<Import>>;
  /**
   * A new import, and one more in the count of its day: one transaction.
   * @param day.limit null without one
   * @throws DomainError version-stale | edition-limit-reached
   */
  announce(
    next: Import,
    event: ImportEvent,
    day: { readonly today: CalendarDate; readonly limit: number | null },
  ): Promise<void>;
  /** @throws DomainError version-stale */
  save(next: Import, event: ImportEvent): Promise<void>;
  /** An alias and the re-evaluation it asks for, in one transaction. @throws DomainError version-stale */
  request(alias: Alias, event: AliasEvent, job: Import, requested: ImportEvent): Promise<void>;
  /** Progress alone, without an event. @returns false where the import was overtaken */
  saveProgress(next: Import): Promise<boolean>;
  putRowErrors(importId: ImportId, errors: readonly RowError[]): Promise<void>;
  /** By row. */
  listRowErrors(importId: ImportId, page: PageRequest): Promise<Page<RowError>>;

  /**
   * @returns committed; repeated where this chunk is stored already; overtaken where a fact or a month
   * has changed since it was read. Nothing is written in the latter two.
   */
  writeChunk(chunk: Chunk): Promise<"committed" | "repeated" | "overtaken">;
  manifests(importId: ImportId): AsyncIterable<ChunkManifest>;

  state(sourceId: SourceId): Promise<SourceState | undefined>;
  /** @returns false where another version was written meanwhile */
  saveState(next: SourceState): Promise<boolean>;
  /** Pages, manifests newer than the pages, and what people changed since. */
  loadIndex(state: SourceState): Promise<RowIndex>;
  /** Writes the index as a new set of pages beside the current ones. @returns how many pages */
  putIndex(sourceId: SourceId, generation: number, index: RowIndex): Promise<number>;
  /** Removes the set of pages of `state`, and the patches that `paged` holds. */
  dropIndex(state: SourceState, paged: RowIndex): Promise<void>;
}

export interface ImportStore {
  readonly imports: ImportRepository;
}
