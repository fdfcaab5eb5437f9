import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What a token is good for; one of another purpose never matches. */
export type TokenPurpose =
  | "invitation"
  | "login-link"
  | "refresh"
  | "sign-up"
  | "sso-browser"
  | "sso-nonce"
  | "sso-verifier";

/**
 * The 256-bit token of one use, as base64url (43 characters). It is derived (HMAC-SHA256), so that
 * whoever sends it later can make it again and nothing but its hash is ever stored.
 * @param secret at least 32 bytes, never in the table
 * @param subject what the token belongs to, such as an invitation's id
 * @param generation counts the tokens of one subject; a new one makes the last one useless
 */
export const oneTimeToken = (
  secret: Uint8Array,
  purpose: TokenPurpose,
  subject: string,
  generation: number,
): string =>
  createHmac("sha256", secret)
    .update(JSON.stringify([purpose, subject, generation]))
    .digest("base64url");

/** What is stored of a token: SHA-256 as base64url. A token of 256 random bits needs no salt. */
export const tokenHash = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

/** Compares in constant time. */
export function isTokenOf(storedHash: string, token: string): boolean {
  const stored = Buffer.from(storedHash);
  const given = Buffer.from(tokenHash(token));
  return stored.length === given.length && timingSafeEqual(stored, given);
}
