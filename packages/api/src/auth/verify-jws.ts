import { type CryptoKey, compactVerify } from "jose";

const MAX_LENGTH = 8192;
/** Would make a verifier fetch, trust or skip something that is not in its own key set. */
const REFUSED_HEADERS = ["b64", "crit", "jku", "jwk", "x5c", "x5u"];

export interface VerifiedJws {
  readonly header: Readonly<Record<string, unknown>>;
  /** Texts as they were signed. */
  readonly headerText: string;
  readonly payloadText: string;
}

/**
 * Verifies a compact JWS (RFC 7515) under one algorithm with a key of ours. Everything that is not
 * the one canonical spelling is refused before any cryptography.
 * @returns undefined where the token is not good, whatever the reason
 */
export async function verifyJws(
  compact: string,
  {
    algorithm,
    keyOf,
  }: {
    readonly algorithm: string;
    readonly keyOf: (
      header: Readonly<Record<string, unknown>>,
    ) => CryptoKey | Uint8Array | undefined;
  },
): Promise<VerifiedJws | undefined> {
  if (compact.length > MAX_LENGTH) return undefined;
  const segments = compact.split(".");
  const [head, body, signature] = segments.map(textOfSegment);
  if (segments.length !== 3 || head === undefined || body === undefined || !signature)
    return undefined;
  const header = parseObject(head);
  if (!header || header["alg"] !== algorithm) return undefined;
  if (REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) return undefined;
  const key = keyOf(header);
  if (!key) return undefined;
  try {
    await compactVerify(compact, key, { algorithms: [algorithm] });
  } catch {
    return undefined;
  }
  return { header, headerText: head, payloadText: body };
}

/** Text of a base64url segment; undefined where another text would decode to the same bytes. */
function textOfSegment(segment: string): string | undefined {
  const bytes = Buffer.from(segment, "base64url");
  return bytes.toString("base64url") === segment ? bytes.toString("utf8") : undefined;
}

export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
