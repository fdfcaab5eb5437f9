export { type ObjectFolder, openObjectFolder, type StoredObject } from "./object-folder.ts";
export { type ObjectCreatedEvent, type Uploads, type UploadsOptions, uploads } from "./uploads.ts";
