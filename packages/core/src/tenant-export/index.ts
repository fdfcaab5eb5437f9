export { isExported, leftOut } from "./format.ts";
export type { DownloadTargets, ExportFiles, ExportRepository, ExportStore } from "./repository.ts";
export { getExport, listExports, requestExport, summaryOf } from "./request-export.ts";
export { runExport } from "./run-export.ts";
export { EXPORT_KEPT_DAYS, TenantExport, TenantExportSummary, TenantExportView } from "./schema.ts";
