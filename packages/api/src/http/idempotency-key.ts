import { createHash } from "node:crypto";
import { raise } from "@concord/core/error";

const MAX_LENGTH = 255;

/** The key as given, quoted (RFC 8941 string) or bare. @throws DomainError request-invalid */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (key.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(key)) {
    raise(
      "request-invalid",
      `Idempotency-Key must be 1 to ${MAX_LENGTH} visible ASCII characters`,
      [{ pointer: "header:Idempotency-Key", detail: "not a valid key" }],
    );
  }
  return key;
}

export const digestOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
