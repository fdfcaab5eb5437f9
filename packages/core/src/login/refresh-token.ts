import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { LoginSessionId, TenantId } from "../id/index.ts";
import { oneTimeToken } from "../one-time-token/index.ts";
import { MembershipId } from "../person/index.ts";

/** Where the session of a refresh token is, and which of its tokens this is. */
const RefreshTokenPlace = z.tuple([
  TenantId,
  MembershipId,
  LoginSessionId,
  z.number().int().nonnegative(),
]);

export interface RefreshToken {
  readonly tenantId: TenantId;
  readonly membershipId: MembershipId;
  readonly sessionId: LoginSessionId;
  /** 0 at log-in, one more with each refresh. */
  readonly generation: number;
}

const MAX_LENGTH = 512;

const secretOf = (key: Uint8Array, token: RefreshToken): string => {
  const { tenantId, membershipId, sessionId, generation } = token;
  return oneTimeToken(key, "refresh", [tenantId, membershipId, sessionId].join("#"), generation);
};

/**
 * The text of a refresh token: where its session is, and 256 bits that only the holder of the key
 * can make (HMAC-SHA256). The same session and generation always give the same text, so that a client
 * that lost an answer gets the same successor and nothing but a hash is stored.
 */
export function refreshTokenText(key: Uint8Array, token: RefreshToken): string {
  const { tenantId, membershipId, sessionId, generation } = token;
  const place = JSON.stringify([tenantId, membershipId, sessionId, generation]);
  return `${Buffer.from(place).toString("base64url")}.${secretOf(key, token)}`;
}

/** @returns undefined where we never made this text; nothing is read to tell */
export function parseRefreshToken(key: Uint8Array, text: string): RefreshToken | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [place = ""] = text.split(".");
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(place, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
  const known = RefreshTokenPlace.safeParse(parsed);
  if (!known.success) return undefined;
  const [tenantId, membershipId, sessionId, generation] = known.data;
  const token = { tenantId, membershipId, sessionId, generation };
  const [expected, given] = [Buffer.from(refreshTokenText(key, token)), Buffer.from(text)];
  const isOurs = expected.length === given.length && timingSafeEqual(expected, given);
  return isOurs ? token : undefined;
}
