import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { CalendarDate } from "../calendar/index.ts";
import { classified } from "../classification/index.ts";
import { ImportId, PartnerId, SourceId } from "../id/index.ts";
import { IndexEntry } from "../opportunity/index.ts";
import { DefectCode } from "../source/index.ts";

/** Why a file was refused whole. */
export const RefusalCode = z
  .enum([
    "file-empty",
    "file-too-large",
    "size-mismatch",
    "checksum-mismatch",
    "encoding-not-utf8",
    "binary-content",
    "column-missing",
    "column-repeated",
    "column-count-wrong",
    "quote-broken",
    "record-too-large",
    "field-too-large",
    "rows-missing",
    "tenant-suspended",
  ])
  .meta({ id: "RefusalCode" });
export type RefusalCode = z.infer<typeof RefusalCode>;

export const Refusal = z
  .object({
    code: RefusalCode,
    /** Line of the file; 1 is the header. */
    row: z.number().int().positive(),
    column: z.string(),
    detail: z.string(),
  })
  .meta({ id: "Refusal" });
export type Refusal = z.infer<typeof Refusal>;

export const RowErrorCode = z
  .enum([
    "external-id-missing",
    "external-id-repeated",
    "partner-missing",
    "stage-unknown",
    "date-invalid",
    "amount-invalid",
    "value-too-long",
    "partner-not-of-file",
  ])
  .meta({ id: "RowErrorCode" });
export type RowErrorCode = z.infer<typeof RowErrorCode>;

/** A row that was left out; the rest of the file went on. */
export const RowError = z
  .object({
    row: z.number().int().positive(),
    column: z.string(),
    code: RowErrorCode,
    detail: classified("import-row.cells", z.string()),
  })
  .meta({ id: "RowError" });
export type RowError = z.infer<typeof RowError>;

/** Beyond these the errors of a file are counted, not listed. */
export const MAX_ROW_ERRORS = 1_000;

export const Progress = z
  .object({
    rowsRead: z.number().int().nonnegative(),
    rowsChanged: z.number().int().nonnegative(),
    rowsUnchanged: z.number().int().nonnegative(),
    /** Their partner could not be told. */
    rowsHeld: z.number().int().nonnegative(),
    /** Left out; see the row errors. */
    rowsRefused: z.number().int().nonnegative(),
    /** Open flags of the source afterwards. */
    flags: z.number().int().nonnegative(),
  })
  .meta({ id: "ImportProgress" });
export type Progress = z.infer<typeof Progress>;

export const ImportStatus = z
  .enum(["awaiting-upload", "queued", "running", "validated", "completed", "refused", "failed"])
  .meta({ id: "ImportStatus" });
export type ImportStatus = z.infer<typeof ImportStatus>;

/** What a re-evaluation looks at again: rows of one product, rows flagged for an unknown one, or rows held. */
export const Scope = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("product"), product: z.string() }),
    z.object({ kind: z.literal("unknown-products") }),
    z.object({ kind: z.literal("held-rows") }),
  ])
  .meta({ id: "ReevaluationScope" });
export type Scope = z.infer<typeof Scope>;

/** How many rows of the source have a defect, by the value that is wrong. */
export const DefectCount = z
  .object({
    code: DefectCode,
    column: z.string(),
    value: classified("import-row.cells", z.string()),
    rows: z.number().int().nonnegative(),
  })
  .meta({ id: "DefectCount" });
export type DefectCount = z.infer<typeof DefectCount>;

export const MAX_DEFECT_COUNTS = 100;

/** Where a client puts the file, once, before the instant it expires at. */
export const UploadTarget = z
  .object({
    method: z.literal("PUT"),
    url: z.url(),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "UploadTarget" });
export type UploadTarget = z.infer<typeof UploadTarget>;

