import { createHash, timingSafeEqual } from "node:crypto";
import { argon2id } from "hash-wasm";

/** OWASP's second choice for Argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/**
 * Argon2id as a PHC string. The salt comes from `owner`, the person's id, so that a log-in costs the
 * same one computation whoever it is, known or not.
 */
export type HashPassword = (password: string, owner: string) => Promise<string>;

/** What makes passwords into hashes, where it is another than Argon2id. */
export interface PasswordHashing {
  readonly hashPassword?: HashPassword;
}

export const hashPassword: HashPassword = (password, owner) =>
  argon2id({
    password: password.normalize("NFKC"),
    salt: createHash("sha256").update(`password-salt:${owner}`).digest().subarray(0, SALT_BYTES),
    memorySize: MEMORY_KIB,
    iterations: PASSES,
    parallelism: LANES,
    hashLength: HASH_BYTES,
    outputType: "encoded",
  });

/** Compares in constant time; a person without a password has none that matches. */
export function isPasswordOf(
  person: { readonly passwordHash: string | null } | undefined,
  hash: string,
): boolean {
  const stored = Buffer.from(person?.passwordHash ?? "");
  const given = Buffer.from(hash);
  return stored.length === given.length && timingSafeEqual(stored, given);
}
