export {
  cadenceIn,
  cadencesEver,
  cadencesFrom,
  cadencesOf,
  isByQuarters,
} from "./cadences.ts";
export { createProgram } from "./create-program.ts";
export { criteriaOf, getCriteria, PublishedCriteria } from "./criteria.ts";
export {
  CycleWindows,
  keptWindows,
  keptWindowsOf,
  timesOf,
  windowsOf,
} from "./cycle-windows.ts";
export { FOCUS_TITLES } from "./focus.ts";
export {
  getProgram,
  getProgramVersion,
  listPrograms,
  listProgramVersions,
} from "./get-program.ts";
export { pageOf } from "./page-of.ts";
export type { ProgramEvent } from "./program.ts";
export {
  changesBetween,
  getDraftChanges,
  getVersionChanges,
  ProgramChange,
  ProgramChanges,
} from "./program-changes.ts";
export { faultsOf, faultsOfDraft, programFor, versionFor, warningsOf } from "./publication.ts";
export { publishProgram } from "./publish-program.ts";
export type {
  ProgramRepository,
  ProgramStore,
  Publication,
} from "./repository.ts";
export { resellerTemplate } from "./reseller-template.ts";
export {
  CreateProgram,
  DecisionRights,
  FocusTopic,
  HistoryRule,
  MetricLayer,
  MetricTiming,
  Objective,
  type OpeningRules,
  Program,
  ProgramDefinition,
  ProgramFigure,
  ProgramIndicator,
  ProgramMetric,
  ProgramSegment,
  ProgramTemplate,
  ProgramTier,
  ProgramWindows,
  PublishedProgram,
  PublishProgram,
  RatingBand,
  ReviewDepth,
  type ScoringRules,
  SegmentPlace,
  Slug,
  UpdateProgramDraft,
  WeightPercent,
} from "./schema.ts";
export { faultsOfWeights } from "./segment-faults.ts";
export { definitionFor, placeIn } from "./segments.ts";
export { programTemplates } from "./templates.ts";
export { updateProgramDraft } from "./update-program-draft.ts";
export { cadenceInWords, metricsInWords } from "./words.ts";
