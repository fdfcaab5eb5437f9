export { type CadenceSource, turnAt, wantedCadence } from "./cadence.ts";
export { changeCadence, endCadence } from "./change-cadence.ts";
export { type Course, comingPeriods, courseOf, type Placed } from "./course.ts";
export { type CadenceContext, getCadence } from "./get-cadence.ts";
export type {
  CadenceEvent,
  CadenceKey,
  CadenceRepository,
  CadenceStore,
  ReviewedPeriods,
} from "./repository.ts";
export { CadenceOverride, ChangeCadence, PartnerCadence } from "./schema.ts";
