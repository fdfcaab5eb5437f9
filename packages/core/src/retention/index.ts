export type { RecordStore } from "./due-records.ts";
export {
  getRetention,
  listRetentionRuns,
  previewRetention,
  setRetention,
} from "./manage-retention.ts";
export {
  type DueRecord,
  MOST_ROWS,
  type Removable,
  type RetentionRepository,
  type RetentionStore,
} from "./repository.ts";
export { type RetentionProgress, runRetention } from "./run-retention.ts";
export {
  KEPT_DAYS,
  RetentionDays,
  RetentionKind,
  RetentionPreview,
  RetentionRules,
  RetentionRun,
  RetentionRunView,
  SetRetentionRules,
} from "./schema.ts";
