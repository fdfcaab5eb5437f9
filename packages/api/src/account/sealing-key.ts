import { hkdfSync } from "node:crypto";

const KEY_BYTES = 32;

/** A key of its own for each kind of secret, so that nothing that the token secret signs is ever a key that seals. */
export const sealingKey = (tokenSecret: Uint8Array, what: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", tokenSecret, "", what, KEY_BYTES));
