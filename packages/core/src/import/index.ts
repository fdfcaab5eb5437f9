export { addAlias } from "./add-alias.ts";
export { createImport, type UploadTargets } from "./create-import.ts";
export type { JobContext, JobOutcome, JobPorts } from "./job.ts";
export { getImport, listImports, listRowErrors } from "./list-imports.ts";
export type { FileRow, UploadedFile } from "./read-rows.ts";
export { releaseHeldRows } from "./release-held-rows.ts";
export type { Chunk, ImportEvent, ImportRepository, ImportStore } from "./repository.ts";
export { resolveHeldRows } from "./request-reevaluation.ts";
export { learn, type RowIndex } from "./row-index.ts";
export { runImport } from "./run-import.ts";
export { runJob } from "./run-job.ts";
export { applyAlias, runReevaluation } from "./run-reevaluation.ts";
export {
  AwaitedImport,
  ChunkManifest,
  CreateImport,
  DefectCount,
  Import,
  ImportStatus,
  ImportView,
  Progress,
  Refusal,
  RowError,
  Scope,
  SourceState,
  UploadTarget,
} from "./schema.ts";
export { createPartnersFromTeamList, TeamList, TeamListResult } from "./team-list.ts";
export { ownerOfUpload, UPLOADS_PREFIX, uploadKey } from "./upload-key.ts";
