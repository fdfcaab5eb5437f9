import { raise } from "@concord/core/error";
import { ACCESS_TOKEN_SECONDS, AccessClaims } from "@concord/core/login";
import type { CryptoKey } from "jose";
import { TOKEN_ALGORITHM, TOKEN_TYPE, TokenClaims } from "./token-claims.ts";
import { parseObject, verifyJws } from "./verify-jws.ts";

/** How far the clocks of two of our own machines may be apart. */
const CLOCK_SKEW_SECONDS = 30;

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
  const { iss, iat, exp } = claims.data;
  const now = wallNow.getTime() / 1000;
  const isGood =
    iss === issuer &&
    exp > now &&
    iat <= now + CLOCK_SKEW_SECONDS &&
    exp - iat <= ACCESS_TOKEN_SECONDS;
  if (!isGood) raise("unauthenticated");
  return AccessClaims.parse(claims.data);
}
