export type { SecurityEventRepository } from "./repository.ts";
export { SecurityEvent, SecurityEventKind, SecurityEventView } from "./schema.ts";
export { securityEvent, type Where } from "./security-event.ts";
