import { randomUUID } from "node:crypto";
import { ACCESS_TOKEN_SECONDS, type AccessClaims } from "@concord/core/login";
import { importJWK, SignJWT } from "jose";
import type { SigningKey } from "./signing-key.ts";
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_TYPE } from "./token-claims.ts";

/** @param wallNow the wall clock; a token lives ten minutes of it */
export function tokenIssuer({
  signingKey,
  issuer,
  wallNow,
}: {
  readonly signingKey: SigningKey;
  readonly issuer: string;
  readonly wallNow: () => Date;
}): (claims: AccessClaims) => Promise<string> {
  let imported: ReturnType<typeof importJWK> | undefined;
  return async (claims) => {
    imported ??= importJWK(signingKey, TOKEN_ALGORITHM);
    const issuedAt = Math.floor(wallNow().getTime() / 1000);
    return new SignJWT({
      ...claims,
      iss: issuer,
      aud: TOKEN_AUDIENCE,
      iat: issuedAt,
      exp: issuedAt + ACCESS_TOKEN_SECONDS,
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid: signingKey.kid })
      .sign(await imported);
  };
}
