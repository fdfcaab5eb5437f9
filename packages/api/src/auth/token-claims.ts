import { AccessClaims } from "@concord/core/login";
import { z } from "zod";

export const TOKEN_TYPE = "at+jwt";
export const TOKEN_ALGORITHM = "RS256";
export const TOKEN_AUDIENCE = "concord-api";

/** The claims of an access token (RFC 9068) as we write them; anything else was not written by us. */
export const TokenClaims = z.strictObject({
  ...AccessClaims.shape,
  iss: z.string(),
  aud: z.literal(TOKEN_AUDIENCE),
  iat: z.number().int(),
  exp: z.number().int(),
  jti: z.uuid(),
});
export type TokenClaims = z.infer<typeof TokenClaims>;
