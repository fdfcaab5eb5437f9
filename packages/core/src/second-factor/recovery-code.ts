import type { PersonId } from "../id/index.ts";
import { tokenHash } from "../one-time-token/index.ts";

export const RECOVERY_CODES = 10;
const CODE_BYTES = 10;
/** Base 32 without the letters that are read as another one (Crockford). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 80 random bits, so that nobody guesses one however often they may try. @param random at least 10 bytes */
export function recoveryCode(random: Uint8Array): string {
  const bits = BigInt(`0x${Buffer.from(random.subarray(0, CODE_BYTES)).toString("hex")}`);
  const symbols = Array.from(
    { length: (CODE_BYTES * 8) / 5 },
    (_, at) => ALPHABET[Number((bits >> BigInt(5 * at)) & 31n)],
  );
  return symbols.join("").replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** The same however a person types it. A code of 80 random bits needs no slow hash. */
export const recoveryHash = (personId: PersonId, code: string): string =>
  tokenHash(`${personId}#${code.toUpperCase().replaceAll(/[^0-9A-Z]/g, "")}`);
