export { cycleIdOf } from "../id/index.ts";
export { advanceCycle } from "./advance-cycle.ts";
export {
  type CycleEvent,
  openingsDigestOf,
  stepStartedAt,
  stepUnderWay,
} from "./cycle.ts";
export { endDataWindow, endReviewWindow, type WindowOutcome } from "./end-window.ts";
export { finishStep } from "./finish-step.ts";
export { getCycle, listCycles } from "./get-cycle.ts";
export { type OpeningOutcome, openCycle } from "./open-cycle.ts";
export type { CycleQueue, CycleRepository, CycleStore } from "./repository.ts";
export { runChunk, type StepEffect } from "./run-chunk.ts";
export {
  Cycle,
  CycleChunk,
  CycleMessage,
  CycleProgress,
  CycleStatus,
  CycleStep,
  CycleWithProgress,
} from "./schema.ts";
