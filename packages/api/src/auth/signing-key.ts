import { PublicKey } from "@concord/core/login";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";

/** The private key that signs access tokens, as a JWK (RFC 7517). It comes from the entry point. */
export const SigningKey = PublicKey.extend({
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
export type SigningKey = z.infer<typeof SigningKey>;

const MOST_KEYS = 5;

const SigningKeys = z
  .array(SigningKey)
  .min(1)
  .max(MOST_KEYS)
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length);

/**
 * As a secret holds them: a JSON list, oldest first. To rotate, append a new key and deploy; once it has
 * signed for a while, take the old one out and deploy again. The failure says nothing of the text:
 * parsers quote what they could not read.
 */
export const SigningKeysText = z.string().transform((text, ctx): readonly SigningKey[] => {
  try {
    return SigningKeys.parse(JSON.parse(text));
  } catch {
    ctx.addIssue(
      `must be a JSON list of 1 to ${MOST_KEYS} private RSA keys as JWK, each with a kid of its own, use and alg`,
    );
    return z.NEVER;
  }
});

/** What verifiers may know of it: plain parsing drops the private members. */
export const publicHalf = (key: SigningKey): PublicKey => PublicKey.parse(key);

/** A new RSA key of 2048 bits, named by its thumbprint (RFC 7638). */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return SigningKey.parse({
    ...jwk,
    kid: await calculateJwkThumbprint(jwk),
    use: "sig",
    alg: "RS256",
  });
}
