import { type ErrorCode, type ErrorKind, errorCatalog } from "./catalog.ts";

/** One place of a bad input: a JSON pointer (RFC 6901) into the request, or `row n, column c` of a file. */
export interface ErrorPlace {
  readonly pointer: string;
  readonly detail: string;
}

/** A failure the domain has a word for; everything else that is thrown is unknown. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly title: string;
  readonly places: readonly ErrorPlace[];

  constructor(code: ErrorCode, detail?: string, places: readonly ErrorPlace[] = []) {
    const { kind, title } = errorCatalog[code];
    super(detail ?? title);
    this.code = code;
    this.kind = kind;
    this.title = title;
    this.places = places;
  }
}

/** @throws DomainError always, so that TypeScript narrows after it. */
export function raise(code: ErrorCode, detail?: string, places?: readonly ErrorPlace[]): never {
  throw new DomainError(code, detail, places);
}
