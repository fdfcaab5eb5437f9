/** What went wrong in terms a caller can act on; HTTP statuses are the api package's business. */
export type ErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "stale"
  | "unconditional"
  | "unprocessable"
  | "limited"
  | "quota";

/** Codes are part of the public API: add and deprecate, never rename. */
export const errorCatalog = {
  "request-invalid": { kind: "invalid", title: "The request is not valid" },
  "cursor-invalid": { kind: "invalid", title: "The cursor does not belong to this list" },
  unauthenticated: { kind: "unauthenticated", title: "A valid access token is required" },
  "permission-denied": { kind: "forbidden", title: "Your role does not permit this" },
  "route-not-found": { kind: "not-found", title: "There is nothing at this address" },
  "version-stale": { kind: "stale", title: "The object has changed since you read it" },
  "version-required": { kind: "unconditional", title: "If-Match is required for this change" },
  "idempotency-key-reused": {
    kind: "unprocessable",
    title: "The Idempotency-Key was used with another request",
  },

  "partner-not-found": { kind: "not-found", title: "Partner not found" },
  "partner-name-taken": { kind: "conflict", title: "A partner of this name exists" },
} as const satisfies Record<string, { kind: ErrorKind; title: string }>;

export type ErrorCode = keyof typeof errorCatalog;
