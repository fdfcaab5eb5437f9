import { Secret, TOTP } from "otpauth";

/** What authenticator apps know: HMAC-SHA-1, six digits, half a minute (RFC 6238). */
const PERIOD_SECONDS = 30;
const SHAPE = { algorithm: "SHA1", digits: 6, period: PERIOD_SECONDS } as const;
/** One step before and after, for clocks that differ and for the time it takes to type. */
const WINDOW = 1;
/** As long as the hash (RFC 4226, section 4). */
const SECRET_BYTES = 20;
const ISSUER = "Concord";

/** @param random at least 20 random bytes; @returns base32, as people type it where they cannot scan */
export const newTotpSecret = (random: Uint8Array): string =>
  new Secret({ buffer: new Uint8Array(random.subarray(0, SECRET_BYTES)).buffer }).base32;

/** What authenticator apps read as a QR code. @param account shown in the app beside our name */
export const otpauthUri = (secret: string, account: string): string =>
  new TOTP({ ...SHAPE, issuer: ISSUER, label: account, secret }).toString();

/** The time step whose code this is, among the three that are good now; undefined where it is none of theirs. */
export function stepOf(secret: string, code: string, wallNow: Date): number | undefined {
  const timestamp = wallNow.getTime();
  const totp = { ...SHAPE, secret: Secret.fromBase32(secret), token: code, timestamp };
  const delta = TOTP.validate({ ...totp, window: WINDOW });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}
