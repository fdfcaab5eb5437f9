export { type ObjectFolder, openObjectFolder } from "./object-folder.ts";
export { type ObjectCreatedEvent, type Uploads, uploads } from "./uploads.ts";
