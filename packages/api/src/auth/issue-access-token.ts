import { randomUUID } from "node:crypto";
import {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type PublishedKey,
  signingKeyId,
} from "@concord/core/login";
import { importJWK, SignJWT } from "jose";
import { TransportFailure } from "../http/problem.ts";
import type { SigningKey } from "./signing-key.ts";
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_TYPE } from "./token-claims.ts";

export type IssueToken = (
  claims: AccessClaims,
  published: readonly PublishedKey[],
) => Promise<string>;

/**
 * Signs with the newest key that every verifier knows by now.
 * @param signingKeys oldest first
 * @param wallNow the wall clock; a token lives ten minutes of it
 * @throws TransportFailure unavailable while there is none: all are published, and not for long enough
 */
export function tokenIssuer({
  signingKeys,
  issuer,
  wallNow,
}: {
  readonly signingKeys: readonly SigningKey[];
  readonly issuer: string;
  readonly wallNow: () => Date;
}): IssueToken {
  const imported = new Map<string, ReturnType<typeof importJWK>>();
  const privateKeyOf = (key: SigningKey) => {
    const known = imported.get(key.kid) ?? importJWK(key, TOKEN_ALGORITHM);
    imported.set(key.kid, known);
    return known;
  };
  return async (claims, published) => {
    const now = wallNow();
    const kids = signingKeys.map(({ kid }) => kid);
    const kid = signingKeyId(published, kids, now);
    const key = signingKeys.find((each) => each.kid === kid);
    if (!key) throw new TransportFailure("unavailable");
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT({
      ...claims,
      iss: issuer,
      aud: TOKEN_AUDIENCE,
      iat: issuedAt,
      exp: issuedAt + ACCESS_TOKEN_SECONDS,
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: key.kid })
      .sign(await privateKeyOf(key));
  };
}
