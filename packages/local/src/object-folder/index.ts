export { downloads } from "./downloads.ts";
export { type ObjectFolder, openObjectFolder } from "./object-folder.ts";
export { type ObjectCreatedEvent, uploads } from "./uploads.ts";
