import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** 32 random bytes in base64, as the environment holds them. */
export const VaultKey = z
  .base64()
  .transform((text) => Buffer.from(text, "base64"))
  .refine((key) => key.length === KEY_BYTES, `must be ${KEY_BYTES} bytes in base64`);

/** Seals a secret for its row, and opens it again. */
export interface Vault {
  seal(secret: string): string;
  /** @throws Error where the text was not sealed with this vault's key for this owner */
  open(sealed: string): string;
}

/**
 * AES-256-GCM; the sealed text is nonce, tag and ciphertext in base64url.
 * @param key 32 bytes
 * @param owner whose secrets these are: what was sealed for another does not open
 */
export const openVault = (key: Uint8Array, owner = ""): Vault => ({
  seal(secret) {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce);
    cipher.setAAD(Buffer.from(owner));
    const hidden = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString("base64url");
  },

  open(sealed) {
    const bytes = Buffer.from(sealed, "base64url");
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const hidden = bytes.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(hidden), decipher.final()]).toString("utf8");
  },
});
