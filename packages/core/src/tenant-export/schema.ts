import { z } from "zod";
import { ActorRef } from "../actor/index.ts";
import { classified } from "../classification/index.ts";
import { ExportId } from "../id/index.ts";

/** How long the files of an export are kept; the bucket's own rule removes them. */
export const EXPORT_KEPT_DAYS = 7;

export const ExportFile = z.object({
  /** Such as `partner-00000-0.ndjson`: the kind of row, and a running number. */
  name: z.string(),
  /** The kind of row, as in the documentation of the format; null for the manifest. */
  entity: z.string().nullable(),
  rows: z.number().int(),
  bytes: z.number().int(),
  /** Lower-case hexadecimal. */
  sha256: z.string(),
});
export type ExportFile = z.infer<typeof ExportFile>;

/** Everything of the tenant as files: a job that is gone on with until it is complete. */
export const TenantExport = z.object({
  exportId: ExportId,
  status: z.enum(["running", "completed"]),
  requestedBy: ActorRef,
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** How many parts the list of places has; null until it is complete. */
  parts: z.number().int().nullable(),
  /** Parts before this one are written. */
  nextPart: z.number().int(),
  files: z.array(ExportFile),
  version: z.number().int().positive(),
});
export type TenantExport = z.infer<typeof TenantExport>;

export const TenantExportView = TenantExport.omit({ parts: true, nextPart: true, files: true })
  .extend({
    /** Once it is completed. */
    files: z.array(
      ExportFile.extend({
        /** Opens the file for a quarter of an hour, without a token. */
        url: classified("export.files", z.url()),
      }),
    ),
  })
  .meta({ id: "TenantExport" });
export type TenantExportView = z.infer<typeof TenantExportView>;

export const TenantExportSummary = TenantExport.omit({ parts: true, nextPart: true, files: true })
  .extend({ files: z.number().int() })
  .meta({ id: "TenantExportSummary" });
export type TenantExportSummary = z.infer<typeof TenantExportSummary>;