/** A job that turns rows of a source into facts: an uploaded file, or stored rows looked at again. */
export const Import = z
  .object({
    importId: ImportId,
    sourceId: SourceId,
    /** Rows of any other partner are refused; null for all partners. */
    partnerId: PartnerId.nullable().default(null),
    status: ImportStatus,
    /** Null for a re-evaluation. */
    file: z
      .object({
        name: z.string(),
        sizeBytes: z.number().int().nonnegative().nullable(),
        sha256: z.string().nullable(),
      })
      .nullable(),
    /** Null for a file. */
    scope: Scope.nullable(),
    isDryRun: z.boolean(),
    /** The business date the rows speak of; dates a stage for which the feed gives none. */
    asOf: CalendarDate,
    /** The file equals the last one of the source, so nothing was to do. */
    isRepeat: z.boolean(),
    progress: Progress,
    /** Of the whole source once the job has ended, of a dry run as it would be; most rows first, at most 100. */
    defects: z.array(DefectCount),
    unknownColumns: z.array(z.string()),
    refusal: Refusal.nullable(),
    /** Where the file goes while it is awaited; whoever has it may write the file. */
    upload: UploadTarget.nullable(),
    createdBy: ActorRef,
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    version: z.number().int().positive(),
  })
  .meta({ id: "Import" });
export type Import = z.infer<typeof Import>;

/** An import as everybody may see it: without the address that lets its holder upload. */
export const ImportView = Import.omit({ upload: true }).meta({ id: "ImportJob" });
export type ImportView = z.infer<typeof ImportView>;

/** What the one who announced the file gets. */
export const AwaitedImport = z
  .object({ import: ImportView, upload: UploadTarget })
  .meta({ id: "AwaitedImport" });

export const CreateImport = z
  .strictObject({
    sourceId: SourceId,
    /** The only partner that the file speaks of; needed by who may import for single partners alone. */
    partnerId: PartnerId.optional(),
    fileName: z.string().trim().min(1).max(200),
    sizeBytes: z.number().int().positive().optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits")
      .optional(),
    dryRun: z.boolean().default(false),
    asOf: CalendarDate.optional(),
  })
  .meta({ id: "CreateImport" });
export type CreateImport = z.infer<typeof CreateImport>;

/** The rows one transaction wrote: record of the change and durable cursor at once. */
export const ChunkManifest = z.object({
  importId: ImportId,
  /** The partner whose facts these are; two, joined, where they moved. */
  group: z.string(),
  ordinal: z.number().int().nonnegative(),
  entries: z.array(z.tuple([z.string(), IndexEntry])),
  factsChanged: z.number().int().nonnegative(),
  changedAt: z.iso.datetime(),
});
export type ChunkManifest = z.infer<typeof ChunkManifest>;

/** What the jobs of a source share: who is at work, and where its index stands. */
export const SourceState = z.object({
  sourceId: SourceId,
  /** Jobs of one source take turns. */
  holder: ImportId.nullable(),
  /** Epoch milliseconds of the wall clock after which another job may take over. */
  leaseUntilMs: z.number().int(),
  /** Pages of the index: which set is current, and how many rows it holds. */
  generation: z.number().int().nonnegative(),
  pages: z.number().int().nonnegative(),
  pagedRows: z.number().int().nonnegative(),
  /** Jobs whose manifests are newer than the pages, oldest first. */
  unpagedImports: z.array(ImportId),
  unpagedRows: z.number().int().nonnegative(),
  /** SHA-256 of the last file whose import ran to its end with nothing written since. */
  lastFileSha256: z.string().nullable(),
  openFlags: z.number().int().nonnegative(),
  version: z.number().int().positive(),
});
export type SourceState = z.infer<typeof SourceState>;

export const emptyState = (sourceId: SourceId): Omit<SourceState, "version"> => ({
  sourceId,
  holder: null,
  leaseUntilMs: 0,
  generation: 0,
  pages: 0,
  pagedRows: 0,
  unpagedImports: [],
  unpagedRows: 0,
  lastFileSha256: null,
  openFlags: 0,
});

export const noProgress: Progress = {
  rowsRead: 0,
  rowsChanged: 0,
  rowsUnchanged: 0,
  rowsHeld: 0,
  rowsRefused: 0,
  flags: 0,
};
