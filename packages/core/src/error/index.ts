export { type ErrorCode, type ErrorKind, errorCatalog } from "./catalog.ts";
export { DomainError, type ErrorPlace, raise } from "./domain-error.ts";
export { UnreadableRow } from "./unreadable-row.ts";
