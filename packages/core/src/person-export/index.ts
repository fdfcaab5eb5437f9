export { exportPerson, type PersonExportContext, readActivity } from "./export-person.ts";
export { Activity, ActivityQuery, PersonExport } from "./schema.ts";
