export {
  type ClassifiedPlaces,
  classified,
  classifiedMembers,
  classifiedPlaces,
} from "./classified.ts";
export {
  type Classes,
  classesOf,
  decide,
  type Handling,
  narrowest,
  saidIn,
  tenantClass,
} from "./handling.ts";
export {
  Classification,
  type ClassifiedField,
  ClassifiedRecord,
  classifiedFields,
  classifiedRecords,
  derivedFrom,
  InformationName,
  information,
  partsOf,
  usualClass,
} from "./information.ts";
export { type Disclosure, type Looking, type Revealed, reveal } from "./reveal.ts";
