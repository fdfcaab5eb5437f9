import { DomainError, type ErrorCode, type ErrorKind, errorCatalog } from "@concord/core/error";

/** Exhaustive on purpose: a new kind of failure does not compile until it has a status. */
const statusOf = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  quota: 403,
  "not-found": 404,
  conflict: 409,
  contended: 409,
  stale: 412,
  unprocessable: 422,
  unconditional: 428,
  limited: 429,
} as const satisfies Record<ErrorKind, number>;

/** Failures of the transport, which the domain has no word for. */
export const transportProblems = {
  "method-not-allowed": { status: 405, title: "This address does not take that method" },
  "body-too-large": { status: 413, title: "The request body is larger than 1 MB" },
  "media-type-unsupported": { status: 415, title: "The request body must be application/json" },
  unavailable: { status: 503, title: "Not ready to answer; try again shortly" },
  internal: { status: 500, title: "Something went wrong on our side" },
} as const;
export type TransportCode = keyof typeof transportProblems;

export const problemCodes = [
  ...Object.keys(errorCatalog),
  ...Object.keys(transportProblems),
] as readonly string[];

/** Thrown where the transport or the machinery is at fault, not the request's meaning. */
export class TransportFailure extends Error {
  readonly code: TransportCode;
  constructor(code: TransportCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/** RFC 9457, with our extension members `code`, `requestId` and `errors`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

const MAX_DETAIL = 500;

/** Does not change between stages, and need not resolve. */
const typeOf = (code: string): string => `https://concord.invalid/problems/${code}`;

export const statusOfCode = (code: ErrorCode): number => statusOf[errorCatalog[code].kind];

/** Seconds after which whoever met others may pass. */
const RETRY_CONTENDED_SECONDS = 1;

/** Headers that a failure carries beside its problem. */
export const headersOf = (error: unknown): Readonly<Record<string, string>> =>
  error instanceof DomainError && error.kind === "contended"
    ? { "Retry-After": String(RETRY_CONTENDED_SECONDS) }
    : {};

export function domainProblem(error: DomainError, requestId: string): Problem {
  return {
    type: typeOf(error.code),
    title: error.title,
    status: statusOf[error.kind],
    ...(error.message === error.title ? {} : { detail: error.message.slice(0, MAX_DETAIL) }),
    instance: `urn:concord:request:${requestId}`,
    code: error.code,
    requestId,
    ...(error.places.length > 0
      ? {
          errors: error.places.map((place) => ({
            ...place,
            detail: place.detail.slice(0, MAX_DETAIL),
          })),
        }
      : {}),
  };
}

export function transportProblem(code: TransportCode, requestId: string): Problem {
  const { status, title } = transportProblems[code];
  return {
    type: typeOf(code),
    title,
    status,
    instance: `urn:concord:request:${requestId}`,
    code,
    requestId,
  };
}

export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof DomainError) return domainProblem(error, requestId);
  return transportProblem(error instanceof TransportFailure ? error.code : "internal", requestId);
}
