import { raise } from "@concord/core/error";
import { ACCESS_TOKEN_SECONDS, AccessClaims } from "@concord/core/login";
import type { CryptoKey } from "jose";
import { TOKEN_ALGORITHM, TOKEN_TYPE, TokenClaims } from "./token-claims.ts";
import { parseObject, verifyJws } from "./verify-jws.ts";

/** How far the clocks of two of our own machines may be apart. */
const CLOCK_SKEW_SECONDS = 30;

/** As many tokens as are remembered under one key set, before it starts anew. */
const MOST_REMEMBERED = 1_000;

/**
 * What tokens say whose signature was verified with a key set: that cannot change, and a fresh set knows none of it.
 * Whether a token is good now is asked each time.
 */
const signed = new WeakMap<ReadonlyMap<string, CryptoKey>, Map<string, TokenClaims>>();

/** @throws DomainError unauthenticated */
async function signedClaims(
  token: string,
  keys: ReadonlyMap<string, CryptoKey>,
): Promise<TokenClaims> {
  const known = signed.get(keys) ?? new Map<string, TokenClaims>();
  signed.set(keys, known);
  const before = known.get(token);
  if (before) return before;
  const verified = await verifyJws(token, {
    algorithm: TOKEN_ALGORITHM,
    keyOf: ({ kid }) => (typeof kid === "string" ? keys.get(kid) : undefined),
  });
  if (!verified) raise("unauthenticated");
  const { kid } = verified.header;
  const expected = JSON.stringify({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid });
  if (verified.headerText !== expected) raise("unauthenticated");

  const payload = parseObject(verified.payloadText);
  if (JSON.stringify(payload) !== verified.payloadText) raise("unauthenticated");
  const claims = TokenClaims.safeParse(payload);
  if (!claims.success) raise("unauthenticated");
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(token, claims.data);
  return claims.data;
}

/**
 * The claims of an access token that we issued and that is good now. A token is accepted only in the
 * exact text that we would write, so that doubled members, spaces and further headers have no way in.
 * @throws DomainError unauthenticated
 */
export async function verifyAccessToken(
  token: string,
  {
    keys,
    issuer,
    wallNow,
  }: {
    readonly keys: ReadonlyMap<string, CryptoKey>;
    readonly issuer: string;
    readonly wallNow: Date;
  },
): Promise<AccessClaims> {
  const claims = await signedClaims(token, keys);
  const { iss, iat, exp } = claims;
  const now = wallNow.getTime() / 1000;
  const isGood =
    iss === issuer &&
    exp > now &&
    iat <= now + CLOCK_SKEW_SECONDS &&
    exp - iat <= ACCESS_TOKEN_SECONDS;
  if (!isGood) raise("unauthenticated");
  return AccessClaims.parse(claims);
}
