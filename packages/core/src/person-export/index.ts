export { exportPerson, type PersonExportContext, readActivity } from "./export-person.ts";
export { ActivityQuery, OwnActivity, PersonExport } from "./schema.ts";
